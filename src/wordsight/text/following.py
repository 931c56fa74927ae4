"""A text that is read after another one: one vocabulary for both."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from wordsight.text.corpus import Corpus
from wordsight.text.vocabulary import Vocabulary


class FollowingText(NamedTuple):
    """A text in a vocabulary that also has the words of an earlier text.

    Attributes:
        corpus: the text; the counts of its vocabulary are those of this text alone, 0 for words that it lacks.
        frequencies: the same words with the counts of both texts.
    """

    corpus: Corpus
    frequencies: Vocabulary


def following(corpus: Corpus, earlier: Vocabulary) -> FollowingText:
    """Merges a text's words with those of an earlier text; the ids of the text are copied into memory.

    Args:
        corpus: the text.
        earlier: words and counts of the earlier text; counts of 0 where they are not known.
    """
    frequencies = earlier.merged(corpus.vocabulary)
    rows = frequencies.ids(corpus.vocabulary.words)
    counts = np.zeros(len(frequencies), dtype=np.int64)
    counts[rows] = corpus.vocabulary.counts
    ids = rows[np.asarray(corpus.ids)]
    return FollowingText(Corpus(Vocabulary(frequencies.words, counts), ids, np.asarray(corpus.offsets)), frequencies)
