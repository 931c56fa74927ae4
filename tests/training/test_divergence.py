"""Runs that go out of bounds are stopped, and say where."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from wordsight.errors import DivergenceError
from wordsight.text.corpus import Corpus
from wordsight.training import corpus_passes as skipgram
from wordsight.training.checkpoint import checkpointing
from wordsight.training.minibatches import train
from wordsight.training.word2vec_passes import word2vec_passes


def sgd(losses: list[float], gradient: float = 0.0, rate: float = 0.5) -> tuple[torch.Tensor, Callable[[], None]]:
    """A weight and a run that reports these losses."""
    weight = torch.zeros(1, requires_grad=True)
    given = iter(losses)

    def step(batch: torch.Tensor) -> torch.Tensor:
        return (weight * gradient).sum() + next(given)

    def run() -> None:
        generator = torch.Generator().manual_seed(0)
        optimizer = torch.optim.SGD([weight], lr=rate)
        train(step, [optimizer], 6, epochs=2, batch_size=2, generator=generator, label="Model")

    return weight, run


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_a_loss_that_is_not_finite(bad: float) -> None:
    _, run = sgd([1.0, 1.0, 1.0, 1.0, bad])
    with pytest.raises(DivergenceError) as caught:
        run()
    # Of two epochs of three steps, before the fifth: 2/3 of the rate's fall is done.
    rate = 0.5 * (1 - 4 / 6)
    message = f"Model diverged in step 2 of epoch 2, at a learning rate of {rate:.3g}: the loss is {bad}; lower"
    assert str(caught.value).startswith(message) and "checkpoint" not in str(caught.value)


def test_a_parameter_that_explodes_while_the_loss_stays_finite() -> None:
    weight, run = sgd([0.0] * 6, gradient=1e7)
    with pytest.raises(DivergenceError, match=r"Model diverged in epoch 1 after 6 items, at .*: a learned number is"):
        run()
    assert weight.abs().item() > 1e6


def test_the_last_good_checkpoint_is_named(tmp_path: Path) -> None:
    _, run = sgd([1.0, 1.0, 1.0, float("nan")])
    with (
        pytest.raises(
            DivergenceError, match=r"; the last good checkpoint is .*0\.safetensors \(epoch 1 after 6 items\)$"
        ),
        checkpointing(tmp_path / "run", {}, minutes=0),
    ):
        run()
    assert (tmp_path / "run/0.safetensors").is_file()


@pytest.mark.parametrize("table", ["inputs", "outputs"])
@pytest.mark.parametrize("word", [0, 99])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -2e6])
def test_one_bad_number_in_a_table(monkeypatch: pytest.MonkeyPatch, table: str, word: int, bad: float) -> None:
    """Of a frequent word it is seen after the chunk, of any other at the end of the pass."""
    monkeypatch.setattr(skipgram, "CHUNK", 200)
    corpus = Corpus.from_documents([[f"w{i:02}" for i in range(100)]] * 10, min_count=1)
    settings: dict[str, Any] = {
        "dim": 4,
        "window": 2,
        "negatives": 2,
        "subsample": 0.0,
        "epochs": 1,
        "learning_rate": 0.1,
    }
    n = 0

    def kernel(*_: object) -> tuple[float, int]:
        nonlocal n
        n += 1
        if n == 2:
            getattr(training.tables, table)[word, 1] = bad
        return 0.7, 1

    training = word2vec_passes(corpus, lambda _: kernel, **settings, seed=0, workers=1)
    with pytest.raises(DivergenceError) as caught:
        training.run("SGNS")
    # (The thread may be a chunk ahead of who looks.)
    seen = "(200 words, at a learning rate of 0.08|400 words, at a learning rate of 0.06)"
    seen = seen if word == 0 else "1,000 words, at a learning rate of 1e-05"
    assert re.match(f"SGNS diverged in epoch 1 after {seen}: a learned number is", str(caught.value))
