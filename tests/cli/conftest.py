"""A runner for the command line, and tiny data for it."""

from __future__ import annotations

import base64
import contextlib
import io
import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from PIL import Image

from wordsight.cli import main
from wordsight.images.features import ImageFeatures
from wordsight.vectors.word_vectors import WordVectors

WORDS = [
    "goose",
    "duck",
    "swan",
    "lake",
    "river",
    "water",
    "bird",
    "fly",
    "swim",
    "feather",
    "egg",
    "nest",
    "tree",
    "wood",
    "leaf",
    "sky",
]


class Outcome(NamedTuple):
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str


Run = Callable[..., Outcome]
OnScreen = Callable[..., str]
Refused = Callable[..., None]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Run]:
    """Runs ``wordsight …`` in ``tmp_path``."""
    monkeypatch.chdir(tmp_path)
    log = logging.getLogger("wordsight")
    before = log.handlers, log.level

    def run(*arguments: object) -> Outcome:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        code = ended.value.code
        return Outcome(0 if code is None else int(code), *capsys.readouterr())

    yield run
    log.handlers, log.level = before


@pytest.fixture
def on_screen() -> OnScreen:
    """Runs ``wordsight …`` in a terminal of its own and gives what the terminal got."""
    pty = pytest.importorskip("pty")

    def on_screen(*arguments: object) -> str:
        reading, writing = pty.openpty()
        program = [sys.executable, "-m", "wordsight", *map(str, arguments)]
        with subprocess.Popen(program, stdin=subprocess.DEVNULL, stdout=writing) as process:
            os.close(writing)
            shown = b""
            with contextlib.suppress(OSError):  # Linux's way to say that the other end is closed
                while piece := os.read(reading, 65536):
                    shown += piece
            os.close(reading)
        assert process.returncode == 0
        return shown.decode()

    return on_screen


def kitty_picture(shown: str) -> np.ndarray:
    """The pixels of the picture that a terminal got in kitty's protocol, uint8 ``[height, width, 3]``."""
    data = base64.b64decode("".join(re.findall(r"\x1b_G[^;]*;([^\x1b]*)\x1b\\", shown)))
    return np.asarray(Image.open(io.BytesIO(data)))


@pytest.fixture
def text(tmp_path: Path) -> Path:
    """400 lines of words at random, so that all are frequent."""
    rng = np.random.default_rng(0)
    path = tmp_path / "text.txt"
    path.write_text("".join(" ".join(rng.choice(WORDS, 12)) + "\n" for _ in range(400)))
    return path


@pytest.fixture
def images() -> list[str]:
    """Ids of three images for each of eight words."""
    return [f"{word}/{i}.png" for word in WORDS[:8] for i in range(3)]


@pytest.fixture
def matrix(images: list[str]) -> np.ndarray:
    """Features of the images, float32 [24, 20]."""
    return np.random.default_rng(1).normal(size=(len(images), 20)).astype(np.float32)


@pytest.fixture
def features(tmp_path: Path, images: list[str], matrix: np.ndarray) -> Path:
    """A features directory."""
    ImageFeatures(images, matrix).save(tmp_path / "features")
    return tmp_path / "features"


@pytest.fixture
def labels(tmp_path: Path, images: list[str]) -> Path:
    """A table of words and images."""
    path = tmp_path / "labels.csv"
    path.write_text("word,image\n" + "".join(f"{image.partition('/')[0]},{image}\n" for image in images))
    return path


@pytest.fixture
def captions(tmp_path: Path, images: list[str]) -> Path:
    """A table of captions in two languages."""
    path = tmp_path / "captions.csv"
    lines = (f"{image},{image.partition('/')[0]},en\n{image},die {image.partition('/')[0]},de\n" for image in images)
    path.write_text("image,caption,language\n" + "".join(lines))
    return path


@pytest.fixture
def vectors(tmp_path: Path) -> Path:
    """A vectors directory whose neighbors are known: words lie on a quarter of a circle in their order."""
    angles = np.linspace(0, np.pi / 2, len(WORDS))
    WordVectors(WORDS, np.stack([np.cos(angles), np.sin(angles)], axis=1)).save(tmp_path / "vectors")
    return tmp_path / "vectors"


@pytest.fixture
def refused(run: Run, tmp_path: Path) -> Refused:
    """Checks that a command ends with one line that says why, with exit code 2, and leaves nothing behind."""

    def files() -> set[Path]:
        return set(tmp_path.rglob("*"))

    def refused(*arguments: object, because: str) -> None:
        before = files()
        code, out, err = run(*arguments)
        assert code == 2, (out, err)
        *messages, last = err.splitlines()
        assert last.startswith("wordsight: error: ") and because in last, err
        assert all(message.startswith("encoded ") for message in messages), err
        # An encoded corpus is kept beside its text on purpose, whole and for the next run.
        new = {path.relative_to(tmp_path) for path in files() - before}
        assert not [path for path in new if ".wordsight" not in path.parts[0] or path.name.endswith(".tmp")], new

    return refused


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 256 KiB, where the tests may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no right to mount a file system")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
