"""The common style of all plots, drawn with matplotlib (extra ``plot``)."""

from __future__ import annotations

import functools
import io
from collections.abc import Sequence
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
SERIES = (STEEL, ACCENT, "#6a9153", "#d9a441", "#7d5a8c", "#3f8f8f", "#b0728e", "#8b7355")
"""Colours of several models or languages, in this order."""


def figure(width: float, height: float) -> Any:
    """An empty matplotlib figure, width and height in inches, that needs no display.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    require("matplotlib")
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    drawn: Any = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(drawn)
    drawn._repr_png_ = functools.partial(_png, drawn)  # what a notebook asks for
    return drawn


def _png(drawn: Any) -> bytes:
    stream = io.BytesIO()
    drawn.savefig(stream, format="png", dpi=110, metadata=PICTURE_MARK)
    return stream.getvalue()


def axes_in(ax: Any, width: float, height: float) -> tuple[Any, Any]:
    """The figure and axes to draw in: those given, or new ones, width and height in inches.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    if ax is not None:
        return ax.get_figure(), ax
    drawn = figure(width, height)
    return drawn, drawn.add_subplot()


def tidy(axes: Any) -> None:
    """Styles axes: only the bottom line of the frame, a light grid, small numbers."""
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.grid(axis="x", color=GRID, linewidth=0.8)
    axes.tick_params(axis="both", length=0, labelsize=8, labelcolor=INK)
    axes.set_axisbelow(True)


def legend(axes: Any, fonts: Sequence[str] | None = None, **settings: Any) -> Any:
    """A legend without a frame, whose names are written as they are, a dollar sign too.

    Args:
        axes: whose legend.
        fonts: font families; None: the usual one.
        settings: more of matplotlib's.
    """
    made = axes.legend(frameon=False, labelcolor=INK, prop={"family": fonts, "size": 8}, **settings)
    made.set_in_layout(False)  # a long name makes the plot no smaller
    for text in made.get_texts():
        text.set_parse_math(False)
    return made


def save(drawn: Any, path: Path, *, overwrite: bool = False) -> Path:
    """Writes a figure as PNG, completely or not at all, and returns the path.

    Args:
        drawn: the figure.
        path: path of the file.
        overwrite: whether any existing file may be replaced.

    Raises:
        WriteError: it cannot be written, or another file is there that wordsight did not draw.
    """
    with output_stream(path, "picture", overwrite=overwrite) as stream:
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
