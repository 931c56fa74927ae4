"""Hash buckets: vectors for words that are not in the vocabulary.

The words that a model leaves out of its vocabulary, being rare, share a fixed number of vectors: a stable hash of the
word says which is its own, in training and ever after.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wordsight.storage.hashes import bucket_of


@dataclass(frozen=True)
class Buckets:
    """The vectors of those buckets that a word of the training fell into; the others have learned nothing.

    Attributes:
        n: how many buckets there are.
        numbers: int64 [n_used], ascending, which of them were used.
        matrix: float32 [n_used, dim], a vector for each of these.
    """

    n: int
    numbers: np.ndarray
    matrix: np.ndarray

    def get(self, word: str) -> np.ndarray | None:
        """The vector [dim] of a word's bucket; None where no word of the training fell into it."""
        number = bucket_of(word, self.n)
        place = int(np.searchsorted(self.numbers, number))
        found = place < len(self.numbers) and self.numbers[place] == number
        return self.matrix[place] if found else None

    def tensors(self) -> dict[str, np.ndarray]:
        """All of it as named arrays, for a file."""
        return {"bucket_count": np.array([self.n]), "bucket_numbers": self.numbers, "buckets": self.matrix}

    @classmethod
    def of_tensors(cls, tensors: dict[str, np.ndarray]) -> Buckets | None:
        """What :meth:`tensors` gave; None where there is no such thing among the arrays."""
        if "buckets" not in tensors:
            return None
        return cls(int(tensors["bucket_count"][0]), np.array(tensors["bucket_numbers"]), tensors["buckets"])
