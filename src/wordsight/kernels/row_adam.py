"""Adam for the touched rows of a large table, compiled: it reads and writes each of them once.

Kingma, Ba: Adam: A Method for Stochastic Optimization. ICLR 2015.
"""

from __future__ import annotations

import numpy as np

from wordsight.kernels.compiling import kept_njit
from wordsight.kernels.products import prefetch

AHEAD = 4
"""A row is fetched from memory while the gradients this many before it are worked on: a large table is not cached."""


@kept_njit(nogil=True, error_model="numpy")
def row_adam(table, means, squares, rows, gradients, rate, first, second, epsilon):  # type: ignore[no-untyped-def]
    """Makes a step, in place.

    Args:
        table: [n_rows, dim], what is learned.
        means: [n_rows, dim], running means of the gradients.
        squares: [n_rows, dim], running means of their squares.
        rows: int64 [n], rows of the table in any order; the gradients of a row that comes twice are added.
        gradients: [n, dim].
        rate: the learning rate, corrected for the running means' beginning at zero.
        first: β₁, share of ``means`` that is kept.
        second: β₂, share of ``squares`` that is kept.
        epsilon: ε, added to the root of ``squares``.
    """
    number = table.dtype.type
    rate, epsilon, new, new_square = number(rate), number(epsilon), number(1 - first), number(1 - second)
    n, dim = gradients.shape
    order = np.argsort(rows, kind="mergesort")  # stable, so that equal rows are added in their order
    gradient = np.empty(dim, gradients.dtype)
    i = 0
    while i < n:
        row = rows[order[i]]
        later = rows[order[min(i + AHEAD, n - 1)]]
        for array in (table, means, squares):
            prefetch(array, later, dim)
        gradient[:] = 0
        while i < n and rows[order[i]] == row:
            for d in range(dim):
                gradient[d] += gradients[order[i], d]
            i += 1
        for d in range(dim):
            mean = means[row, d] + new * (gradient[d] - means[row, d])
            square = squares[row, d] + new_square * (gradient[d] * gradient[d] - squares[row, d])
            means[row, d], squares[row, d] = mean, square
            table[row, d] -= rate * mean / (np.sqrt(square) + epsilon)
