"""Emoji World, as shipped."""

from __future__ import annotations

import importlib.util
import time
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import wordsight.datasets.emoji_world as package
from wordsight.datasets.emoji_world import VENDORS, EmojiWorld, emoji_world, shipped_languages
from wordsight.errors import ParameterError, UnknownNameError
from wordsight.grounding.emoji import read_annotations
from wordsight.papers.standard_data import standard_lexicon

HERE = Path(package.__file__).parent
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def world() -> EmojiWorld:
    return emoji_world()


def test_size_and_languages() -> None:
    shipped = [p for p in HERE.rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    assert sum(p.stat().st_size for p in shipped) <= 4_000_000
    assert len(shipped_languages()) >= 30
    assert {"en", "de", "fr", "es", "sw", "ja", "ar", "zh", "hi"} <= set(shipped_languages())


def test_loads_fast() -> None:
    emoji_world(["en"])  # what is imported once does not count
    start = time.perf_counter()
    emoji_world(["en", "sw", "ja", "ar"])
    assert time.perf_counter() - start < 0.5


def test_features(world: EmojiWorld) -> None:
    features = world.features
    assert features.sources is not None
    assert features.matrix.shape == (1577 + 1577 + 1555, 256) and features.matrix.dtype == np.float16
    assert {"noto/😀", "twitter/😀", "fluent/😀"} <= set(features.ids)
    assert all(image.split("/")[0] == source for image, source in zip(features.ids, features.sources, strict=True))
    for vendor in VENDORS:
        rows = [i for i, source in enumerate(features.sources) if source == vendor]
        mean = features.matrix[rows].astype(float).mean(axis=0)
        assert np.abs(mean).max() < 1e-3  # centred per vendor
    gram = features.matrix.astype(float).T @ features.matrix.astype(float)
    spread = np.diag(gram)
    assert np.all(np.diff(spread) <= 1e-3 * spread[0])  # principal components: in order, and uncorrelated
    assert np.abs(gram - np.diag(spread)).max() < 1e-3 * spread[0]


def test_drawings_of_one_emoji_look_alike(world: EmojiWorld) -> None:
    """Another vendor's drawing of the same emoji is the nearest far more often than chance (1 in 1,577)."""
    noto = [f"noto/{e}" for e in world.categories]
    twitter = [f"twitter/{e}" for e in world.categories]
    a, b = (world.features.matrix[world.features.rows(ids)].astype(np.float32) for ids in (noto, twitter))
    a, b = a / np.linalg.norm(a, axis=1, keepdims=True), b / np.linalg.norm(b, axis=1, keepdims=True)
    assert ((a @ b.T).argmax(axis=1) == np.arange(len(a))).mean() > 0.3


def test_names_and_categories(world: EmojiWorld) -> None:
    assert world.names("en")["🦆"] == "duck" and world.names("de")["🦆"] == "Ente"
    assert world.names("fr")["🐈"] == "chat" and world.names("es")["🐈"] == "gato"
    assert world.categories["🦆"] == ("Animals & Nature", "animal-bird")
    assert len(world.categories) == 1577
    assert world.languages == ("en", "de", "fr", "es")


def test_captions(world: EmojiWorld) -> None:
    english = world.captions(["en"], ["noto"])
    assert set(english.languages or ()) == {"en"}
    assert {world.features.ids[row].split("/")[0] for row in english.image_rows} == {"noto"}
    duck = world.features.rows(["noto/🦆"])[0]
    queries = [c for c, row in zip(english.captions, english.image_rows, strict=True) if row == duck]
    assert sorted(queries) == ["animal", "bird", "duck", "duck", "ornithology"], "name and keyword alike"
    everything = world.captions()
    assert set(everything.languages or ()) == {"en", "de", "fr", "es"}
    assert np.all(everything.weights == 1)
    assert len(np.unique(everything.image_rows)) == len(world.features)


def test_some_vendors_only() -> None:
    world = emoji_world(["en"], vendors=["fluent", "noto"])
    assert world.features.sources == ["noto"] * 1577 + ["fluent"] * 1555
    whole = emoji_world(["en"])
    picked = whole.features.matrix[whole.features.rows(world.features.ids)]
    np.testing.assert_array_equal(world.features.matrix, picked)
    assert set(world.depicts("fluent").values()) < set(world.categories)
    with pytest.raises(UnknownNameError, match="twitter"):
        world.captions(vendors=["twitter"])


def test_unknown_names(world: EmojiWorld) -> None:
    with pytest.raises(UnknownNameError, match="unknown language 'xx'; shipped are am ar bg"):
        emoji_world(["en", "xx"])
    with pytest.raises(UnknownNameError, match="did you mean 'fil'"):
        emoji_world(["fill"])
    with pytest.raises(UnknownNameError, match="unknown vendor 'apple'; there are noto, twitter, fluent"):
        emoji_world(vendors=["apple"])
    with pytest.raises(UnknownNameError, match="'it'; loaded are en de fr es"):
        world.names("it")
    with pytest.raises(UnknownNameError, match="'it'"):
        world.captions(["it"])
    for nothing in ((), "en"):
        with pytest.raises(ParameterError, match="lists of at least one"):
            emoji_world(nothing)


def load_tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_emoji_world", ROOT / "tools/build_emoji_world.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.data
def test_rebuilt_byte_for_byte(data: Path, tmp_path: Path) -> None:
    load_tool().main(data, tmp_path)
    built = sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*") if p.is_file())
    assert len(built) == 2 + len(shipped_languages())
    for path in built:
        assert (tmp_path / path).read_bytes() == (HERE / path).read_bytes(), path


@pytest.mark.data
def test_every_annotation_of_the_source_is_there(data: Path) -> None:
    languages = ["en", "ja", "zu"]
    source = {(a.language, a.emoji): a for a in read_annotations(data / "labels/emoji_annotations.tsv", languages)}
    shipped = {(a.language, a.emoji): a for a in emoji_world(languages).annotations}
    assert shipped == source


@pytest.mark.data
def test_standard_lexicon(data: Path) -> None:
    lexicon = standard_lexicon(data)
    sources = lexicon.features.sources
    assert sources is not None
    goose = {sources[row] for row in lexicon.images("goose")}
    assert goose >= {"tiny", "emoji-noto", "emoji-twitter", "emoji-fluent"}
    assert {"imagenet", "tiny", "emoji-noto"} <= {sources[row] for row in lexicon.images("bird")}
    assert {"stamps", "emoji-noto"} <= {sources[row] for row in lexicon.images("penguin")}
    assert len(lexicon.images("animal")) > len(lexicon.images("bird")) > len(lexicon.images("goose"))
    assert "the" not in lexicon and "with" not in lexicon
    assert lexicon.mean_features().shape == (len(lexicon), 2 * 1280)
