"""What notebooks show: tables with bars and pictures, and no text that becomes HTML."""

from __future__ import annotations

import base64
import io
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import wordsight as ws
from wordsight.notebooks import WIDTH, Bar, Picture, html_table

EVIL = '<script>alert("1")</script>&\'"><img src=x onerror=y>'


class Read(HTMLParser):
    """The tags, texts, bars and pictures of some HTML."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.cells: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.bars: list[int] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        facts = dict(attributes)
        if tag in ("td", "th", "caption"):
            self.cells.append("")
        if tag == "img":
            self.images.append(facts)
        if tag == "div":
            self.bars.append(int(str(facts["style"]).rpartition("width:")[2].removesuffix("px")))

    def handle_data(self, data: str) -> None:
        self.cells[-1] += data


def read(shown: object) -> Read:
    return Read(shown._repr_html_())  # type: ignore[attr-defined]


@given(st.text(max_size=60).filter(lambda text: "\r" not in text and "\0" not in text))
def test_every_text_comes_back_as_it_was(text: str) -> None:
    found = Read(html_table(text, (text,), [(text,), (Bar(0.5, text),), ([Picture(text, "")],)]))
    assert found.cells == [text] * 5
    assert set(found.tags) == {"table", "caption", "thead", "tbody", "tr", "th", "td", "bdi", "div"}


def test_bars_are_as_long_as_their_values() -> None:
    values = (0.5, 1.0, 7.0, 0.0, -1.0, float("nan"))
    found = Read(html_table("", ("x",), [(Bar(value, ""),) for value in values]))
    assert found.bars == [WIDTH // 2, WIDTH, WIDTH]


def test_vectors_show_the_first_words_and_their_nearest() -> None:
    angles = np.array([0.0, 0.1, 0.3, 0.7])
    vectors = ws.WordVectors(
        ["en:a", EVIL.replace("<", "en:<", 1), "en:c", "en:d"], np.c_[np.cos(angles), np.sin(angles)]
    )
    found = read(vectors)
    assert found.cells[0] == "WordVectors: 4 words, 2 dimensions; languages: en"
    assert found.cells[4:7] == ["en:a", vectors.words[1], f"{np.cos(0.1):.3f}"] and "script" not in found.tags
    assert found.bars[3] == round(WIDTH * np.cos(0.4))
    assert read(ws.WordVectors(["only"], [[1.0]])).cells[-3:] == ["only", "", ""]


def test_neighbors_are_a_list_and_a_table() -> None:
    near = ws.WordVectors(["a", "b", "c"], [[1, 0], [3, 4], [-1, 0]]).most_similar("a")
    assert isinstance(near, list) and [word for word, _ in near] == ["b", "c"]
    found = read(near)
    assert found.cells[-4:] == ["b", "0.600", "c", "-1.000"] and found.bars == [round(0.6 * WIDTH)]


def test_results_and_comparisons_show_scores_and_coverage() -> None:
    result = ws.Result("similarity", EVIL, 0.5, 30, 40, (0.4, 0.6))
    expected = [EVIL, "0.500", "0.400 to 0.600", "30 of 40", "75.0%"]
    for shown in (result, ws.Results([result])):
        found = read(shown)
        assert found.cells[0] == "similarity" and found.cells[-5:] == expected
        assert found.bars == [WIDTH // 2, round(0.75 * WIDTH)] and "script" not in found.tags
    comparison = ws.Comparison("similarity", "MEN", 0.5, float("nan"), 0, 40, (-0.1, 0.2))
    for compared in (comparison, ws.Comparisons([comparison])):
        assert read(compared).cells[-7:] == ["MEN", "0.500", "–", "–", "-0.100 to +0.200", "0 of 40", "0.0%"]


@pytest.fixture
def features(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ws.ImageFeatures:
    monkeypatch.chdir(tmp_path)
    Image.new("RGB", (300, 100), (200, 10, 10)).save("red.png")
    Path("broken.png").write_bytes(b"no image")
    ids = ["red.png", "broken.png", "noto/😀", EVIL]
    return ws.ImageFeatures(ids, np.diag([1.0, 2, 3, 4]), sources=["s"] * 4, encoder="mean-colour")


def test_features_show_thumbnails_of_files_and_names_of_others(features: ws.ImageFeatures) -> None:
    found = read(features)
    assert found.cells[0] == "ImageFeatures: 4 images, 4 features; encoder mean-colour"
    [picture] = found.images
    kind, _, data = str(picture["src"]).partition(";base64,")
    assert kind in ("data:image/webp", "data:image/png") and picture["alt"] == "red.png"
    image = Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB")
    assert image.size == (96, 32) and np.abs(np.asarray(image, int) - (200, 10, 10)).max() < 12
    assert found.cells[9:13] == ["broken.png", "broken.png", "s", "2"] and found.cells[13] == "😀"
    assert found.bars == [WIDTH // 4, WIDTH // 2, WIDTH * 3 // 4, WIDTH]


def test_a_lexicon_shows_words_with_their_pictures(features: ws.ImageFeatures) -> None:
    pairs = [("fire", "red.png", 1.0), ("fire", "noto/😀", 3.0), (EVIL, "noto/😀", 1.0)]
    found = read(ws.VisualLexicon.from_pairs(pairs, features))
    assert found.cells == [
        "VisualLexicon: 2 words, 2 images", "word", "images", "first images", "fire", "2", "😀", EVIL, "1", "😀",
    ]  # fmt: skip
    assert [picture["alt"] for picture in found.images] == ["red.png"] and found.bars == [WIDTH, WIDTH // 2]
