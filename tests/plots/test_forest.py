"""Forest plots: what is drawn where."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from wordsight.plots.forest import Point, forest_plot
from wordsight.plots.style import ACCENT, FAINT, INK

pytest.importorskip("matplotlib")

POINTS = [Point("a", 0.2, 0.1, 0.3), Point("b", 0.8, 0.7, 0.9), Point("c", 0.5, 0.4, 0.6, faint=True)]


def pixels(path: Path, color: str) -> np.ndarray:
    """Rows and columns of the pixels of a colour, in the picture's panels."""
    with Image.open(path) as picture:
        drawn = np.asarray(picture.convert("RGB"))
    return np.argwhere((drawn == [int(color[i : i + 2], 16) for i in (1, 3, 5)]).all(axis=2))


def test_the_best_stands_out_and_controls_are_grey(tmp_path: Path) -> None:
    path = forest_plot({"MEN": POINTS}, tmp_path / "forest.png", "rho")
    best, control = pixels(path, ACCENT), pixels(path, FAINT)
    assert len(best) and len(control) and len(pixels(path, INK))
    assert best[:, 0].max() < control[:, 0].min()  # the second line is above the third
    assert control[:, 1].max() < best[:, 1].max()  # and the greater score further to the right


def test_each_data_set_has_a_panel(tmp_path: Path) -> None:
    one = forest_plot({"MEN": POINTS}, tmp_path / "one.png", "rho")
    two = forest_plot({"MEN": POINTS, "RG-65": POINTS[:1]}, tmp_path / "two.png", "rho")
    with Image.open(one) as narrow, Image.open(two) as wide:
        assert wide.width > narrow.width and wide.height == narrow.height
