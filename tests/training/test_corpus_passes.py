from __future__ import annotations

import numpy as np
import pytest

from wordsight.errors import ParameterError
from wordsight.kernels.visual_term import VisualTerm
from wordsight.text.corpus import Corpus
from wordsight.training.corpus_passes import CHUNK, SkipGramTraining, aligned_zeros

SETTINGS = dict(  # noqa: C408
    dim=20, window=3, negatives=5, subsample=0.0, epochs=3, learning_rate=0.05, seed=0, workers=1
)


def topics(n: int = 2000) -> Corpus:
    """Documents that each take all their words from one of two sets."""
    random = np.random.default_rng(0)
    return Corpus.from_documents(
        [[f"{'ab'[i % 2]}{j}" for j in random.integers(0, 20, 12)] for i in range(n)], min_count=1
    )


def training(corpus: Corpus, **settings: object) -> SkipGramTraining:
    return SkipGramTraining(corpus, **{**SETTINGS, **settings})  # type: ignore[arg-type]


def test_words_of_a_topic_come_together() -> None:
    corpus = topics()
    run = training(corpus)
    run.run("test")
    vectors = run.input_vectors()
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    topic = np.array([word[0] == "a" for word in corpus.vocabulary.words])
    cosines = unit @ unit.T
    same = topic[:, None] == topic
    assert cosines[same].mean() > cosines[~same].mean() + 0.5
    assert [row["epoch"] for row in run.history] == [1, 2, 3]
    assert run.history[-1]["loss"] < run.history[0]["loss"] < 6 * np.log(2) + 0.1


@pytest.mark.parametrize("workers", [1, 3])
def test_loss_starts_at_that_of_guessing(workers: int) -> None:
    """With v = 0 all 1 + K probabilities are one half."""
    run = training(topics(100), epochs=1, learning_rate=1e-9, workers=workers)
    run.run("test")
    # Negatives that hit the centre do not count, so that the loss lies a little below 6 log 2.
    assert 5.6 * np.log(2) < run.history[0]["loss"] <= 6 * np.log(2) + 1e-6


def test_one_worker_is_repeatable_and_another_seed_differs() -> None:
    corpus = topics(200)
    runs = [training(corpus, seed=seed) for seed in (1, 1, 2)]
    for run in runs:
        run.run("test", segments=3)
    first, again, other = (run.input_vectors() for run in runs)
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_between_is_called_after_each_segment_with_the_share_done() -> None:
    shares: list[float] = []

    def between(done: float) -> dict[str, float]:
        shares.append(done)
        return {"extra": done}

    run = training(topics(100), epochs=2)
    run.run("test", segments=4, between=between)
    np.testing.assert_allclose(shares, np.arange(1, 9) / 8, atol=1e-3)
    assert [row["extra"] for row in run.history] == [shares[3], shares[7]]


def test_interruption_keeps_what_was_learned() -> None:
    def between(done: float) -> dict[str, float]:
        raise KeyboardInterrupt

    run = training(topics(100))
    untouched = run.input_vectors()
    run.run("test", segments=2, between=between)
    assert run.interrupted
    assert not np.array_equal(run.input_vectors(), untouched)


def test_every_token_is_read_once_an_epoch() -> None:
    """Chunks, segments and threads leave nothing out: each token is once the centre of a window."""
    corpus = Corpus.from_documents([["x", "y"]] * CHUNK, min_count=1)
    rows, counts = np.array([0, 1], dtype=np.int32), np.zeros(2, dtype=np.int64)
    term = VisualTerm(rows, aligned_zeros(2, 8), aligned_zeros(0, 0), counts, negatives=1, margin=0.5, weight=0.0)
    run = training(corpus, window=1, negatives=1, epochs=2, workers=1, visual=term)
    run.run("test", segments=4)
    assert counts.tolist() == [2 * CHUNK, 2 * CHUNK]


def test_rows_are_aligned() -> None:
    table = aligned_zeros(3, 32)
    assert table.shape == (3, 32) and table.ctypes.data % 64 == 0 and not table.any()


@pytest.mark.parametrize(
    "setting", [{"dim": 0}, {"window": 0}, {"negatives": 0}, {"epochs": 0}, {"learning_rate": 0.0}]
)
def test_settings_that_make_no_sense(setting: dict[str, float]) -> None:
    with pytest.raises(ParameterError, match=next(iter(setting))):
        training(topics(2), **setting)
