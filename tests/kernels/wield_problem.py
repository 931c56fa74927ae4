"""A tiny problem for the kernels that read captions: ids, tables, draws, images."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from wordsight.kernels.sampling import Sampling
from wordsight.kernels.vector_tables import VectorTables
from wordsight.kernels.wield import ImageTerm
from wordsight.text.vocabulary import Vocabulary

DIM = 16
OFFSETS = np.array([0, 3, 4, 90, 400], dtype=np.int64)
Tables = TypeVar("Tables", VectorTables, ImageTerm)


def problem(seed: int, *, by_word: bool = False) -> tuple[np.ndarray, VectorTables, Sampling, ImageTerm]:
    """A random corpus of four documents with its tables in float64."""
    random = np.random.default_rng(seed)
    n_words = 20
    ids = random.zipf(1.5, 400).clip(1, n_words).astype(np.int32) - 1
    vocabulary = Vocabulary([f"w{i}" for i in range(n_words)], np.bincount(ids, minlength=n_words) + 1)
    keep = (vocabulary.keep_probabilities(0.05) * (2**32 - 1)).astype(np.uint32)
    tables = VectorTables(
        inputs=random.normal(size=(n_words + 1, DIM)) / 4,
        outputs=random.normal(size=(n_words + 1, DIM)),
    )
    images = ImageTerm(
        targets=random.normal(size=(n_words, 5)),
        document_rows=np.zeros(0, np.int32) if by_word else np.array([7, 2, 2, 11], np.int32),
        weights=random.uniform(0.5, 2, 4),
        head=random.normal(size=(5, DIM)) / 4,
        bias=random.normal(size=5),
        balance=np.array([0.7, 0.3]),
        input_squares=np.full(n_words + 1, 1e-3),
        output_squares=np.full(n_words + 1, 1e-3),
        head_squares=np.full(5, 1e-3),
    )
    return ids, tables, Sampling(keep, *vocabulary.alias_table()), images


def copy(tables: Tables) -> Tables:
    return type(tables)(*(array.copy() for array in tables))
