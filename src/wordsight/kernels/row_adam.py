"""Sparse Adam for the touched rows of a large table, compiled: each row is read and written once.

Kingma, Ba: Adam: A Method for Stochastic Optimization. ICLR 2015.
"""

from __future__ import annotations

import numpy as np

from wordsight.kernels.compiling import kept_njit
from wordsight.kernels.products import prefetch

AHEAD = 4
"""Gradients between the prefetch of a row and its use; a large table does not fit the cache."""


@kept_njit(nogil=True, error_model="numpy")
def row_adam(table, means, squares, rows, gradients, rate, first, second, epsilon):  # type: ignore[no-untyped-def]
    """Makes a step in place.

    Args:
        table: [n_rows, dim], the parameters.
        means: [n_rows, dim], running means of the gradients.
        squares: [n_rows, dim], running means of the squared gradients.
        rows: int64 [n], rows of the table in any order; gradients of the same row are added.
        gradients: [n, dim].
        rate: learning rate, with Adam's bias correction.
        first: β₁, decay of ``means``.
        second: β₂, decay of ``squares``.
        epsilon: ε, added to the root of ``squares``.
    """
    number = table.dtype.type
    rate, epsilon, new, new_square = number(rate), number(epsilon), number(1 - first), number(1 - second)
    n, dim = gradients.shape
    order = np.argsort(rows, kind="mergesort")  # stable: gradients of a row are added in their order
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
