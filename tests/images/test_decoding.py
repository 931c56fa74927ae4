"""Decoding: rotation, transparency, depth, colour spaces, animations, and files that are no images."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from wordsight.images.decoding import BrokenImage, decode, pillow_warnings

RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def pixel(image: Image.Image, x: int, y: int) -> np.ndarray:
    assert image.mode == "RGB"
    return np.array(image.getpixel((x, y)))


def test_exif_rotation_is_applied() -> None:
    image = Image.new("RGB", (40, 20), RED)
    image.paste(BLUE, (20, 0, 40, 20))  # blue on the right
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise
    turned = decode(encoded(image, "JPEG", exif=exif, quality=95))
    assert turned.size == (20, 40)
    np.testing.assert_allclose(pixel(turned, 10, 5), RED, atol=8)
    np.testing.assert_allclose(pixel(turned, 10, 35), BLUE, atol=8)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_is_laid_on_white(mode: str) -> None:
    image = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (4, 0, 8, 8))
    decoded = decode(encoded(image.convert(mode), "PNG"))
    assert pixel(decoded, 1, 1).tolist() == [255] * 3
    assert pixel(decoded, 6, 6).tolist() == [0] * 3


def test_half_transparent_red_on_white_is_pink() -> None:
    decoded = decode(encoded(Image.new("RGBA", (4, 4), (255, 0, 0, 128)), "PNG"))
    np.testing.assert_allclose(pixel(decoded, 2, 2), (255, 127, 127), atol=1)


def test_a_transparent_colour_of_a_palette_becomes_white() -> None:
    image = Image.new("P", (4, 4), 0)
    image.putpalette([*BLUE, *RED])
    image.putpixel((1, 1), 1)
    decoded = decode(encoded(image, "PNG", transparency=0))
    assert pixel(decoded, 0, 0).tolist() == list(WHITE)
    assert pixel(decoded, 1, 1).tolist() == list(RED)


def test_16_bits_become_8() -> None:
    values = np.array([[0, 257 * 100, 65535]], dtype=np.uint16)
    for kind in ("PNG", "TIFF"):
        decoded = decode(encoded(Image.fromarray(values), kind))
        assert np.asarray(decoded)[0].tolist() == [[0] * 3, [100] * 3, [255] * 3]


@pytest.mark.parametrize("mode", ["CMYK", "YCbCr", "L"])
def test_other_colour_spaces_become_rgb(mode: str) -> None:
    decoded = decode(encoded(Image.new("RGB", (16, 16), WHITE).convert(mode), "JPEG"))
    np.testing.assert_allclose(pixel(decoded, 8, 8), WHITE, atol=3)


def test_the_first_frame_of_an_animation_counts() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in (RED, BLUE)]
    for kind in ("GIF", "WEBP"):
        decoded = decode(encoded(frames[0], kind, save_all=True, append_images=frames[1:]))
        np.testing.assert_allclose(pixel(decoded, 4, 4), RED, atol=4)


def test_no_image_and_cut_off_images_are_broken() -> None:
    whole = encoded(Image.effect_noise((64, 64), 50), "JPEG")
    with pytest.raises(BrokenImage, match="truncated"):
        decode(whole[: len(whole) // 2])
    for data in (b"", b"<html>404 not found</html>"):
        with pytest.raises(BrokenImage, match="not an image of a known format"):
            decode(data)


def test_images_beyond_pillow_s_limit_are_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    data = encoded(Image.new("L", (50, 50)), "PNG")
    for limit in (2000, 1000):  # a warning and an error of Pillow
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)
        with pillow_warnings(), pytest.raises(BrokenImage, match="decompression bomb"):
            decode(data)


def test_damaged_metadata_does_not_break_an_image() -> None:
    data = encoded(Image.new("RGB", (8, 8), RED), "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff rubbish")
    with pillow_warnings():
        np.testing.assert_allclose(pixel(decode(data), 4, 4), RED, atol=4)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_damaged_files_are_an_image_or_broken_but_never_another_error(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"]))
    whole = bytearray(encoded(Image.linear_gradient("L").resize((16, 16)).convert("RGB"), kind))
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with pillow_warnings():
        try:
            assert decode(bytes(whole)).mode == "RGB"
        except BrokenImage as error:
            assert str(error)
