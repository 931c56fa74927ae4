"""``train`` that ended early, started again; and two processes at one output."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.cli.conftest import Run
from tests.locking import locked_elsewhere

import wordsight
from wordsight.text.corpus import Corpus
from wordsight.training import checkpoint
from wordsight.training import corpus_passes as skipgram
from wordsight.training.checkpoint import Checkpoints

Command = tuple[object, ...]
OFTEN = ("--workers", 1, "--checkpoint-minutes", 0, "--set", "model.dim=8", "--set", "model.epochs=6")


def stopping(monkeypatch: pytest.MonkeyPatch, after: int, error: type[BaseException] = KeyboardInterrupt) -> None:
    """Lets the run end with an error right after so many checkpoints."""
    write, calls = Checkpoints.write, iter(range(1, 1000))

    def counted(self: Checkpoints, *arguments: Any) -> bool:
        written = write(self, *arguments)
        if next(calls) == after:
            raise error
        return written

    monkeypatch.setattr(Checkpoints, "write", counted)


@pytest.fixture
def stopped(run: Run, text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The arguments of a run that Ctrl-C has ended after four checkpoints."""
    monkeypatch.setattr(skipgram, "CHUNK", 1000)
    sgns = ("train", "sgns", "--text", text, *OFTEN, "--output", "sgns")
    with monkeypatch.context() as patch:
        stopping(patch, after=4)
        result = run(*sgns)
    assert result.code == 130 and "Traceback" not in result.err
    assert "stopped by Ctrl-C; what was learned until then is saved, and the same command goes on from" in result.err
    assert "sgns.partial/0.safetensors (epoch 1 after 3,000 words)" in result.err  # the last one it was told of
    assert wordsight.load(tmp_path / "sgns").interrupted_
    return sgns


def test_the_same_command_goes_on_and_ends_the_same(run: Run, stopped: Command, tmp_path: Path) -> None:
    assert run(*stopped[:-1], "whole").code == 0
    result = run(*stopped)
    assert result.code == 0 and "SGNS: going on at epoch 1 after 4,000 words" in result.err
    for name in ("vectors.safetensors", "model.safetensors", "vocab.txt"):
        assert (tmp_path / "sgns" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    losses = [[row["loss"] for row in wordsight.load(tmp_path / name).history_] for name in ("sgns", "whole")]
    assert losses[0] == losses[1] and not wordsight.load(tmp_path / "sgns").interrupted_
    assert not list(tmp_path.glob("*.partial")) and not list(tmp_path.glob(".*"))


@pytest.mark.parametrize(
    ("changed", "because"),
    [
        (
            ("--set", "model.window=2"),
            "was begun with model.window 5, not 2; give the same settings again to go on, or",
        ),
        (("--seed", 7), "was begun with model.seed 0, not 7"),
        (("--set", "corpus.tokenizer=words", "--set", "corpus.min_count=290"), "was begun with data.Corpus 1 '"),
    ],
)
def test_another_setting_or_other_data_are_refused_by_name(
    run: Run, stopped: Command, tmp_path: Path, changed: Command, because: str
) -> None:
    result = run(*stopped, *changed)
    assert result.code == 2 and f"error: sgns.partial {because}" in result.err
    assert run(*stopped).code == 0, "nothing was lost by that"


def test_a_folder_of_ones_own_is_left_alone(run: Run, text: Path, tmp_path: Path) -> None:
    (tmp_path / "sgns.partial").mkdir()
    (tmp_path / "sgns.partial/thesis.txt").touch()
    result = run("train", "sgns", "--text", text, *OFTEN, "--output", "sgns")
    assert (
        result.code == 2
        and "sgns.partial exists and was not written by wordsight (it holds thesis.txt); move it" in result.err
    )
    assert [path.name for path in (tmp_path / "sgns.partial").iterdir()] == ["thesis.txt"]


def test_a_checkpoint_that_cannot_be_written_does_not_end_the_run(
    run: Run, text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoint, "write_tensors", full)
    result = run("train", "sgns", "--text", text, *OFTEN, "--output", "sgns")
    assert (
        result.code == 0 and "warning: no checkpoint: cannot write sgns.partial/0.safetensors: No space" in result.err
    )
    assert np.isfinite(wordsight.load(tmp_path / "sgns").vectors_.matrix).all()


def test_divergence_names_step_rate_and_checkpoint(
    run: Run, text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(skipgram, "CHUNK", 1000)
    sgns = ("train", "sgns", "--text", text, *OFTEN, "--output", "sgns", "--set", "model.subsample=0")
    result = run(*sgns, "--set", "model.learning_rate=30000")
    assert result.code == 2 and not (tmp_path / "sgns").exists()
    line = result.err.splitlines()[-1]
    assert line.startswith("wordsight: error: SGNS diverged in epoch ") and "at a learning rate of " in line
    assert "; lower learning_rate" in line and "the loss is nan" in line


@pytest.mark.parametrize(
    ("command", "place"),
    [
        ("encode-text text.txt", "out"),
        ("extract .", "out"),
        ("train sgns --text text.txt", "out"),
        ("reproduce wield --data .", "out/cells/wield"),
    ],
)
def test_a_second_process_is_refused(run: Run, text: Path, tmp_path: Path, command: str, place: str) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "photo.png")
    with locked_elsewhere(tmp_path / place):
        result = run(*command.split(), "--output", "out")
    owner = f"{place} is being written by process {os.getpid()}"
    assert result.code == 2 and f"error: {owner}; wait for it, stop it, or choose another output" in result.err


def test_two_trainings_on_a_text_that_is_not_encoded_yet_share_the_work(run: Run, text: Path, tmp_path: Path) -> None:
    """The second waits for the first one's corpus, which both keep, instead of refusing."""
    directory = tmp_path / "text.txt.wordsight"
    results = []
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda _: Corpus.from_text(text), range(2)))
    assert results[0].fingerprint == results[1].fingerprint
    assert len(list(directory.iterdir())) == 1
