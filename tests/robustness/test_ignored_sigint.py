"""Where SIGINT is ignored from the start, as in a script's background jobs, training goes on to its end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import wordsight

PROGRAM = """
import contextlib, os, signal, sys
from wordsight.cli import main
from wordsight.training import corpus_passes

@contextlib.contextmanager
def interrupted(*_, **__):
    yield lambda *_, **__: os.kill(os.getpid(), signal.SIGINT)

corpus_passes.progress = interrupted
print(signal.getsignal(signal.SIGINT).name, flush=True)
main(sys.argv[1:])
"""


@pytest.mark.skipif(os.name != "posix", reason="Windows has no signals that a process inherits as ignored")
def test_training_goes_on(tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("goose duck swan lake\n" * 50)
    command = ["train", "sgns", "--text", "text.txt", "--output", "sgns", "--workers", "2"]
    command += ["--set", "model.epochs=3", "--set", "model.subsample=0"]
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # a child inherits what is ignored
    try:
        child = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *command],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    finally:
        signal.signal(signal.SIGINT, before)
    out, err = child.communicate(timeout=120)
    assert child.returncode == 0, err
    assert out.startswith("SIG_IGN\n") and "saved in sgns" in out
    model = wordsight.load(tmp_path / "sgns")
    assert not model.interrupted_ and len(model.history_) == 3
