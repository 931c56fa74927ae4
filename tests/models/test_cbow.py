"""CBOW learns which words stand in the same contexts."""

from __future__ import annotations

import numpy as np
import pytest

from wordsight.errors import ParameterError
from wordsight.models.cbow import CBOW
from wordsight.text.corpus import Corpus


def corpus() -> Corpus:
    """Sentences of two topics; within a topic its two nouns stand in the same contexts."""
    random = np.random.default_rng(0)
    topics = [
        ("cat", "dog", ["fur", "paw", "bark", "purr", "tail"]),
        ("sun", "moon", ["sky", "shine", "rise", "set", "light"]),
    ]
    sentences = []
    for _ in range(600):
        first, second, words = topics[random.integers(2)]
        sentences.append([*random.choice(words, 2), str(random.choice([first, second])), *random.choice(words, 2)])
    return Corpus.from_documents(sentences)


def test_words_of_the_same_contexts_come_together() -> None:
    model = CBOW(dim=16, window=2, epochs=10, subsample=0, workers=1).fit(corpus())
    vectors = model.vectors_
    assert vectors.similarity("cat", "dog") > 0.8 and vectors.similarity("sun", "moon") > 0.8
    assert max(vectors.similarity(a, b) for a in ("cat", "dog") for b in ("sun", "moon")) < 0.3
    losses = [row["loss"] for row in model.history_]
    assert losses[-1] < losses[0] < (1 + 5) * np.log(2) + 1e-6  # at first each of the 1 + 5 outputs is a toss-up


def test_several_threads_learn_the_same_things() -> None:
    vectors = CBOW(dim=16, window=2, epochs=10, subsample=0, workers=2).fit(corpus()).vectors_
    assert vectors.similarity("cat", "dog") > 0.8 > vectors.similarity("cat", "moon")


def test_settings_are_checked_as_for_skip_gram() -> None:
    with pytest.raises(ParameterError, match="window is 0"):
        CBOW(dim=8, window=0, workers=1).fit(corpus())
