"""Pictures of figures, drawn with matplotlib (extra ``plot``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from wordsight.extras import require
from wordsight.storage.atomic import replace_file

INK, FAINT, ACCENT = "#22303c", "#9aa7b1", "#c8553d"


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


def figure(width: float, height: float) -> Any:
    """An empty figure of some inches that needs no screen, for :func:`save`."""
    require("matplotlib")
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    drawn = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(drawn)
    return drawn


def tidy(axes: Any) -> None:
    """No frame but the bottom line, a light grid, small quiet numbers."""
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.grid(axis="x", color="#e6eaed", linewidth=0.8)
    axes.tick_params(axis="both", length=0, labelsize=8, labelcolor=INK)
    axes.set_axisbelow(True)


def save(drawn: Any, path: Path) -> Path:
    """Writes a figure as PNG, whole or not at all."""
    with replace_file(path) as temporary:
        drawn.savefig(temporary, format="png", dpi=150)
    return path


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
    for place, (title, points) in enumerate(panels.items(), start=1):
        axes = drawn.add_subplot(1, len(panels), place)
        tidy(axes)
        best = max(point.score for point in points)
        for point in points:
            y = names.index(point.name)
            color = FAINT if point.faint else ACCENT if point.score == best else INK
            axes.plot([point.low, point.high], [y, y], color=color, linewidth=1.6, solid_capstyle="round")
            axes.plot(point.score, y, "o", color=color, markersize=5)
        axes.set_ylim(len(names) - 0.5, -0.5)
        axes.set_yticks(range(len(names)), names if place == 1 else [""] * len(names))
        axes.set_title(title, fontsize=10, color=INK, loc="left")
        axes.set_xlabel(label, fontsize=8, color=INK)
    return save(drawn, path)
