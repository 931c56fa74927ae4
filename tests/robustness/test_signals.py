"""Ctrl-C, SIGTERM and SIGHUP: what was learned is saved, and the same command goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import wordsight
from wordsight.images.features import ImageFeatures

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has no such signals")

PROGRAM = """
import contextlib, os, signal, sys
from wordsight.cli import main
from wordsight.training import corpus_passes, minibatches

number, at, times, ignored = map(int, sys.argv[1:5])
done = 0

@contextlib.contextmanager
def stepping(*_, **__):
    def advance(n, **_):
        global done
        done += n > 0  # a resumed run first says how much is behind it
        if done == at:
            for _ in range(times):
                os.kill(os.getpid(), number)
    yield advance

corpus_passes.CHUNK = 1000
corpus_passes.progress = minibatches.progress = stepping
if ignored:
    signal.signal(number, signal.SIG_IGN)
main(sys.argv[5:])
"""
TRAIN_SGNS = ("train", "sgns", "--text", "text.txt", "--workers", "1", "--seed", "0", "--set", "model.epochs=4")
TRAIN_IMAGEVEC = ("train", "imagevec", "--captions", "captions.csv", "--features", "features", "--workers", "1",
                  "--set", "model.epochs=4", "--set", "model.batch_size=4", "--set", "model.dim=4")  # fmt: skip


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    words = ["goose", "duck", "swan", "lake", "river", "water"]
    (tmp_path / "text.txt").write_text("".join(" ".join(rng.choice(words, 10)) + "\n" for _ in range(400)))
    images = [f"i{i}" for i in range(20)]
    ImageFeatures(images, rng.normal(size=(20, 8)).astype(np.float32)).save(tmp_path / "features")
    captions = [f"{image},{' '.join(rng.choice(words, 3))}" for image in images]
    (tmp_path / "captions.csv").write_text("image,caption\n" + "\n".join(captions) + "\n")
    return tmp_path


def run(
    folder: Path, number: int, at: int, *command: str, times: int = 1, ignored: bool = False
) -> subprocess.CompletedProcess[str]:
    """Runs a command that gets a signal at a step, so many times at once."""
    arguments = [sys.executable, "-c", PROGRAM, *map(str, map(int, (number, at, times, ignored))), *command]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.run(arguments, cwd=folder, capture_output=True, text=True, timeout=120, env=environment)


@pytest.mark.parametrize(
    ("command", "name", "code"),
    [
        (TRAIN_SGNS, "SIGINT", 130),
        (TRAIN_SGNS, "SIGTERM", 143),
        (TRAIN_SGNS, "SIGHUP", 129),
        (TRAIN_IMAGEVEC, "SIGTERM", 143),
    ],
)
def test_a_stopped_training_goes_on_from_that_very_step(
    inputs: Path, command: tuple[str, ...], name: str, code: int
) -> None:
    number = signal.Signals[name]
    assert run(inputs, number, 10**9, *command, "--output", "whole").returncode == 0
    stopped = run(inputs, number, 7, *command, "--output", "out")
    assert stopped.returncode == code, stopped.stderr
    assert "saved in out" in stopped.stdout and "the same command goes on from out.partial" in stopped.stderr
    model = wordsight.load(inputs / "out")
    assert model.interrupted_ and len(model.history_) == 1
    resumed = run(inputs, number, 10**9, *command, "--output", "out")
    assert resumed.returncode == 0, resumed.stderr
    assert "going on at epoch 2 after" in resumed.stderr
    for file in ("vectors.safetensors", "model.safetensors"):
        assert (inputs / "out" / file).read_bytes() == (inputs / "whole" / file).read_bytes()
    assert sorted(path.name for path in inputs.glob("*.partial")) == []


def test_a_second_signal_ends_at_once(inputs: Path) -> None:
    ended = run(inputs, signal.SIGTERM, 3, *TRAIN_SGNS, "--output", "out", times=2)
    assert ended.returncode == 143 and not ended.stdout and "Traceback" not in ended.stderr
    assert not (inputs / "out").exists()


def test_what_was_ignored_at_the_start_stays_ignored(inputs: Path) -> None:
    done = run(inputs, signal.SIGHUP, 3, *TRAIN_SGNS, "--output", "out", ignored=True)
    assert done.returncode == 0, done.stderr
    assert not wordsight.load(inputs / "out").interrupted_
