"""Small matrix products in register tiles, compiled, and the steps between them: the building blocks of the kernels.

Inputs are rows of a small array; outputs are rows of a large table, selected by number. A tile is 4 inputs × 3 outputs:
twelve sums and seven loaded vectors fill the 32 registers of AVX-512 well (docs/kernels.md has the sizes that were
tried). The caller pads numbers of rows to whole tiles.
"""

from __future__ import annotations

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

INPUTS, OUTPUTS = 4, 3
"""Size of a tile."""
LANES = 16
"""Rows are padded to a multiple of this many numbers: 64 bytes of float32, a cache line and an AVX-512 vector."""
FAST = {"reassoc", "contract", "nsz", "arcp", "nnan", "ninf"}
"""LLVM's fast-math flags: the liberties that the compiler may take with arithmetic."""

# σ(x) − ½ ≈ x·P(x²)/Q(x²) on [−16, 16], a minimax fit with an error of at most 1e-7; it vectorises.
_P = tuple(np.float32(c) for c in (0.24999984, 8.0710258e-3, 4.5919184e-5, 4.4180563e-8))
_Q = tuple(np.float32(c) for c in (1.0, 0.11561686, 1.4852392e-3, 3.70357e-6, 9.4681296e-10))
_REACH = np.float32(16)
_HALF = np.float32(0.5)


def check_padding(dim: int) -> None:
    """Checks that rows of a length need no padding.

    Raises:
        ValueError: the length is not a multiple of :data:`LANES`.
    """
    if dim % LANES:
        raise ValueError(f"the padded dimension is {dim}; it must be a multiple of {LANES}")


@njit(inline="always")
def padded(n, tile):  # type: ignore[no-untyped-def]
    """n, rounded up to whole tiles."""
    return (n + tile - 1) // tile * tile


@njit(inline="always")
def read_inputs(inputs, contexts, n, rows, dim):  # type: ignore[no-untyped-def]
    """Copies the rows of the n context words and fills the last tile with zeros."""
    for i in range(n):
        word = contexts[i]
        for d in range(dim):
            rows[i, d] = inputs[word, d]
    for i in range(n, padded(n, INPUTS)):
        for d in range(dim):
            rows[i, d] = 0


@njit(inline="always")
def update_inputs(inputs, contexts, n, gradients, rate, dim):  # type: ignore[no-untyped-def]
    """Adds rate · gradient to the rows of the n context words."""
    for i in range(n):
        word = contexts[i]
        for d in range(dim):
            inputs[word, d] += rate * gradients[i, d]


@njit(inline="always")
def scores_of(rows, n, table, words, m, scores, dim):  # type: ignore[no-untyped-def]
    """Sets scores[i, j] = u_i · v_j, where v_j is ``table[words[j]]``."""
    for j in range(0, m, OUTPUTS):
        j0, j1, j2 = words[j], words[j + 1], words[j + 2]
        for i in range(0, n, INPUTS):
            s00 = s01 = s02 = s10 = s11 = s12 = s20 = s21 = s22 = s30 = s31 = s32 = table.dtype.type(0)
            for d in range(dim):
                u0, u1, u2, u3 = rows[i, d], rows[i + 1, d], rows[i + 2, d], rows[i + 3, d]
                v0, v1, v2 = table[j0, d], table[j1, d], table[j2, d]
                s00 += u0 * v0
                s01 += u0 * v1
                s02 += u0 * v2
                s10 += u1 * v0
                s11 += u1 * v1
                s12 += u1 * v2
                s20 += u2 * v0
                s21 += u2 * v1
                s22 += u2 * v2
                s30 += u3 * v0
                s31 += u3 * v1
                s32 += u3 * v2
            scores[i, j], scores[i, j + 1], scores[i, j + 2] = s00, s01, s02
            scores[i + 1, j], scores[i + 1, j + 1], scores[i + 1, j + 2] = s10, s11, s12
            scores[i + 2, j], scores[i + 2, j + 1], scores[i + 2, j + 2] = s20, s21, s22
            scores[i + 3, j], scores[i + 3, j + 1], scores[i + 3, j + 2] = s30, s31, s32


@njit(inline="always")
def weighted_loss(scores, weights, n, m, positives):  # type: ignore[no-untyped-def]
    """The loss Σ weight · −log σ(±score) in float64; the first ``positives`` columns have the label 1."""
    loss = 0.0
    for i in range(n):
        for j in range(m):
            x = -np.float64(scores[i, j]) if j < positives else np.float64(scores[i, j])
            loss += weights[i, j] * (max(x, 0.0) + np.log1p(np.exp(-abs(x))))
    return loss


