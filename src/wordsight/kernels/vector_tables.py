"""The tables of input and output vectors that the text kernels train."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from wordsight.errors import check_at_least_1
from wordsight.kernels.products import LANES
from wordsight.resources import check_table


class VectorTables(NamedTuple):
    """The trained vectors. Rows are padded with zeros; the last row of each table is a spare one that fills tiles.

    Attributes:
        inputs: u, [n_words + 1, padded dim].
        outputs: v, [n_words + 1, padded dim].
    """

    inputs: np.ndarray
    outputs: np.ndarray

    @classmethod
    def initial(cls, n_words: int, dim: int, seed: int) -> VectorTables:
        """The initial tables of word2vec: float32 input vectors uniform in ±1/(2 dim), output vectors zero.

        Raises:
            ParameterError: ``dim`` is less than 1.
            OutOfMemoryError: the tables do not fit into memory.
        """
        check_at_least_1(dim=dim)
        check_table(n_words + 1, dim, "dim or the vocabulary (min_count)")
        inputs = aligned_zeros(n_words + 1, dim)
        random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(0,)))
        inputs[:-1, :dim] = (random.random((n_words, dim), dtype=np.float32) - 0.5) / dim
        return cls(inputs, outputs=aligned_zeros(n_words + 1, dim))

    def input_vectors(self, dim: int) -> np.ndarray:
        """A copy of u without its padding, [n_words, dim]."""
        return self.inputs[:-1, :dim].copy()

    def output_vectors(self, dim: int) -> np.ndarray:
        """A copy of v without its padding, [n_words, dim]."""
        return self.outputs[:-1, :dim].copy()


def aligned_zeros(rows: int, dim: int) -> np.ndarray:
    """Zeros, float32 [rows, dim rounded up to a multiple of 16], aligned to cache lines of 64 bytes."""
    columns = -(-dim // LANES) * LANES
    size = rows * columns * 4
    buffer = np.zeros(size + 64, dtype=np.uint8)
    start = -buffer.ctypes.data % 64
    return buffer[start : start + size].view(np.float32).reshape(rows, columns)
