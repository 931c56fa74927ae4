"""The common style of all plots, drawn with matplotlib (extra ``plot``)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from wordsight.extras import require
from wordsight.storage.atomic import replace_file

INK, FAINT, ACCENT = "#22303c", "#9aa7b1", "#c8553d"
STEEL, PALE, SAND = "#5c7f9c", "#c9d1d7", "#e0b7a8"
"""Further colours for plots that need more than three."""
GRID = "#e6eaed"


def figure(width: float, height: float) -> Any:
    """An empty matplotlib figure, width and height in inches, that needs no display.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    require("matplotlib")
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    drawn = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(drawn)
    return drawn


def tidy(axes: Any) -> None:
    """Styles axes: only the bottom line of the frame, a light grid, small numbers."""
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    axes.tick_params(axis="both", length=0, labelsize=8, labelcolor=INK)
    axes.set_axisbelow(True)


def save(drawn: Any, path: Path) -> Path:
    """Writes a figure as PNG, completely or not at all, and returns the path.

    Raises:
        WriteError: the file cannot be written.
    """
    with replace_file(path) as temporary:
        drawn.savefig(temporary, format="png", dpi=150)
    return path
