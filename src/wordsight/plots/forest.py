"""Forest plots: scores with intervals, one line for each model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from wordsight.plots.style import ACCENT, FAINT, INK, figure, save, tidy


class Point(NamedTuple):
    """A score with its interval.

    Attributes:
        name: name of the model.
        score: its score.
        low: lower end of the interval.
        high: upper end of the interval.
        faint: whether it is drawn in grey, as a control.
    """

    name: str
    score: float
    low: float
    high: float
    faint: bool = False


def forest_plot(panels: Mapping[str, Sequence[Point]], path: Path, label: str) -> Path:
    """Draws a panel for each data set and a line for each model; the best score of each panel is highlighted.

    Args:
        panels: data set → points.
        path: path of the PNG file.
        label: label of the x axes.

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
