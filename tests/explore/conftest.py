"""A tiny collection with pictures, and a server of it that is asked as a browser, or as somebody hostile, asks."""

from __future__ import annotations

import faulthandler
import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("starlette")
pytest.importorskip("uvicorn")

from wordsight.explore import application, pictures
from wordsight.explore.collection import Collection
from wordsight.explore.pictures import Pictures
from wordsight.explore.server import Server
from wordsight.explore.space import Space
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.images.encoders.base import ImageEncoder
from wordsight.images.features import ImageFeatures
from wordsight.vectors.word_vectors import WordVectors

WORDS = ["en:goose", "en:duck", "en:bird", "en:car", "en:gift", "de:gans", "de:ente", "de:auto", "de:gift", "de:straße"]
DIM = 6
COLOURS = {"goose": "white", "duck": "yellow", "car": "red"}


class Reply(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Served:
    """A running server.

    Attributes:
        host: where it listens.
        port: the port.
        collection: what it serves.
        address: what a browser opens.
    """

    def __init__(self, collection: Collection, **how: Any) -> None:
        self.collection = collection
        self._server = Server(collection, port=0, **how)
        self.address = self._server.address
        self.port = int(self.address.partition("://")[2].partition("/")[0].rpartition(":")[2])
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return Reply(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def get(self, path: str, headers: dict[str, str] | None = None) -> Reply:
        return self.request("GET", path, headers=headers)

    def ask(self, path: str) -> Any:
        """The JSON of an answer that must be one."""
        reply = self.get(path)
        assert reply.status == 200, reply
        return reply.json

    def raw(self, data: bytes, *, end: bool = False, timeout: float = 30) -> bytes:
        """All that comes back to some bytes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            connection.sendall(data)
            if end:
                connection.shutdown(socket.SHUT_WR)
            found = b""
            while part := connection.recv(65536):
                found += part
            return found

    def stop(self) -> None:
        self._server.stop()
        self._thread.join(60)
        if self._thread.is_alive():
            faulthandler.dump_traceback(all_threads=True)  # says what it waits for
        assert not self._thread.is_alive(), "the server does not end"


@pytest.fixture(scope="session")
def vectors() -> WordVectors:
    return WordVectors(WORDS, np.random.default_rng(0).normal(size=(len(WORDS), DIM)))


@pytest.fixture(scope="session")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two files of one colour for each of three words, and one file that is no image."""
    folder = tmp_path_factory.mktemp("photos")
    for word, colour in COLOURS.items():
        for i in range(2):
            Image.new("RGB", (300, 200), colour).save(folder / f"{word}{i}.png")
    (folder / "broken.png").write_bytes(b"not a picture")
    return folder


@pytest.fixture(scope="session")
def features() -> ImageFeatures:
    """Features of the photos, of the broken one, and of one without a file."""
    ids = [f"{word}{i}.png" for word in COLOURS for i in range(2)]
    matrix = np.random.default_rng(1).normal(size=(8, 5))
    return ImageFeatures([*ids, "broken.png", "../secret.png"], matrix, encoder="efficientnet-lite0")


class MeanColours(ImageEncoder):
    """An encoder of five features: the mean of red, green and blue, and two ones."""

    name, fingerprint, n_features = "efficientnet-lite0", "tiny", 5

    def preprocess(self, image: Image.Image) -> np.ndarray:
        return np.asarray(image.resize((4, 4)), dtype=np.float32)

    def encode(self, images: np.ndarray) -> np.ndarray:
        return np.concatenate([images.mean(axis=(1, 2)) / 255, np.ones((len(images), 2))], axis=1).astype(np.float32)


@pytest.fixture(scope="session")
def encoder() -> Iterator[MeanColours]:
    """Stands in place of the network that the name belongs to."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pictures, "image_encoder", lambda name: MeanColours())
        yield MeanColours()


@pytest.fixture(scope="session")
def lexicon(features: ImageFeatures) -> VisualLexicon:
    tagged = {"goose": ["en:goose", "de:gans", "en:bird"], "duck": ["en:duck", "de:ente", "en:bird"], "car": ["en:car"]}
    pairs = [(word, f"{thing}{i}.png") for thing, words in tagged.items() for word in words for i in range(2)]
    return VisualLexicon.from_pairs(pairs, features)


@pytest.fixture(scope="session")
def projection() -> Callable[[ImageFeatures], np.ndarray]:
    """A linear map of features into the space."""
    matrix = np.random.default_rng(2).normal(size=(5, DIM)).astype(np.float32)
    return lambda features: np.asarray(features.matrix, dtype=np.float32) @ matrix


@pytest.fixture(scope="session")
def collection(
    vectors: WordVectors,
    features: ImageFeatures,
    lexicon: VisualLexicon,
    photos: Path,
    projection: Callable[[ImageFeatures], np.ndarray],
) -> Collection:
    """Two models of the same words; the first sees pictures, the second has other vectors."""
    executor = ThreadPoolExecutor(2)
    shown = Pictures(features, lexicon, photos, title="photos")
    other = WordVectors(WORDS, np.random.default_rng(3).normal(size=(len(WORDS), 4)))
    counts = {word: 100 - i for i, word in enumerate(WORDS)}
    spaces = [
        Space("seeing", "iesg", vectors, executor, counts=counts, entries=shown.entries(vectors)),
        Space("blind", "sgns", other, executor, entries=shown.entries(other)),
    ]
    ratings = {"goose": 4.9, "gift": 4.1}
    return Collection(spaces, executor, pictures=shown, projections=[projection, None], concreteness=ratings)


@pytest.fixture(scope="session")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page in place of the built one."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "index.html").write_text("<!doctype html><title>explorer</title><script src=app.js></script>")
    (folder / "app.js").write_text("fetch('api/info')")
    return folder


@pytest.fixture(scope="session")
def own_page(page: Path) -> Iterator[None]:
    """The built page is not needed here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(application, "PAGE", page)
        yield


@pytest.fixture(scope="session")
def served(collection: Collection, own_page: None, encoder: MeanColours) -> Iterator[Served]:
    server = Served(collection)
    yield server
    server.stop()
