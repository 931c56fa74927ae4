"""A text after another one: its documents stay, its counts are its own, frequencies are those of both."""

from __future__ import annotations

import numpy as np

from wordsight.kernels.sampling import Sampling
from wordsight.text.corpus import Corpus
from wordsight.text.following import following
from wordsight.text.vocabulary import Vocabulary

EARLIER = Vocabulary(["the", "goose", "gander"], [10, 4, 3])


def text() -> Corpus:
    return Corpus.from_documents([["the", "swan", "swan"], ["the", "goose", "swan", "swan", "swan"]], min_count=1)


def test_documents_and_own_counts_stay() -> None:
    corpus, frequencies = following(text(), EARLIER)
    assert list(corpus.documents()) == list(text().documents())
    assert frequencies.words == corpus.vocabulary.words == ["the", "goose", "swan", "gander"]
    assert frequencies.counts.tolist() == [12, 5, 5, 3]
    assert corpus.vocabulary.counts.tolist() == [2, 1, 5, 0] and len(corpus) == 8
    corpus.check_ids()


def test_words_that_the_text_lacks_are_never_drawn_and_others_by_the_frequencies_of_both() -> None:
    corpus, frequencies = following(text(), EARLIER)
    tables = Sampling.following(frequencies, corpus.vocabulary.counts, subsample=1e-2)
    kept = tables.thresholds / 2.0**32
    drawn = kept.copy()
    np.add.at(drawn, tables.aliases, 1 - kept)
    expected = np.array([12, 5, 5, 0]) ** 0.75
    np.testing.assert_allclose(drawn / 4, expected / expected.sum(), atol=1e-8)
    assert kept[3] == 0 and 3 not in tables.aliases[kept < 1 - 1e-9]
    ratio = 1e-2 * 25 / np.array([12, 5, 5, 3])
    np.testing.assert_allclose(tables.keep / (2**32 - 1), np.minimum(1, np.sqrt(ratio) + ratio), rtol=1e-6)
