"""The one look of all pictures that are drawn with matplotlib (extra ``plot``)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from wordsight.extras import require
from wordsight.storage.output_files import PICTURE_MARK, output_stream

if TYPE_CHECKING:
    from PIL.Image import Image

INK, FAINT, ACCENT = "#22303c", "#9aa7b1", "#c8553d"
STEEL, PALE, SAND = "#5c7f9c", "#c9d1d7", "#e0b7a8"
"""Colours for what needs more than the first three."""
GRID = "#e6eaed"


def figure(width: float, height: float) -> Any:
    """An empty figure of some inches that needs no screen, for :func:`save`."""
    require("matplotlib")
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    drawn = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(drawn)
    return drawn


def tidy(axes: Any) -> None:
    """Leaves no frame but the bottom line, a light grid, small quiet numbers."""
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    axes.tick_params(axis="both", length=0, labelsize=8, labelcolor=INK)
    axes.set_axisbelow(True)


def save(drawn: Any, path: Path) -> Path:
    """Writes a figure as PNG, whole or not at all.

    Raises:
        WriteError: it cannot be written, or another file is there that wordsight did not draw.
    """
    with output_stream(path, "picture") as stream:
        drawn.savefig(stream, format="png", dpi=150, metadata=PICTURE_MARK)
    return path


def write_picture(picture: Image, path: Path, *, overwrite: bool = False) -> None:
    """Writes a picture as PNG, whole or not at all.

    Args:
        picture: to be written.
        path: where to.
        overwrite: whether whatever file is there may be replaced.

    Raises:
        WriteError: it cannot be written, or another file is there that wordsight did not draw.
    """
    from PIL.PngImagePlugin import PngInfo

    header = PngInfo()
    for name, value in PICTURE_MARK.items():
        header.add_text(name, value)
    with output_stream(path, "picture", overwrite=overwrite) as stream:
        picture.save(stream, "PNG", pnginfo=header)
