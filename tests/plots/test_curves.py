"""Curves over a logarithmic axis: what is drawn where."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from wordsight.errors import WriteError
from wordsight.plots.curves import Curve, curves_plot
from wordsight.plots.style import ACCENT, FAINT, GRID, STEEL

pytest.importorskip("matplotlib")

SIZES = [10, 100, 1000]


def panel(path: Path, color: str) -> np.ndarray:
    """Whether each pixel has a colour, [height, width]."""
    with Image.open(path) as picture:
        drawn = np.asarray(picture.convert("RGB"))
    found: np.ndarray = (drawn == [int(color[i : i + 2], 16) for i in (1, 3, 5)]).all(axis=2)
    return found


def drawn(path: Path, curves: list[Curve]) -> Path:
    return curves_plot({"MEN": curves}, path, "words with images", "gain")


def markers(found: np.ndarray) -> np.ndarray:
    """The columns in whose middle a level curve is thickest."""
    thickness = found.sum(axis=0)
    thick = np.flatnonzero(thickness > 0.8 * thickness.max())
    groups = np.split(thick, np.flatnonzero(np.diff(thick) > 5) + 1)
    return np.array([group.mean() for group in groups])


def test_powers_of_ten_are_equally_far_apart(tmp_path: Path) -> None:
    path = drawn(tmp_path / "curves.png", [Curve("real", [10, 100, 10_000], [0.1, 0.1, 0.1])])
    found = panel(path, ACCENT)
    found[: found.shape[0] // 3] = False  # without the legend
    first, second, third = markers(found)
    assert third - second == pytest.approx(2 * (second - first), abs=3)


def test_controls_are_thinner_and_have_colours_of_their_own(tmp_path: Path) -> None:
    level = [("real", 0.1), ("shuffled", 0.3), ("random", 0.2)]
    curves = [Curve(name, SIZES, [y] * 3, faint=name != "real") for name, y in level]
    path = drawn(tmp_path / "curves.png", curves)
    height, thickness = {}, {}
    for color in (ACCENT, STEEL, FAINT):
        column = panel(path, color)[:, 300:320].mean(axis=1)  # between two markers
        rows = np.flatnonzero(column == 1)
        height[color], thickness[color] = rows.mean(), len(rows)
    assert height[STEEL] < height[FAINT] < height[ACCENT]  # rows count from the top
    assert thickness[ACCENT] > max(thickness[STEEL], thickness[FAINT])


def test_a_band_covers_its_interval_and_no_more(tmp_path: Path) -> None:
    lines = [Curve("real", SIZES, [0.0] * 3), Curve("shuffled", SIZES, [0.2] * 3, faint=True)]
    path = drawn(tmp_path / "curves.png", [*lines, Curve("interval", [], [-0.1, 0.1], faint=True)])
    width = panel(path, GRID).sum(axis=1)
    band = np.flatnonzero(width > 0.5 * width.max())
    inside, outside = (np.flatnonzero(panel(path, color)[:, 300:320].all(axis=1)).mean() for color in (ACCENT, STEEL))
    middle = band[(band > inside - 100) & (band < inside + 100)]
    assert len(middle) > 50 and abs(middle.mean() - inside) < 5 and outside < middle.min()


def test_each_data_set_has_a_panel(tmp_path: Path) -> None:
    curves = [Curve("real", SIZES, [0.1, 0.2, 0.3])]
    one = drawn(tmp_path / "one.png", curves)
    two = curves_plot({"MEN": curves, "RG-65": curves}, tmp_path / "two.png", "words with images", "gain")
    with Image.open(one) as narrow, Image.open(two) as wide:
        assert wide.width > narrow.width and wide.height == narrow.height


def test_another_picture_is_never_replaced(tmp_path: Path) -> None:
    theirs = tmp_path / "curves.png"
    Image.new("RGB", (2, 2)).save(theirs)
    before = theirs.read_bytes()
    with pytest.raises(WriteError, match=r"curves\.png"):
        drawn(theirs, [Curve("real", SIZES, [0.1, 0.2, 0.3])])
    assert theirs.read_bytes() == before
