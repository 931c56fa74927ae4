"""Forest plots: scores with their intervals, a line a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from wordsight.plots.style import ACCENT, FAINT, INK, figure, save, tidy


class Point(NamedTuple):
    """A score with its interval.

    Attributes:
        name: of the model.
        score: its score.
        low: lower end.
        high: upper end.
        faint: drawn in grey: a control.
    """

    name: str
    score: float
    low: float
    high: float
    faint: bool = False


def forest_plot(panels: Mapping[str, Sequence[Point]], path: Path, label: str) -> Path:
    """Draws scores with intervals, a panel a data set, a line a model; the best of each panel stands out.

    Args:
        panels: data set → its points.
        path: of the PNG.
        label: below the axes.

    Raises:
        MissingExtraError: matplotlib is not installed.
        WriteError: the file cannot be written.
    """
    names = list(dict.fromkeys(point.name for points in panels.values() for point in points))
    drawn = figure(2.2 + 2.3 * len(panels), 0.9 + 0.27 * len(names))
    for column, (title, points) in enumerate(panels.items(), start=1):
        axes = drawn.add_subplot(1, len(panels), column)
        tidy(axes)
        best = max(point.score for point in points)
        for point in points:
            y = names.index(point.name)
            color = FAINT if point.faint else ACCENT if point.score == best else INK
            axes.plot([point.low, point.high], [y, y], color=color, linewidth=1.6, solid_capstyle="round")
            axes.plot(point.score, y, "o", color=color, markersize=5)
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.set_yticks(range(len(names)), names if column == 1 else [""] * len(names))
        axes.set_title(title, fontsize=10, color=INK, loc="left")
        axes.set_xlabel(label, fontsize=8, color=INK)
    return save(drawn, path)
