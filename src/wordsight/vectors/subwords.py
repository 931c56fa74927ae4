"""Subwords: vectors for words that are not in the vocabulary, from their character n-grams, as fastText makes them.

Bojanowski, Grave, Joulin, Mikolov: Enriching Word Vectors with Subword Information. TACL 2017.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wordsight.progress import progress


@dataclass(frozen=True)
class Subwords:
    """The vectors of the buckets that the n-grams of all words fall into.

    Attributes:
        shortest: characters of the shortest n-gram, at least 1; ``<`` and ``>`` around the word count.
        longest: characters of the longest.
        matrix: float32 ``[n_buckets, dim]``, perhaps memory-mapped.
    """

    shortest: int
    longest: int
    matrix: np.ndarray

    def buckets(self, word: str) -> np.ndarray:
        """The buckets of a word's n-grams, int64 ``[n_ngrams]``; one comes as often as it does in the word."""
        from wordsight.vectors._ngrams import ngrams  # imported here, since few vectors need numba

        letters = np.frombuffer(f"<{word}>".encode(errors="replace"), dtype=np.uint8)
        found = np.empty(len(letters) * max(1, self.longest), dtype=np.int64)
        return found[: ngrams(letters, self.shortest, self.longest, len(self.matrix), found)]

    def get(self, word: str) -> np.ndarray | None:
        """The mean ``[dim]`` of the vectors of a word's n-grams; None for a word that is too short to have any."""
        buckets = self.buckets(word)
        return self.matrix[buckets].mean(axis=0, dtype=np.float32) if len(buckets) else None

    def word_vectors(self, words: Sequence[str], own: np.ndarray, whole: frozenset[str]) -> np.ndarray:
        """The vectors of words that have one of their own too: the mean of it and of those of its n-grams.

        Args:
            words: the words.
            own: float32 ``[n_words, dim]``, their own vectors.
            whole: words without n-grams.

        Returns:
            float32 ``[n_words, dim]``.
        """
        means = np.array(own)
        with progress("adding n-grams", len(words), unit="words") as advance:
            for row, word in enumerate(words):
                if word not in whole:
                    buckets = self.buckets(word)
                    means[row] = (means[row] + self.matrix[buckets].sum(axis=0)) / (len(buckets) + 1)
                advance(1)
        return means

    def tensors(self) -> dict[str, np.ndarray]:
        """Returns everything as named arrays, for a file."""
        return {"subword_lengths": np.array([self.shortest, self.longest]), "subwords": self.matrix}

    @classmethod
    def from_tensors(cls, tensors: dict[str, np.ndarray]) -> Subwords | None:
        """Restores what :meth:`tensors` gave; None where the arrays hold no subwords."""
        if "subwords" not in tensors:
            return None
        shortest, longest = (int(length) for length in tensors["subword_lengths"])
        return cls(shortest, longest, tensors["subwords"])
