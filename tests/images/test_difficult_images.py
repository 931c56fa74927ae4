"""Ten kinds of difficult image files through ``ImageFeatures.from_files``: seen right, or named in one line."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from wordsight.errors import DataError
from wordsight.images.encoders.base import ImageEncoder
from wordsight.images.features import ImageFeatures

RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)


class Corners(ImageEncoder):
    """Sees the colours a quarter from the left and a quarter from the right, of the middle line."""

    name, n_features, fingerprint = "corners", 6, "f"

    def preprocess(self, image: Image.Image) -> np.ndarray:
        assert image.mode == "RGB"
        return np.asarray(image.resize((4, 4), Image.Resampling.NEAREST), np.float32).transpose(2, 0, 1)

    def encode(self, batch: np.ndarray) -> np.ndarray:
        return batch[:, :, 2, [0, 3]].transpose(0, 2, 1).reshape(len(batch), 6)


def halves(mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (32, 32), RED)
    image.paste(BLUE, (16, 0, 32, 32))
    return image.convert(mode)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def cmyk() -> bytes:
    return encoded(halves("CMYK"), "JPEG", quality=95)


def sixteen_bits() -> bytes:
    grey = np.zeros((32, 32), np.uint16)
    grey[:, 16:] = 65535
    return encoded(Image.fromarray(grey), "PNG")


def animated() -> bytes:
    return encoded(halves(), "GIF", save_all=True, append_images=[Image.new("RGB", (32, 32), WHITE)] * 2)


def rotated() -> bytes:
    """Blue at the bottom, to be turned anticlockwise, so that blue comes to the right."""
    exif = Image.Exif()
    exif[0x0112] = 8
    return encoded(halves().transpose(Image.Transpose.ROTATE_270), "JPEG", exif=exif, quality=95)


def palette_with_alpha() -> bytes:
    image = Image.new("P", (32, 32), 0)
    image.putpalette([*RED, *BLUE])
    image.paste(1, (16, 0, 32, 32))
    return encoded(image, "PNG", transparency=bytes([0, 255]))


GOOD: dict[str, tuple[Callable[[], bytes], tuple[int, ...], tuple[int, ...]]] = {
    "cmyk.jpg": (cmyk, RED, BLUE),
    "sixteen.png": (sixteen_bits, (0, 0, 0), WHITE),
    "animated.gif": (animated, RED, BLUE),
    "rotated.jpg": (rotated, RED, BLUE),
    "palette.png": (palette_with_alpha, WHITE, BLUE),
}


@pytest.mark.parametrize("name", GOOD)
def test_unusual_files_are_seen_right(tmp_path: Path, name: str) -> None:
    make, left, right = GOOD[name]
    (tmp_path / name).write_bytes(make())
    features = ImageFeatures.from_files([tmp_path / name], Corners())
    np.testing.assert_allclose(features.matrix[0].reshape(2, 3), [left, right], atol=12)
    assert features.encoder_facts == {"encoder": "corners", "encoder_fingerprint": "f"}


def bomb() -> bytes:
    """A small PNG whose header promises 30,000 × 30,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


BAD: dict[str, tuple[Callable[[], bytes] | None, str]] = {
    "truncated.jpg": (lambda: encoded(Image.effect_noise((64, 64), 50), "JPEG")[:900], "truncated"),
    "empty.png": (lambda: b"", "not an image of a known format"),
    "text.jpg": (lambda: b"this is a letter, not a picture", "not an image of a known format"),
    "bomb.png": (bomb, "decompression bomb"),
    "missing.png": (None, "No such file"),
}


@pytest.mark.parametrize("name", BAD)
def test_broken_files_are_named_in_one_line(tmp_path: Path, name: str) -> None:
    make, reason = BAD[name]
    if make is not None:
        (tmp_path / name).write_bytes(make())
    (tmp_path / "good.png").write_bytes(encoded(halves(), "PNG"))
    with pytest.raises(DataError, match=reason) as caught:
        ImageFeatures.from_files([tmp_path / "good.png", tmp_path / name], Corners())
    assert name in str(caught.value) and "\n" not in str(caught.value)


def test_a_file_that_comes_twice_counts_once_and_all_have_the_source(tmp_path: Path) -> None:
    (tmp_path / "good.png").write_bytes(encoded(halves(), "PNG"))
    features = ImageFeatures.from_files([tmp_path / "good.png"] * 2, Corners(), source="photos")
    assert features.ids == [str(tmp_path / "good.png")] and features.sources == ["photos"]