@njit(inline="always")
def errors_of(scores, weights, n, m, positives):  # type: ignore[no-untyped-def]
    """Replaces scores by weight · (label − σ(score)); the first ``positives`` columns have the label 1."""
    for i in range(n):
        for j in range(m):
            x = min(max(scores[i, j], -_REACH), _REACH)
            t = x * x
            p = ((_P[3] * t + _P[2]) * t + _P[1]) * t + _P[0]
            q = (((_Q[4] * t + _Q[3]) * t + _Q[2]) * t + _Q[1]) * t + _Q[0]
            scores[i, j] = weights[i, j] * (-_HALF - x * p / q)
        for j in range(positives):
            scores[i, j] += weights[i, j]


@njit(inline="always")
def gather(weights, n, table, words, m, sums, dim):  # type: ignore[no-untyped-def]
    """Sets sums[i] = Σ_j weights[i, j] v_j."""
    for i in range(0, n, INPUTS):
        for d in range(dim):
            sums[i, d] = 0
            sums[i + 1, d] = 0
            sums[i + 2, d] = 0
            sums[i + 3, d] = 0
        for j in range(0, m, OUTPUTS):
            j0, j1, j2 = words[j], words[j + 1], words[j + 2]
            g00, g01, g02 = weights[i, j], weights[i, j + 1], weights[i, j + 2]
            g10, g11, g12 = weights[i + 1, j], weights[i + 1, j + 1], weights[i + 1, j + 2]
            g20, g21, g22 = weights[i + 2, j], weights[i + 2, j + 1], weights[i + 2, j + 2]
            g30, g31, g32 = weights[i + 3, j], weights[i + 3, j + 1], weights[i + 3, j + 2]
            for d in range(dim):
                v0, v1, v2 = table[j0, d], table[j1, d], table[j2, d]
                sums[i, d] += g00 * v0 + g01 * v1 + g02 * v2
                sums[i + 1, d] += g10 * v0 + g11 * v1 + g12 * v2
                sums[i + 2, d] += g20 * v0 + g21 * v1 + g22 * v2
                sums[i + 3, d] += g30 * v0 + g31 * v1 + g32 * v2


@njit(inline="always")
def scatter(weights, rows, n, table, words, m, rate, dim):  # type: ignore[no-untyped-def]
    """Adds rate · Σ_i weights[i, j] u_i to v_j."""
    for j in range(0, m, OUTPUTS):
        j0, j1, j2 = words[j], words[j + 1], words[j + 2]
        for i in range(0, n, INPUTS):
            g00, g10, g20, g30 = weights[i, j], weights[i + 1, j], weights[i + 2, j], weights[i + 3, j]
            g01, g11, g21, g31 = weights[i, j + 1], weights[i + 1, j + 1], weights[i + 2, j + 1], weights[i + 3, j + 1]
            g02, g12, g22, g32 = weights[i, j + 2], weights[i + 1, j + 2], weights[i + 2, j + 2], weights[i + 3, j + 2]
            for d in range(dim):
                u0, u1, u2, u3 = rate * rows[i, d], rate * rows[i + 1, d], rate * rows[i + 2, d], rate * rows[i + 3, d]
                table[j0, d] += g00 * u0 + g10 * u1 + g20 * u2 + g30 * u3
                table[j1, d] += g01 * u0 + g11 * u1 + g21 * u2 + g31 * u3
                table[j2, d] += g02 * u0 + g12 * u1 + g22 * u2 + g32 * u3


@intrinsic
def _prefetch(_, table, row, column):  # type: ignore[no-untyped-def]
    def build(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        array = context.make_array(signature.args[0])(context, builder, arguments[0])
        address = cgutils.get_item_pointer(context, builder, signature.args[0], array, arguments[1:], wraparound=False)
        pointer, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        function = ir.FunctionType(ir.VoidType(), [pointer, number, number, number])
        prefetch = cgutils.get_or_insert_function(builder.module, function, "llvm.prefetch.p0")
        builder.call(prefetch, [builder.bitcast(address, pointer), number(0), number(3), number(1)])
        return context.get_dummy_value()

    return types.void(table, types.intp, types.intp), build


@njit(inline="always")
def prefetch(table, row, dim):  # type: ignore[no-untyped-def]
    """Prefetches a row that will be read soon."""
    for d in range(0, dim, LANES):
        _prefetch(table, row, d)  # type: ignore[call-arg]
