"""Contact sheets: titled rows of small pictures, each with a caption below."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageOps

from wordsight.errors import DataError, ParameterError, check_at_least_1
from wordsight.images.decoding import BrokenImage, decode, pillow_warnings
from wordsight.images.image_files import ImageFile
from wordsight.plots.lettering import Lettering, say_what_is_missing
from wordsight.plots.style import axes_in

log = logging.getLogger(__name__)

PAPER, INK, FAINT, FRAME, RIGHT = (255, 255, 255), (32, 33, 36), (112, 117, 122), (232, 234, 237), (34, 139, 84)


@dataclass(frozen=True)
class Picture:
    """A picture of a contact sheet.

    Attributes:
        path: path of the file.
        caption: text below the picture.
        framed: whether it has a thick green frame, the mark of a right answer.
    """

    path: Path
    caption: str
    framed: bool = False


@dataclass(frozen=True)
class Row:
    """A row of pictures with a title above."""

    title: str
    pictures: Sequence[Picture]


def contact_sheet(
    pictures: Mapping[str, Sequence[str | tuple[str, float]]],
    folder: str | os.PathLike[str] = ".",
    *,
    size: int = 144,
    ax: Any = None,
) -> Any:
    """Draws rows of pictures.

    Args:
        pictures: title of a row → its images, or pairs of image and cosine, as ``most_similar`` gives them.
        folder: where the image files are, by their ids.
        size: side of each picture's square, in pixels.
        ax: matplotlib axes to draw in; None: a figure is made.

    Returns:
        The matplotlib figure.

    Raises:
        ParameterError: there is no picture.
        DataError: no picture can be drawn; where only some cannot, a line of the log says so.
        MissingExtraError: matplotlib is not installed.
    """
    check_at_least_1(size=size)
    sheet = sheet_of(pictures, Path(folder), size=size)
    drawn, axes = axes_in(ax, sheet.width / 100, sheet.height / 100)
    axes.imshow(np.asarray(sheet))
    axes.set_axis_off()
    return drawn


def sheet_of(
    pictures: Mapping[str, Sequence[str | tuple[str, float]]], folder: Path, *, size: int = 144
) -> Image.Image:
    """The same as an image; arguments as in :func:`contact_sheet`.

    Raises:
        ParameterError: there is no picture.
        DataError: no picture can be drawn.
    """
    rows = [Row(title, [_picture(one, folder) for one in images]) for title, images in pictures.items() if images]
    if not rows:
        raise ParameterError("a contact sheet needs at least one picture")
    sheet, broken = draw_sheet(rows, size=size)
    if broken:
        path, reason = next(iter(broken.items()))
        if len(broken) == len({picture.path for row in rows for picture in row.pictures}):
            raise DataError(
                f"no image can be drawn, {path} for example ({reason}); say in which folder they are (--folder)"
            )
        log.warning("%d images are not on the sheet, %s for example (%s)", len(broken), path, reason)
    return sheet


def _picture(image: str | tuple[str, float], folder: Path) -> Picture:
    if isinstance(image, str):
        return Picture(folder / image, Path(image).stem)
    return Picture(folder / image[0], f"{image[1]:.2f} {Path(image[0]).stem}")


def draw_sheet(rows: Sequence[Row], *, size: int = 144) -> tuple[Image.Image, dict[Path, str]]:
    """Draws rows of pictures.

    Args:
        rows: rows from top to bottom, each with at least one picture.
        size: side of each picture's square, in pixels.

    Returns:
        The sheet, and a dict path → reason of the pictures that could not be drawn; their squares stay empty.
    """
    gap, title_height, caption_height = size // 8, size // 4, size // 6
    row_height = title_height + size + caption_height + gap
    columns = max(len(row.pictures) for row in rows)
    sheet = Image.new("RGB", (gap + columns * (size + gap), gap + len(rows) * row_height), PAPER)
    draw = ImageDraw.Draw(sheet)
    titles, captions = (Lettering(height * 0.62) for height in (title_height, caption_height))
    broken: dict[Path, str] = {}
    with pillow_warnings():
        for i, row in enumerate(rows):
            top = gap + i * row_height
            titles.draw(draw, (gap, top), row.title, INK)
            for j, picture in enumerate(row.pictures):
                left, middle = gap + j * (size + gap), top + title_height
                try:
                    _paste(sheet, picture.path, left, middle, size)
                except BrokenImage as error:
                    broken[picture.path] = str(error)
                    draw.rectangle((left, middle, left + size - 1, middle + size - 1), FRAME)
                if picture.framed:
                    square = (left - 2, middle - 2, left + size + 1, middle + size + 1)
                    draw.rectangle(square, outline=RIGHT, width=max(3, size // 28))
                caption = captions.shortened(picture.caption, size)
                captions.draw(draw, (left, middle + size + caption_height // 8), caption, FAINT)
    say_what_is_missing([titles, captions])
    return sheet, broken


def _paste(sheet: Image.Image, path: Path, left: int, top: int, size: int) -> None:
    """Draws a picture in a square with a thin frame, scaled to fit."""
    picture = ImageOps.contain(decode(ImageFile(str(path), path).read()), (size - 2, size - 2))
    square = ImageOps.expand(ImageOps.pad(picture, (size - 2, size - 2), color=PAPER), 1, FRAME)
    sheet.paste(square, (left, top))
