"""The common style of all plots, drawn with matplotlib (extra ``plot``)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from wordsight.extras import require
from wordsight.storage.output_files import PICTURE_MARK, output_stream

if TYPE_CHECKING:
    from PIL.Image import Image

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
        WriteError: it cannot be written, or another file is there that wordsight did not draw.
    """
    with output_stream(path, "picture") as stream:
        drawn.savefig(stream, format="png", dpi=150, metadata=PICTURE_MARK)
    return path


def write_picture(picture: Image, path: Path, *, overwrite: bool = False) -> None:
    """Writes a picture as PNG, completely or not at all.

    Args:
        picture: the picture.
        path: path of the file.
        overwrite: whether any existing file may be replaced.

    Raises:
        WriteError: it cannot be written, or another file is there that wordsight did not draw.
    """
    from PIL.PngImagePlugin import PngInfo

    header = PngInfo()
    for name, value in PICTURE_MARK.items():
        header.add_text(name, value)
    with output_stream(path, "picture", overwrite=overwrite) as stream:
        picture.save(stream, "PNG", pnginfo=header)
