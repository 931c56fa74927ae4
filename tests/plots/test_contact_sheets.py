from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from wordsight.plots.contact_sheets import PAPER, RIGHT, Picture, Row, draw_sheet

COLORS = {"red": (255, 0, 0), "green": (0, 128, 0), "blue": (0, 0, 255)}
SIZE = 80


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    paths = {}
    for name, size in (("red", (300, 100)), ("green", (20, 20)), ("blue", (64, 90))):
        paths[name] = tmp_path / f"{name}.png"
        Image.new("RGB", size, COLORS[name]).save(paths[name])
    return paths


def coloured(sheet: Image.Image, color: tuple[int, int, int]) -> np.ndarray:
    """Rows and columns of the pixels of a colour."""
    return np.argwhere((np.asarray(sheet) == color).all(axis=2))


def test_pictures_stand_in_order_and_keep_their_shape(files: dict[str, Path]) -> None:
    rows = [
        Row("first", [Picture(files["red"], "a"), Picture(files["green"], "b")]),
        Row("second", [Picture(files["blue"], "c")]),
    ]
    sheet, broken = draw_sheet(rows, size=SIZE)
    assert not broken and sheet.getpixel((0, 0)) == PAPER
    red, green, blue = (coloured(sheet, COLORS[name]) for name in ("red", "green", "blue"))
    assert red[:, 1].max() < green[:, 1].min() and red[:, 0].max() < blue[:, 0].min()
    assert abs(np.ptp(red[:, 1]) / np.ptp(red[:, 0]) - 3) < 0.2  # 300 to 100
    assert np.ptp(green[:, 0]) == np.ptp(green[:, 1]) == SIZE - 3  # enlarged to all within the frame
    assert coloured(sheet, (32, 33, 36)).size  # the titles' ink


def test_broken_and_missing_pictures_leave_a_grey_square(files: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "text.png").write_text("no picture")
    row = Row("word", [Picture(tmp_path / name, "x") for name in ("text.png", "absent.png", "red.png")])
    sheet, broken = draw_sheet([row], size=SIZE)
    assert broken == {
        tmp_path / "text.png": "not an image of a known format",
        tmp_path / "absent.png": "No such file or directory",
    }
    assert len(coloured(sheet, (232, 234, 237))) >= 2 * SIZE * SIZE


def test_long_captions_are_cut(files: dict[str, Path]) -> None:
    short, long = (
        draw_sheet([Row("w", [Picture(files["blue"], text), Picture(files["blue"], "")])], size=SIZE)[0]
        for text in ("short", "a very long caption " * 5)
    )
    assert short.size == long.size
    second = slice(SIZE + 2 * (SIZE // 8), None)  # where the second picture's caption would be: empty in both
    np.testing.assert_array_equal(np.asarray(short)[-SIZE // 6 :, second], np.asarray(long)[-SIZE // 6 :, second])


def test_right_answers_have_a_thick_green_frame(files: dict[str, Path]) -> None:
    pictures = [Picture(files["blue"], "a"), Picture(files["blue"], "b", framed=True)]
    sheet, _ = draw_sheet([Row("w", pictures)], size=SIZE)
    frame = coloured(sheet, RIGHT)
    assert frame[:, 1].min() > SIZE + SIZE // 8  # about the second picture alone
    assert SIZE <= np.ptp(frame[:, 0]) <= SIZE + 4 and SIZE <= np.ptp(frame[:, 1]) <= SIZE + 4
    assert len(frame) >= 4 * 3 * (SIZE - 4)
