from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from wordsight.errors import ParameterError
from wordsight.kernels.skipgram import skipgram_kernel
from wordsight.kernels.vector_tables import aligned_zeros
from wordsight.kernels.visual_term import VisualTerm
from wordsight.text.corpus import Corpus
from wordsight.training.corpus_passes import CHUNK, CorpusPasses, Segment
from wordsight.training.word2vec_passes import word2vec_passes

SETTINGS: dict[str, Any] = {
    "dim": 20,
    "window": 3,
    "negatives": 5,
    "subsample": 0.0,
    "epochs": 3,
    "learning_rate": 0.05,
    "seed": 0,
    "workers": 1,
}


def topics(n: int = 2000) -> Corpus:
    """Documents that each take all their words from one of two sets."""
    random = np.random.default_rng(0)
    return Corpus.from_documents(
        [[f"{'ab'[i % 2]}{j}" for j in random.integers(0, 20, 12)] for i in range(n)], min_count=1
    )


def passes(corpus: Corpus, **settings: Any) -> CorpusPasses:
    return word2vec_passes(corpus, skipgram_kernel, **{**SETTINGS, **settings})


def test_words_of_a_topic_come_together() -> None:
    corpus = topics()
    run = passes(corpus)
    run.run("test")
    vectors = run.tables.input_vectors(20)
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
    run = passes(topics(100), epochs=1, learning_rate=1e-9, workers=workers)
    run.run("test")
    # Negatives that hit the centre do not count, so that the loss lies a little below 6 log 2.
    assert 5.6 * np.log(2) < run.history[0]["loss"] <= 6 * np.log(2) + 1e-6


def test_one_worker_is_repeatable_and_another_seed_differs() -> None:
    corpus = topics(200)
    runs = [passes(corpus, seed=seed) for seed in (1, 1, 2)]
    for run in runs:
        run.run("test", segments=3)
    first, again, other = (run.tables.input_vectors(20) for run in runs)
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_between_is_called_after_each_segment_with_the_share_done_and_the_rate() -> None:
    segments: list[Segment] = []

    def between(segment: Segment) -> dict[str, float]:
        segments.append(segment)
        return {"extra": segment.done}

    run = passes(topics(100), epochs=2)
    run.run("test", segments=4, between=between)
    done, rates = zip(*segments, strict=True)
    np.testing.assert_allclose(done, np.arange(1, 9) / 8, atol=1e-3)
    # The rate falls linearly over the run, so that its mean over a segment is what it is in the middle.
    np.testing.assert_allclose(rates, 0.05 * (1 - (np.arange(8) + 0.5) / 8), atol=1e-4)
    assert [row["extra"] for row in run.history] == [done[3], done[7]]


def test_interruption_keeps_what_was_learned() -> None:
    def between(_: Segment) -> dict[str, float]:
        raise KeyboardInterrupt

    run = passes(topics(100))
    untouched = run.tables.input_vectors(20)
    run.run("test", segments=2, between=between)
    assert run.interrupted
    assert not np.array_equal(run.tables.input_vectors(20), untouched)


def test_every_token_is_read_once_an_epoch() -> None:
    """Chunks, segments and threads leave nothing out: each token is once the centre of a window."""
    corpus = Corpus.from_documents([["x", "y"]] * CHUNK, min_count=1)
    rows, counts = np.array([0, 1], dtype=np.int32), np.zeros(2, dtype=np.int64)
    term = VisualTerm(rows, aligned_zeros(2, 8), aligned_zeros(0, 0), counts, negatives=1, margin=0.5, weight=0.0)
    run = passes(corpus, window=1, negatives=1, epochs=2, workers=1, term=term)
    run.run("test", segments=4)
    assert counts.tolist() == [2 * CHUNK, 2 * CHUNK]


@pytest.mark.parametrize(
    "setting", [{"dim": 0}, {"window": 0}, {"negatives": 0}, {"epochs": 0}, {"learning_rate": 0.0}]
)
def test_settings_that_make_no_sense(setting: dict[str, float]) -> None:
    with pytest.raises(ParameterError, match=next(iter(setting))):
        passes(topics(2), **setting)
