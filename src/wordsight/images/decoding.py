"""Decoding: makes RGB images of the bytes of image files, whatever these hold."""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = {
    "JPEG": (".jpg", ".jpeg"),
    "PNG": (".png",),
    "WEBP": (".webp",),
    "GIF": (".gif",),
    "BMP": (".bmp",),
    "TIFF": (".tif", ".tiff"),
}
"""Pillow's name of each format that is read → the endings of its files."""

SUFFIXES = frozenset(suffix for suffixes in FORMATS.values() for suffix in suffixes)


class BrokenImage(Exception):
    """A file that is not a readable image; the message says why."""


def decode(data: bytes) -> Image.Image:
    """Reads an image as RGB.

    The rotation in its EXIF data is applied, transparent parts become white, 16 bits become 8, and an animation
    gives its first frame.

    Args:
        data: the whole file.

    Raises:
        BrokenImage: not an image of a known format, damaged, cut off, or larger than Pillow's limit.
    """
    try:
        with Image.open(io.BytesIO(data), formats=list(FORMATS)) as image:
            return _rgb(ImageOps.exif_transpose(image))
    # Damaged files make Pillow raise almost anything: OSError, SyntaxError, ValueError, struct.error, ...
    except Exception as error:
        reason = "not an image of a known format" if isinstance(error, UnidentifiedImageError) else str(error)
        raise BrokenImage(" ".join(reason.split()) or type(error).__name__) from error


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits of grey, which Pillow would cut off at 255
        grey = np.asarray(image, dtype=np.float64) / 257.0
        return Image.fromarray(grey.clip(0, 255).round().astype(np.uint8)).convert("RGB")
    if image.has_transparency_data:
        drawing = image.convert("RGBA")
        paper = Image.new("RGBA", drawing.size, "white")
        paper.alpha_composite(drawing)
        return paper.convert("RGB")
    return image.convert("RGB")


@contextlib.contextmanager
def pillow_warnings() -> Iterator[None]:
    """Sets Pillow's warnings while images are decoded: odd metadata is ignored, an oversized image is an error.

    Enter it in the main thread, around the threads that decode: Python's warning filters belong to the process.
    """
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=UserWarning, module="PIL")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        yield
