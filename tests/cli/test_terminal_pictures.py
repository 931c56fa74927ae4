"""Pictures in terminals: each protocol read back by a decoder of its own, and nothing where nobody can see it."""

from __future__ import annotations

import base64
import io
import re
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.cli.conftest import OnScreen, Run, kitty_picture

from wordsight.cli._terminal_pictures import iterm, kitty, protocol_of, show_pictures, sixel


@pytest.fixture
def image() -> Image.Image:
    """60 × 40 pixels of noise in four colours, with a plain half."""
    pixels = np.random.default_rng(0).choice(
        np.array([[0, 0, 0], [255, 0, 0], [0, 255, 51], [255, 255, 255]]), (40, 60)
    )
    pixels[:, :30] = (51, 102, 204)
    return Image.fromarray(pixels.astype(np.uint8))


def read_sixel(text: str) -> np.ndarray:
    """The pixels that a sixel terminal would draw, uint8 ``[height, width, 3]``."""
    match = re.fullmatch(r'\x1bP0;1q"1;1;(\d+);(\d+)(.*)\x1b\\', text, re.S)
    assert match
    width, height = int(match[1]), int(match[2])
    drawn, palette, x, top, colour = np.zeros((height + 6, width, 3)), {}, 0, 0, 0
    for token in re.finditer(r"#(\d+);2;(\d+);(\d+);(\d+)|#(\d+)|!(\d+)([?-~])|([?-~])|(\$)|(-)", match[3]):
        if token[1]:
            palette[int(token[1])] = [int(token[i]) * 2.55 for i in (2, 3, 4)]
        elif token[5]:
            colour = int(token[5])
        elif token[9]:
            x = 0
        elif token[10]:
            x, top = 0, top + 6
        else:
            n, bits = int(token[6] or 1), ord(token[7] or token[8]) - 63
            for line in range(6):
                if bits >> line & 1:
                    drawn[top + line, x : x + n] = palette[colour]
            x += n
    assert not drawn[height:].any()
    return drawn[:height].round().astype(np.uint8)


def test_sixel_draws_the_image(image: Image.Image) -> None:
    assert np.abs(read_sixel(sixel(image)).astype(int) - np.asarray(image)).max() <= 2  # colours are in per cent


def test_sixel_has_room_for_many_colours() -> None:
    steps = np.stack(np.meshgrid(*[[0, 51, 102, 153, 204, 255]] * 3), axis=-1).reshape(12, 18, 3).astype(np.uint8)
    assert np.abs(read_sixel(sixel(Image.fromarray(steps))).astype(int) - steps).max() <= 2


def test_kitty_gets_the_image_in_pieces(image: Image.Image) -> None:
    large = Image.fromarray(np.random.default_rng(1).integers(0, 256, (60, 60, 3), dtype=np.uint8))
    pieces = re.findall(r"\x1b_G([^;]*);([^\x1b]*)\x1b\\", kitty(large))
    assert len(pieces) > 2 and all(len(data) <= 4096 for _, data in pieces)
    assert [orders for orders, _ in pieces] == ["a=T,f=100,q=2,m=1", *["m=1"] * (len(pieces) - 2), "m=0"]
    data = base64.b64decode("".join(data for _, data in pieces))
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(data))), np.asarray(large))
    assert kitty(Image.new("RGB", (4, 4))).startswith("\x1b_Ga=T,f=100,q=2,m=0;")


def test_iterm_gets_the_image(image: Image.Image) -> None:
    match = re.fullmatch(r"\x1b\]1337;File=inline=1;size=(\d+);width=60px;height=40px:(.*)\x07", iterm(image))
    assert match
    data = base64.b64decode(match[2])
    assert len(data) == int(match[1]) and np.array_equal(np.asarray(Image.open(io.BytesIO(data))), np.asarray(image))


@pytest.mark.parametrize(
    ("environment", "protocol"),
    [
        ({"TERM": "xterm-kitty"}, kitty),
        ({"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"}, kitty),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, iterm),
        ({"TERM": "foot"}, sixel),
        ({"TERM": "xterm-256color", "KONSOLE_VERSION": "230801"}, sixel),
        ({"TERM": "xterm-256color", "KONSOLE_VERSION": "210401"}, None),
        ({"TERM": "xterm-256color"}, None),
        ({"TERM": "dumb", "KITTY_WINDOW_ID": "1"}, None),
        ({"TERM": "screen-256color", "TMUX": "x", "KITTY_WINDOW_ID": "1"}, None),
        ({}, None),
    ],
)
def test_the_environment_says_what_a_terminal_can(
    environment: dict[str, str], protocol: Callable[[Image.Image], str] | None
) -> None:
    assert protocol_of(environment) is protocol


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    Image.new("RGB", (30, 30), (200, 10, 10)).save(folder / "duck.png")
    (folder / "broken.png").write_bytes(b"no image")
    return folder


def red_pixels(shown: str) -> int:
    """How many pixels of the drawn picture have the duck's colour."""
    return int((kitty_picture(shown) == (200, 10, 10)).all(axis=2).sum())


class Terminal(io.StringIO):
    """A screen."""

    def isatty(self) -> bool:
        return True


def test_pictures_that_are_files_are_shown(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMUX", raising=False)
    monkeypatch.setenv("TERM", "xterm-kitty")

    def shown(*images: str) -> str:
        monkeypatch.setattr(sys, "stdout", screen := Terminal())
        show_pictures({"goose": [(image, 0.5) for image in images]}, photos)
        return screen.getvalue()

    assert red_pixels(shown("absent.png", "duck.png", "broken.png")) >= 90 * 90
    assert red_pixels(shown("duck.png", "duck.png")) >= 2 * 90 * 90
    assert shown("absent.png") == shown() == ""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("KITTY_WINDOW_ID", raising=False)
    monkeypatch.delenv("KONSOLE_VERSION", raising=False)
    monkeypatch.delenv("LC_TERMINAL", raising=False)
    monkeypatch.delenv("TERM_PROGRAM", raising=False)
    assert shown("duck.png") == "", "a terminal that cannot show pictures gets none"


def test_neighbors_show_pictures_in_a_terminal_and_never_in_a_pipe(
    run: Run, on_screen: OnScreen, vectors: Path, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lexicon = tmp_path / "lexicon.csv"
    lexicon.write_text("word,image\nduck,duck.png\nduck,other.png\nswan,absent.png\n")
    arguments = ["neighbors", str(vectors), "goose", "--lexicon", str(lexicon), "--folder", str(photos)]
    monkeypatch.delenv("TMUX", raising=False)
    monkeypatch.setenv("TERM", "xterm-kitty")
    piped = run(*arguments)
    assert piped.code == 0 and "duck" in piped.out and "\x1b_G" not in piped.out
    shown = on_screen(*arguments)
    assert "duck" in shown
    assert red_pixels(shown) >= 90 * 90
