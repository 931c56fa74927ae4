"""CSLS: a cosine that is lower for words that are near to everything (hubs); memory stays bounded.

Conneau, Lample, Ranzato, Denoyer, Jégou: Word Translation Without Parallel Data. ICLR 2018 (section 2.3)::

    CSLS(x, y) = 2 cos(x, y) − r(x) − r(y),    r: mean cosine to the ten nearest vectors of the other side
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from wordsight.progress import progress
from wordsight.vectors.search import top

NEIGHBOURS = 10
_BLOCK = 2**22  # scores held at a time


class Best(NamedTuple):
    """The best counterpart of each vector.

    Attributes:
        rows: int64 [n].
        scores: float32 [n], its CSLS.
    """

    rows: np.ndarray
    scores: np.ndarray


def hubness(vectors: np.ndarray, others: np.ndarray, k: int = NEIGHBOURS) -> np.ndarray:
    """Computes r, the mean cosine of each vector to its k nearest among the others, float64 [n].

    Args:
        vectors: float32 [n, dim], unit rows.
        others: float32 [n_others, dim], unit rows.
        k: how many of the others count; all where there are fewer.
    """
    k = min(k, len(others))
    means = np.empty(len(vectors))
    step = max(1, _BLOCK // len(others))
    for start in range(0, len(vectors), step):
        scores = vectors[start : start + step] @ others.T
        means[start : start + step] = np.partition(scores, -k, axis=1)[:, -k:].mean(axis=1, dtype=np.float64)
    return means


def best(vectors: np.ndarray, others: np.ndarray, r_vectors: np.ndarray, r_others: np.ndarray) -> Best:
    """Finds for each vector the counterpart with the highest CSLS.

    Args:
        vectors: float32 [n, dim], unit rows.
        others: float32 [n_others, dim], unit rows.
        r_vectors: [n], the hubness of the vectors among the others.
        r_others: [n_others], the hubness of the others among the vectors.
    """
    rows, values = np.empty(len(vectors), dtype=np.int64), np.empty(len(vectors), dtype=np.float32)
    for block, scores in _scores(vectors, others, r_others):
        rows[block] = scores.argmax(axis=1)
        values[block] = np.take_along_axis(scores, rows[block][:, None], axis=1)[:, 0] - r_vectors[block]
    return Best(rows, values)


def ranked(vectors: np.ndarray, others: np.ndarray, r_others: np.ndarray, topn: int) -> np.ndarray:
    """Rows of the others with the highest CSLS, int64 [n, min(topn, n_others)], best first.

    r(x) is left out: it is the same for all answers to one vector.

    Args:
        vectors: float32 [n, dim], unit rows.
        others: float32 [n_others, dim], unit rows.
        r_others: [n_others], the hubness of the others among the vectors' side.
        topn: how many rows a vector.
    """
    rows = np.empty((len(vectors), min(topn, len(others))), dtype=np.int64)
    with progress("CSLS", len(vectors), unit="queries") as advance:
        for block, scores in _scores(vectors, others, r_others):
            rows[block] = top(scores, topn)
            advance(len(scores))
    return rows


def _scores(vectors: np.ndarray, others: np.ndarray, r_others: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    """Blocks of vectors with their CSLS to all others, without −r(x); float32 [n_block, n_others]."""
    step = max(1, _BLOCK // len(others))
    for start in range(0, len(vectors), step):
        block = slice(start, start + step)
        yield block, 2 * (vectors[block] @ others.T) - r_others.astype(np.float32)


def mutual(vectors: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, float]:
    """Finds the pairs of vectors that are each other's best counterpart, and how good the counterparts are.

    Args:
        vectors: float32 [n, dim], unit rows.
        others: float32 [n_others, dim], unit rows.

    Returns:
        int64 [n_pairs, 2], rows of the two sides; and the mean CSLS of the vectors' best counterparts, MUSE's measure
        of a mapping for which no dictionary is needed (section 3.5).
    """
    r_vectors, r_others = hubness(vectors, others), hubness(others, vectors)
    there, back = best(vectors, others, r_vectors, r_others), best(others, vectors, r_others, r_vectors)
    rows = np.arange(len(vectors))
    agreed = back.rows[there.rows] == rows
    return np.stack([rows, there.rows], axis=1)[agreed], float(there.scores.mean(dtype=np.float64))
