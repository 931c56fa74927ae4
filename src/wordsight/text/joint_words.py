"""JointWords: one vocabulary for several inputs of a model, with each language's words together."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import Self

import numpy as np

from wordsight.text.corpus import Corpus
from wordsight.text.language_tags import language_of
from wordsight.text.languages import blocks
from wordsight.text.vocabulary import Vocabulary


class JointWords:
    """One vocabulary for all inputs of a model.

    Attributes:
        vocabulary: each language's words together; the counts are those of the text, 0 for words that it lacks, or all
            1 where there is no text.
        corpus: the text in the vocabulary's ids; None where there is no text.
    """

    def __init__(self, vocabulary: Vocabulary, corpus: Corpus | None) -> None:
        self.vocabulary = vocabulary
        self.corpus = corpus

    @classmethod
    def of(cls, corpus: Corpus | None, *others: Sequence[str]) -> Self:
        """Joins the words of a text and the tagged words of other inputs.

        Raises:
            DataError: a word has no language tag.
        """
        counts = {} if corpus is None else dict(zip(corpus.vocabulary.words, corpus.vocabulary.counts, strict=True))
        words: dict[str, dict[str, None]] = {}
        for word in (*counts, *itertools.chain.from_iterable(others)):
            words.setdefault(language_of(word), {})[word] = None
        ordered = list(itertools.chain.from_iterable(words.values()))
        missing = 0 if corpus is not None else 1
        vocabulary = Vocabulary(ordered, [int(counts.get(word, missing)) for word in ordered])
        blocks(vocabulary)
        if corpus is None:
            return cls(vocabulary, None)
        renumbered = vocabulary.ids(corpus.vocabulary.words)[np.asarray(corpus.ids)]
        return cls(vocabulary, Corpus(vocabulary, renumbered, np.asarray(corpus.offsets)))

    def rows(self, words: Iterable[str]) -> np.ndarray:
        """Looks up the ids of words, int64 [n]."""
        return self.vocabulary.ids(words).astype(np.int64)
