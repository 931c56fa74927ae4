"""Thumbnail: a small copy of an image file, for a browser, a notebook or a terminal."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from PIL import Image, features

from wordsight.images.decoding import BrokenImage, decode, pillow_warnings
from wordsight.images.image_files import ImageFile
from wordsight.notebooks import Picture

FORMAT, ENDING = ("WEBP", "webp") if features.check("webp") else ("PNG", "png")
_NOTEBOOK = 96
"""Pixels of the longer side in notebooks."""


class Thumbnail(NamedTuple):
    """The bytes of a small image, and their media type."""

    data: bytes
    media_type: str


def thumbnail(data: bytes, size: int) -> Thumbnail:
    """Makes a thumbnail of an image file's bytes; its longer side has at most ``size`` pixels.

    Raises:
        BrokenImage: it is no readable image.
    """
    image = decode(data)
    image.thumbnail((size, size), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, FORMAT)
    return Thumbnail(out.getvalue(), f"image/{ENDING}")


def notebook_pictures(ids: Iterable[str]) -> list[Picture]:
    """Thumbnails of those images that are files, by their ids, in the current folder; the names of all others."""
    with pillow_warnings():
        return [_notebook_picture(id) for id in ids]


def _notebook_picture(id: str) -> Picture:
    try:
        data, media_type = thumbnail(ImageFile(id, Path(id)).read(), _NOTEBOOK)
    except BrokenImage:
        return Picture(PurePosixPath(id).name, "")
    return Picture(id, f"data:{media_type};base64,{base64.b64encode(data).decode()}")
