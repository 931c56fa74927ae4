"""Vocabulary: words, counts, word ↔ id, and the probabilities that training derives from the counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Self

import numpy as np

from wordsight.errors import DataError, ParameterError
from wordsight.text.near_words import unknown_word


class Vocabulary:
    """Words by falling count; a word's id is its position.

    Attributes:
        words: the words, unique.
        counts: int64 [n_words], how often each occurs in the corpus.
    """

    def __init__(self, words: Sequence[str], counts: np.ndarray | Sequence[int]) -> None:
        """Checks that there are as many counts as words and that no word comes twice.

        Raises:
            DataError: the lengths differ or a word is repeated.
        """
        self.words = list(words)
        self.counts = np.asarray(counts, dtype=np.int64)
        if self.counts.shape != (len(self.words),):
            raise DataError(f"a vocabulary of {len(self.words)} words has {self.counts.size} counts; give one a word")
        if len(self._index) != len(self.words):
            twice = next(word for i, word in enumerate(self.words) if self._index[word] != i)
            raise DataError(f"the word {twice!r} comes twice in the vocabulary; words must be unique")

    @classmethod
    def from_counts(cls, counts: Mapping[str, int], min_count: int, *, source: str) -> Self:
        """Makes a vocabulary of the words that occur often enough, by falling count, then by name.

        Args:
            counts: how often each word occurs.
            min_count: words that occur less often are left out.
            source: what the words come from, for messages, e.g. ``"the captions"``.

        Raises:
            DataError: no word occurs ``min_count`` times.
        """
        kept = sorted((word for word, n in counts.items() if n >= min_count), key=lambda word: (-counts[word], word))
        if not kept:
            raise DataError(f"no word of {source} occurs {min_count} times; lower min_count")
        return cls(kept, [counts[word] for word in kept])

    def merged(self, other: Vocabulary) -> Vocabulary:
        """The words of both by falling sum of counts; where sums are equal, this one's words come first."""
        words = [*self.words, *(word for word in other.words if word not in self)]
        counts = np.zeros(len(words), dtype=np.int64)
        counts[: len(self)] = self.counts
        index = {word: i for i, word in enumerate(words)}
        counts[[index[word] for word in other.words]] += other.counts
        order = np.argsort(-counts, kind="stable")
        return Vocabulary([words[i] for i in order], counts[order])

    @cached_property
    def _index(self) -> dict[str, int]:
        return {word: i for i, word in enumerate(self.words)}

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self._index

    def __repr__(self) -> str:
        return f"Vocabulary({len(self):,} words, {self.total:,} tokens)"

    @property
    def total(self) -> int:
        """The number of tokens: the sum of the counts."""
        return int(self.counts.sum())

    def id(self, word: str) -> int:
        """The id of a word.

        Raises:
            UnknownNameError: the word is not in the vocabulary; the message suggests near ones.
        """
        if word not in self._index:
            raise unknown_word("word", word, self._index, "it is not in the vocabulary")
        return self._index[word]

    def ids(self, words: Iterable[str]) -> np.ndarray:
        """The ids of words, int32 [n]; -1 for those that are not in the vocabulary."""
        get = self._index.get
        return np.fromiter((get(word, -1) for word in words), dtype=np.int32)

    def keep_probabilities(self, subsample: float) -> np.ndarray:
        """Computes the probability of keeping an occurrence of each word, float64 [n_words].

        ``min(1, sqrt(t/f) + t/f)`` with f the word's share of the tokens, as in the word2vec program (Mikolov
        et al. 2013, section 2.3, give a slightly different formula).

        Args:
            subsample: the threshold t; 0 keeps everything.

        Raises:
            ParameterError: ``subsample`` is negative.
        """
        if subsample < 0:
            raise ParameterError(f"subsample is {subsample}; it must be 0 (off) or a small positive number like 1e-4")
        if subsample == 0:
            return np.ones(len(self))
        ratio = subsample * self.total / np.maximum(self.counts, 1)
        return np.minimum(1.0, np.sqrt(ratio) + ratio)

    def alias_table(self, power: float = 0.75) -> tuple[np.ndarray, np.ndarray]:
        """Builds Walker's alias table for drawing words with probability proportional to ``count**power``.

        A draw takes a uniform position i and a uniform 32-bit number u; the word is i if u < threshold[i], else
        alias[i].

        Returns:
            thresholds uint32 [n_words] and aliases int32 [n_words].
        """
        weights = self.counts.astype(np.float64) ** power
        scaled = weights * (len(self) / weights.sum())
        alias = np.arange(len(self), dtype=np.int32)
        small = [int(i) for i in np.flatnonzero(scaled < 1)]
        large = [int(i) for i in np.flatnonzero(scaled >= 1)]
        while small and large:
            lacking, giving = small.pop(), large[-1]
            alias[lacking] = giving
            scaled[giving] -= 1 - scaled[lacking]
            if scaled[giving] < 1:
                small.append(large.pop())
        scaled[small + large] = 1  # what is left differs from 1 by rounding only
        return np.minimum(scaled * 2.0**32, 2.0**32 - 1).astype(np.uint32), alias
