"""Hash buckets: vectors for words that are not in the vocabulary.

The rare words that a model leaves out of its vocabulary share a fixed number of vectors. A stable hash of the word says
which vector is its own, in training and later.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wordsight.storage.hashes import bucket_of


@dataclass(frozen=True)
class Buckets:
    """The vectors of the hash buckets that a word of the training fell into; the others learned nothing.

    Attributes:
        n: how many buckets there are.
        numbers: int64 [n_used], ascending: the buckets that at least one word of the training fell into.
        matrix: float32 [n_used, dim], their vectors.
    """

    n: int
    numbers: np.ndarray
    matrix: np.ndarray

    def get(self, word: str) -> np.ndarray | None:
        """The vector [dim] of a word's bucket; None where no word of the training fell into it."""
        number = bucket_of(word, self.n)
        row = int(np.searchsorted(self.numbers, number))
        found = row < len(self.numbers) and self.numbers[row] == number
        return self.matrix[row] if found else None

    def tensors(self) -> dict[str, np.ndarray]:
        """Returns everything as named arrays, for a file."""
        return {"bucket_count": np.array([self.n]), "bucket_numbers": self.numbers, "buckets": self.matrix}

    @classmethod
    def from_tensors(cls, tensors: dict[str, np.ndarray]) -> Buckets | None:
        """Restores what :meth:`tensors` gave; None where the arrays hold no buckets."""
        if "buckets" not in tensors:
            return None
        return cls(int(tensors["bucket_count"][0]), np.array(tensors["bucket_numbers"]), tensors["buckets"])
