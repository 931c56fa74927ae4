"""Contact sheets: titled rows of small pictures, each with a caption below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageOps

from wordsight.images.decoding import BrokenImage, decode, pillow_warnings
from wordsight.images.image_files import ImageFile
from wordsight.plots.lettering import Lettering, say_what_is_missing

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


def contact_sheet(rows: Sequence[Row], *, size: int = 144) -> tuple[Image.Image, dict[Path, str]]:
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
