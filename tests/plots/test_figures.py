"""Figures hold what they say: words, numbers of points, values."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from scipy import stats

import wordsight as ws
from wordsight.errors import DataError, ParameterError, UnknownNameError

pytest.importorskip("matplotlib")
from matplotlib.figure import Figure

WORDS = [f"en:w{i}" for i in range(30)] + [f"de:$v{i}$" for i in range(20)]


@pytest.fixture
def vectors() -> ws.WordVectors:
    return ws.WordVectors(WORDS, np.random.default_rng(0).normal(size=(50, 6)))


def texts(axes: Any) -> list[str]:
    return [text.get_text() for text in axes.texts]


def n_points(axes: Any) -> int:
    return sum(len(points.get_offsets()) for points in axes.collections)


def test_a_map_has_a_point_a_word_and_labels_that_do_not_overlap(vectors: ws.WordVectors) -> None:
    drawn = ws.plots.map(vectors, labels=12)
    [axes] = drawn.axes
    assert n_points(axes) == 50 and len(texts(axes)) == 12
    assert texts(axes)[0] in ("w0", "$v0$") and {word[0] for word in texts(axes)} == {"w", "$"}, "languages take turns"
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["de", "en"]
    drawn.draw_without_rendering()
    boxes = [label.get_window_extent() for label in axes.texts]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_a_map_of_words_labels_these_alone(vectors: ws.WordVectors) -> None:
    [axes] = ws.plots.map(vectors, ["en:w3", "de:$v4$"]).axes
    assert set(texts(axes)) == {"w3", "$v4$"}
    points = [label.xy for label in axes.texts]
    marked = [tuple(xy) for points in axes.collections[1:] for xy in points.get_offsets()]
    assert sorted(map(tuple, points)) == sorted(marked) and len(marked) == 2


def test_a_map_of_untagged_words_has_no_legend() -> None:
    [axes] = ws.plots.map(ws.WordVectors(["a", "b", "c"], np.eye(3))).axes
    assert axes.get_legend() is None and set(texts(axes)) == {"a", "b", "c"}


def test_a_map_refuses_what_is_not_there(vectors: ws.WordVectors) -> None:
    with pytest.raises(UnknownNameError, match="en:w9"):
        ws.plots.map(vectors, ["en:w99"])
    with pytest.raises(UnknownNameError, match="there are: pca, tsne"):
        ws.plots.map(vectors, method="umap")
    with pytest.raises(ParameterError, match="labels is 0"):
        ws.plots.map(vectors, labels=0)


def circle(order: str) -> ws.WordVectors:
    """Words on a quarter of a circle, in this order."""
    angles = np.arange(len(order)) * 0.1
    return ws.WordVectors(list(order), np.stack([np.cos(angles), np.sin(angles)], axis=1))


def test_neighbours_show_both_lists_and_join_what_both_have() -> None:
    [axes] = ws.plots.neighbours(circle("abcde"), circle("aecdb"), "a", names=("left", "right"), topn=3).axes
    written = texts(axes)
    assert [word for word in written if len(word) == 1] == ["b", "c", "d", "e", "c", "d"]
    assert {"left", "right"} <= set(written)
    cosines = [f"{math.cos(angle):.2f}" for angle in (0.1, 0.2, 0.3)]
    assert [number for number in written if "." in number] == cosines * 2
    widths = [abs(bar.get_width()) for bar in axes.patches]
    assert widths == pytest.approx([math.cos(angle) for angle in (0.1, 0.2, 0.3)] * 2, abs=1e-6)
    only, both = axes.patches[0].get_facecolor(), axes.patches[1].get_facecolor()
    assert only != both and axes.patches[3].get_facecolor() == only
    assert sorted(tuple(line.get_ydata()) for line in axes.lines) == [(1, 1), (2, 2)]
    assert axes.get_title() == "a"


@pytest.fixture
def rated(tmp_path: Path) -> Path:
    path = tmp_path / "some.txt"
    rng = np.random.default_rng(1)
    path.write_text("".join(f"w{i}\tw{i + 1}\t{rng.uniform(0, 9):.2f}\n" for i in range(35)))
    return path


def test_ratings_show_every_covered_pair_and_the_correlation(vectors: ws.WordVectors, rated: Path) -> None:
    [axes] = ws.plots.ratings(vectors, rated, language="en").axes
    lines = [line.split("\t") for line in rated.read_text().splitlines()][:29]
    unit = vectors.matrix / np.linalg.norm(vectors.matrix, axis=1, keepdims=True)
    cosines = [float(unit[i] @ unit[i + 1]) for i in range(29)]
    expected = [(float(line[2]), cosine) for line, cosine in zip(lines, cosines, strict=True)]
    assert np.asarray(axes.collections[0].get_offsets()) == pytest.approx(np.array(expected), abs=1e-5)
    rho = stats.spearmanr(*zip(*expected, strict=True)).statistic
    [said] = [text.get_text() for text in axes.get_legend().get_texts()]
    assert f"ρ = {rho:.3f} [" in said and said.endswith("29 pairs")
    assert axes.get_title(loc="left") == "some"


def test_ratings_of_several_spaces(vectors: ws.WordVectors, rated: Path) -> None:
    other = ws.WordVectors(WORDS[:10], vectors.matrix[10:20])
    [axes] = ws.plots.ratings({"one": vectors, "two": other}, rated, language="en").axes
    names = [text.get_text() for text in axes.get_legend().get_texts()]
    assert names[0].startswith("one: ") and names[1].startswith("two: ") and names[1].endswith("9 pairs")
    with pytest.raises(ParameterError, match=r"no pair of some"):
        ws.plots.ratings(ws.WordVectors(["x"], [[1.0]]), rated)
    with pytest.raises(ParameterError, match="at least one space"):
        ws.plots.ratings({}, rated)


def test_a_history_is_drawn_epoch_by_epoch() -> None:
    epochs = [{"epoch": 1, "loss": 3.0, "image_loss": 1.0}, {"epoch": 2, "loss": 2.0, "image_loss": 0.5}]
    [axes] = ws.plots.history(epochs).axes
    assert axes.lines[0].get_xydata().tolist() == [[1, 3], [2, 2]] and axes.get_ylabel() == "loss"
    [axes] = ws.plots.history({"a": epochs, "b$_x$": epochs[:1]}, figure="image_loss").axes
    assert [line.get_ydata().tolist() for line in axes.lines] == [[1, 0.5], [1]]
    legend = axes.get_legend().get_texts()
    assert [text.get_text() for text in legend] == ["a", "b$_x$"] and not legend[1].get_parse_math()
    with pytest.raises(UnknownNameError, match="did you mean 'loss'"):
        ws.plots.history(epochs, figure="los")
    with pytest.raises(UnknownNameError, match="there are: loss, image_loss"):
        ws.plots.history(epochs, figure="recall")
    with pytest.raises(ParameterError, match="no epoch was finished"):
        ws.plots.history([])


def test_a_contact_sheet_shows_the_pictures(tmp_path: Path) -> None:
    Image.new("RGB", (30, 30), (200, 10, 10)).save(tmp_path / "red.png")
    [axes] = ws.plots.contact_sheet({"goose": ["red.png"], "swan": [("red.png", 0.5)]}, tmp_path, size=60).axes
    shown = np.asarray(axes.images[0].get_array())
    assert (shown == (200, 10, 10)).all(axis=2).sum() >= 2 * 55 * 55
    with pytest.raises(ParameterError, match="at least one picture"):
        ws.plots.contact_sheet({"goose": []}, tmp_path)
    with pytest.raises(DataError, match=r"absent\.png"):
        ws.plots.contact_sheet({"goose": ["absent.png"]}, tmp_path)


def test_all_draw_in_given_axes(vectors: ws.WordVectors, rated: Path, tmp_path: Path) -> None:
    Image.new("RGB", (30, 30)).save(tmp_path / "a.png")
    figure = Figure()
    axes = figure.subplots(1, 5)
    assert ws.plots.map(vectors, labels=3, ax=axes[0]) is figure
    assert ws.plots.neighbours(vectors, vectors, "en:w0", ax=axes[1]) is figure
    assert ws.plots.ratings(vectors, rated, language="en", ax=axes[2]) is figure
    assert ws.plots.history([{"epoch": 1, "loss": 1.0}], ax=axes[3]) is figure
    assert ws.plots.contact_sheet({"a": ["a.png"]}, tmp_path, ax=axes[4]) is figure
    assert len(figure.axes) == 5 and all(one.has_data() for one in figure.axes)


def test_a_figure_shows_itself_in_a_notebook() -> None:
    shown = ws.plots.history([{"epoch": 1, "loss": 1.0}])._repr_png_()
    assert shown.startswith(b"\x89PNG\r\n")


def test_a_tsne_map_has_the_points_of_tsne(vectors: ws.WordVectors, monkeypatch: pytest.MonkeyPatch) -> None:
    points = np.random.default_rng(3).uniform(-1, 1, (50, 2)).astype(np.float32)
    monkeypatch.setattr("wordsight.plots.word_map.TSNE.points", lambda self: points)
    [axes] = ws.plots.map(vectors, method="tsne").axes
    drawn = np.concatenate([np.asarray(one.get_offsets()) for one in axes.collections])
    assert np.array_equal(np.sort(drawn, axis=0), np.sort(points, axis=0))
