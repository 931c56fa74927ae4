"""Finds the nearest rows by cosine; memory stays bounded, and nothing large is copied."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wordsight.errors import check_at_least_1
from wordsight.progress import progress
from wordsight.storage.arrays import check_not_cut

Term = str | np.ndarray
"""A word or a vector ``[dim]``."""
Query = Term | Sequence[Term]
"""One term, several, or an array of vectors ``[n, dim]``."""

_BLOCK = 2**24  # scores held at a time, 64 MiB of float32
_GROUP = 128  # scores whose maximum is looked at together


def row_scales(matrix: np.ndarray) -> np.ndarray:
    """Computes 1 / Euclidean norm of each row, 0 for zero rows: ``matrix * scales[:, None]`` has unit rows.

    Args:
        matrix: float32 ``[n, dim]``.

    Returns:
        float32 ``[n]``; not finite exactly where a row is not finite.
    """
    norms = np.empty(len(matrix))
    for start in range(0, len(matrix), 1024):  # float64 so that no square overflows; blocks that stay in cache
        block = matrix[start : start + 1024].astype(np.float64)
        norms[start : start + 1024] = np.sqrt(np.einsum("ij,ij->i", block, block))
    with np.errstate(invalid="ignore"):
        zero = norms < np.finfo(np.float32).tiny
        scales = np.divide(1.0, norms, where=~zero, out=np.zeros(len(matrix)))
    scales[np.isinf(norms)] = np.nan
    return scales.astype(np.float32)


def unit_rows(matrix: np.ndarray) -> np.ndarray:
    """Divides rows by their norms, float32 ``[n, dim]``; zero rows stay zero."""
    matrix = np.asarray(matrix, dtype=np.float32)
    unit: np.ndarray = matrix * row_scales(matrix)[:, None]
    return unit


def top(scores: np.ndarray, n: int) -> np.ndarray:
    """Finds the positions of the ``n`` highest scores along the last axis, best first.

    Equal scores stand in the order of their positions; which of them are taken at the border is left open.

    Args:
        scores: ``[..., n_candidates]``.
        n: how many; fewer come back where there are fewer candidates.

    Returns:
        int64 ``[..., min(n, n_candidates)]``.
    """
    n = min(n, scores.shape[-1])
    candidates = _candidates(scores, n)
    values = np.take_along_axis(scores, candidates, axis=-1)
    best = np.sort(np.argpartition(values, -n, axis=-1)[..., -n:], axis=-1)
    order = np.argsort(-np.take_along_axis(values, best, axis=-1), axis=-1, kind="stable")
    return np.take_along_axis(candidates, np.take_along_axis(best, order, axis=-1), axis=-1)


def _candidates(scores: np.ndarray, n: int) -> np.ndarray:
    """Finds ascending positions among which the ``n`` highest scores are sure to be, ``[..., few]``.

    They lie in the ``n`` groups of neighbouring positions with the highest maxima, or in the rest that fills no group.
    To find these is ten times as fast as to partition all scores.
    """
    *shape, length = scores.shape
    n_groups = length // _GROUP
    if n_groups <= 4 * n:
        return np.broadcast_to(np.arange(length), scores.shape)
    maxima = scores[..., : n_groups * _GROUP].reshape(*shape, n_groups, _GROUP).max(axis=-1)
    groups = np.sort(np.argpartition(maxima, -n, axis=-1)[..., -n:], axis=-1)
    inside = (groups[..., None] * _GROUP + np.arange(_GROUP)).reshape(*shape, n * _GROUP)
    rest = np.arange(n_groups * _GROUP, length)
    return np.concatenate([inside, np.broadcast_to(rest, (*shape, len(rest)))], axis=-1)


def nearest(queries: np.ndarray, matrix: np.ndarray, scales: np.ndarray, topn: int) -> tuple[np.ndarray, np.ndarray]:
    """Finds for each query the rows with the highest cosine.

    Args:
        queries: float32 ``[n, dim]``, unit rows.
        matrix: float32 ``[n_rows, dim]``, of any norms.
        scales: float32 ``[n_rows]``, from :func:`row_scales`.
        topn: how many rows a query.

    Returns:
        rows int64 and cosines float32, both ``[n, min(topn, n_rows)]``, best first.

    Raises:
        DataError: the file that the matrix is mapped from has become shorter.
    """
    topn = min(topn, len(matrix))
    rows = np.empty((len(queries), topn), dtype=np.int64)
    cosines = np.empty((len(queries), topn), dtype=np.float32)
    step = max(1, _BLOCK // len(matrix))
    with progress("nearest", len(queries), unit="queries") as advance:
        for start in range(0, len(queries), step):
            block = slice(start, start + step)
            rows[block], cosines[block] = nearest_at_once(queries[block], matrix, scales, topn)
            advance(len(rows[block]))
    return rows, cosines


def nearest_at_once(
    queries: np.ndarray, matrix: np.ndarray, scales: np.ndarray, topn: int
) -> tuple[np.ndarray, np.ndarray]:
    """Does what :func:`nearest` does in a single product, so that all scores ``[n, n_rows]`` are held together."""
    check_not_cut(matrix)
    scores = queries @ matrix.T
    scores *= scales
    rows = top(scores, topn)
    return rows, np.take_along_axis(scores, rows, axis=-1)


def as_slice(rows: np.ndarray) -> slice | np.ndarray:
    """Turns ascending rows into a slice where they are consecutive, so that indexing with them copies nothing."""
    if len(rows) and rows[-1] - rows[0] == len(rows) - 1:
        return slice(int(rows[0]), int(rows[-1]) + 1)
    return rows


def as_list(query: Query) -> list[Term]:
    """The terms of a query."""
    if isinstance(query, str) or (isinstance(query, np.ndarray) and query.ndim == 1):
        return [query]
    return list(query)


def check_topn(topn: int) -> None:
    """Checks a number of neighbours.

    Raises:
        ParameterError: it is less than 1.
    """
    check_at_least_1(topn=topn)
