"""A browser, and an explorer of drawn shapes in four languages that it looks at."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

pytest.importorskip("playwright.sync_api")
pytest.importorskip("starlette")
pytest.importorskip("uvicorn")

from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.explore.browser.running import Explorer, Watch

from wordsight.explore.collection import Collection
from wordsight.explore.opening import open_collection
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.images.features import ImageFeatures
from wordsight.vectors.word_vectors import WordVectors

expect.set_options(timeout=20_000)

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OFFLINE = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
DRAWN = ["--headless", "--no-sandbox", "--disable-gpu", "--use-gl=angle", "--use-angle=swiftshader"]
BROKEN = "blue-square.png"

NAMES = {
    "red": {"en": "red", "de": "rot", "ar": "أحمر", "ja": "赤"},
    "green": {"en": "green", "de": "grün", "ar": "أخضر", "ja": "緑"},
    "blue": {"en": "blue", "de": "blau", "ar": "أزرق", "ja": "青"},
    "circle": {"en": "circle", "de": "kreis", "ar": "دائرة", "ja": "円"},
    "square": {"en": "square", "de": "quadrat", "ar": "مربع", "ja": "四角"},
}
"""What is drawn → its name in each language."""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A browser that may ask nobody but the explorer."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*DRAWN, *OFFLINE])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def drawings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Circles and squares in three colours."""
    folder = tmp_path_factory.mktemp("drawings")
    for colour in ("red", "green", "blue"):
        for shape in ("circle", "square"):
            image = Image.new("RGB", (200, 160), "white")
            draw = ImageDraw.Draw(image)
            (draw.ellipse if shape == "circle" else draw.rectangle)((50, 30, 150, 130), fill=colour)
            image.save(folder / f"{colour}-{shape}.png")
    return folder


@pytest.fixture(scope="session")
def lexicon(drawings: Path) -> VisualLexicon:
    """Each name of a colour or shape → the drawings that show it."""
    pytest.importorskip("efficientnet_lite_pytorch")
    features = ImageFeatures.extract(drawings, "efficientnet-lite0", workers=1)
    shown = [(name, i) for i in features.ids for name in Path(i).stem.split("-")]
    tagged = [(f"{code}:{NAMES[name][code]}", i) for name, i in shown for code in NAMES[name]]
    return VisualLexicon.from_pairs(tagged, features)


@pytest.fixture(scope="session")
def seeing(lexicon: VisualLexicon) -> WordVectors:
    """Words that lie where their drawings do; centred, with a little noise that tells languages apart."""
    features = np.asarray(lexicon.features.matrix, dtype=np.float64)
    noise = np.random.default_rng(0).normal(size=(len(lexicon.words), features.shape[1]))
    matrix = lexicon.mean_features(features - features.mean(axis=0))
    return WordVectors(lexicon.words, matrix + 0.1 * matrix.std() * noise)


@pytest.fixture(scope="session")
def other() -> WordVectors:
    """A model of other words and dimensions: English colours alone, and some that have no drawing."""
    words = ["en:red", "en:green", "en:blue", "en:purple", "en:orange", "en:yellow", "en:white", "en:black"]
    return WordVectors(words, np.random.default_rng(1).normal(size=(len(words), 7)))


@pytest.fixture(scope="session")
def collection(
    seeing: WordVectors,
    other: WordVectors,
    lexicon: VisualLexicon,
    drawings: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Collection:
    """Both models with the drawings, one of which is broken."""
    folder, broken = tmp_path_factory.mktemp("models"), tmp_path_factory.mktemp("shown")
    shutil.copytree(drawings, broken, dirs_exist_ok=True)
    (broken / BROKEN).write_bytes(b"no picture")
    seeing.save(folder / "seeing")
    other.save(folder / "other")
    return open_collection(
        [folder / "seeing", folder / "other"], features=lexicon.features, lexicon=lexicon, folder=broken, title="shapes"
    )


@pytest.fixture(scope="session")
def explorer(collection: Collection) -> Iterator[Explorer]:
    served = Explorer(collection)
    yield served
    served.stop()


@pytest.fixture
def page(chromium: Browser, explorer: Explorer) -> Iterator[Page]:
    """An empty page of the explorer's browser; afterwards it must have asked nobody else, and complained of nothing."""
    context = chromium.new_context(base_url=explorer.address, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(20_000)
    page = context.new_page()
    watch = Watch(page)
    yield page
    context.close()
    assert watch.complaints == []
    assert watch.hosts <= {explorer.address.removeprefix("http://").strip("/")}
