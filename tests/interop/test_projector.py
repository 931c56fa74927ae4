"""The projector's directory, read by TensorBoard's own plugin, and its pictures where it looks for them."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import wordsight as ws
from wordsight.errors import DataError, ParameterError, WriteError

projector = pytest.importorskip("tensorboard.plugins.projector.projector_plugin")


def served(directory: Path) -> dict[str, Any]:
    """What TensorBoard's server gives the page of the projector."""
    from tensorboard.plugins import base_plugin
    from werkzeug.test import Client

    plugin = projector.ProjectorPlugin(base_plugin.TBContext(logdir=str(directory)))
    apps = plugin.get_plugin_apps()
    assert Client(apps["/runs"]).get("/runs").json == ["."]

    def get(name: str) -> Any:
        return Client(apps[name]).get(f"{name}?run=.&name=words&num_rows=100000")

    config = json.loads(Client(apps["/info"]).get("/info?run=.").text)
    tensor = np.frombuffer(get("/tensor").data, np.float32)
    return {
        "config": config["embeddings"][0],
        "matrix": tensor.reshape(config["embeddings"][0]["tensorShape"]),
        "metadata": get("/metadata").text,
        "sprite": get("/sprite_image").data,
    }


@pytest.fixture
def vectors() -> ws.WordVectors:
    words = [f"word {n}" for n in range(12)]
    return ws.WordVectors(words, np.random.default_rng(0).standard_normal((12, 4)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pictures 0.png to 10.png, each of a red of its own, twice as wide as high."""
    (tmp_path / "images").mkdir()
    for n in range(11):
        Image.new("RGB", (40, 20), (20 * n, 0, 0)).save(tmp_path / "images" / f"{n}.png")
    return tmp_path / "images"


def lexicon(words: list[str]) -> ws.VisualLexicon:
    """Word n has the picture n."""
    features = ws.ImageFeatures([f"{n}.png" for n in range(12)], np.eye(12))
    return ws.VisualLexicon.from_pairs([(word, f"{n}.png") for n, word in enumerate(words)], features)


def test_tensorboard_gets_the_words_and_the_same_numbers(tmp_path: Path, vectors: ws.WordVectors) -> None:
    assert ws.to_projector(vectors, tmp_path / "run", limit=5) == 5
    found = served(tmp_path / "run")
    np.testing.assert_array_equal(found["matrix"], vectors.matrix[:5])
    assert found["metadata"].splitlines() == vectors.words[:5]
    assert "sprite" not in found["config"]


def test_each_word_has_its_picture_in_the_sprite(tmp_path: Path, vectors: ws.WordVectors, folder: Path) -> None:
    (folder / "3.png").write_bytes(b"broken")
    backwards = vectors.words[::-1]  # word 11 has the picture 0, and word 0 the picture 11, of which there is no file
    n = ws.to_projector(vectors, tmp_path / "run", lexicon=lexicon([*backwards[:-1], "other"]), images=folder)
    assert n == 11
    found = served(tmp_path / "run")
    assert found["metadata"].splitlines() == vectors.words[1:]
    np.testing.assert_array_equal(found["matrix"], vectors.matrix[1:])
    with Image.open(io.BytesIO(found["sprite"])) as sprite:
        pixels = np.asarray(sprite)
    width, height = found["config"]["sprite"]["singleImageDim"]
    assert pixels.shape == (4 * height, 4 * width, 3) and width == height == 64
    for number in range(16):
        cell = pixels[number // 4 * 64 :, number % 4 * 64 :][:64, :64]
        picture = 10 - number
        expected = [20 * picture, 0, 0] if number < 11 and picture != 3 else [255, 255, 255]
        assert cell[32, 32].tolist() == expected
        assert cell[5, 32].tolist() == [255, 255, 255]  # a picture keeps its proportions


def test_many_pictures_stay_within_the_limit_of_browsers(tmp_path: Path, folder: Path) -> None:
    words = [str(n) for n in range(129 * 128)]
    vectors = ws.WordVectors(words, np.ones((len(words), 1)))
    features = ws.ImageFeatures(["0.png"], np.eye(1))
    one = ws.VisualLexicon.from_pairs([(word, "0.png") for word in words], features)
    ws.to_projector(vectors, tmp_path / "run", lexicon=one, images=folder)
    assert "single_image_dim: 63" in (tmp_path / "run/projector_config.pbtxt").read_text()
    with Image.open(tmp_path / "run/sprite.png") as sprite:
        assert sprite.size == (129 * 63, 129 * 63)


def test_several_languages_are_a_column_to_colour_by(tmp_path: Path) -> None:
    ws.to_projector(ws.WordVectors(["en:goose", "de:Gans"], np.eye(2)), tmp_path / "run")
    assert served(tmp_path / "run")["metadata"] == "word\tlanguage\nen:goose\ten\nde:Gans\tde\n"


def test_what_cannot_be_written(tmp_path: Path, vectors: ws.WordVectors, folder: Path) -> None:
    with pytest.raises(ParameterError, match="keeps at most 100000 points"):
        ws.to_projector(vectors, tmp_path / "run", limit=100_001)
    with pytest.raises(ParameterError, match="need both"):
        ws.to_projector(vectors, tmp_path / "run", images=folder)
    with pytest.raises(DataError, match="no word has a picture"):
        ws.to_projector(vectors, tmp_path / "run", lexicon=lexicon(["other"]), images=folder)
    with pytest.raises(DataError, match="has a tab or line end"):
        ws.to_projector(ws.WordVectors(["a\tb"], np.eye(1)), tmp_path / "run")
    assert not (tmp_path / "run").exists()
    with pytest.raises(WriteError, match="was not written by wordsight"):
        ws.to_projector(vectors, folder)
    ws.to_projector(vectors, tmp_path / "run")
    ws.to_projector(vectors, tmp_path / "run", limit=3)
    assert len((tmp_path / "run/metadata.tsv").read_text().splitlines()) == 3
