"""CBOW with negative sampling, compiled.

    maximise  Σ_c  log σ(u_c · v_c) + Σ_k log σ(−u_c · v_k),     u_c = the mean of e_w, w around c

(Mikolov et al. 2013.) Blocks of neighbouring centres share negatives, as in :mod:`wordsight.kernels.skipgram`. A block
is five small matrix products: the means, the scores, and the gradients of means, outputs and inputs.
:mod:`wordsight.kernels.cbow_reference` has the same arithmetic in NumPy.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np
from numba import njit

from wordsight.kernels.compiling import kept_njit
from wordsight.kernels.products import (
    FAST,
    INPUTS,
    OUTPUTS,
    check_padding,
    errors_of,
    gather,
    padded,
    prefetch,
    scatter,
    scores_of,
    weighted_loss,
)
from wordsight.kernels.sampling import PIECE, draw_negatives, draw_piece, draw_reaches, end_of_document, rate_at
from wordsight.kernels.skipgram import TALLY_EVERY

CENTRES = INPUTS
"""Centres in a block. More cost more, since each is scored against all others."""


@njit(inline="always")
def _mix(offset, n, n_padded, reaches, centres, shares):  # type: ignore[no-untyped-def]
    """Sets each context's share in each centre's mean; the first context is ``offset`` tokens from the first centre."""
    for centre in range(CENTRES):
        total = 0
        for i in range(n_padded):
            distance = abs(offset + i - centre)
            within = centre < centres and i < n and 0 < distance <= reaches[centre]
            shares[centre, i] = within
            total += within
        for i in range(n_padded):
            shares[centre, i] /= max(total, 1)


@njit(inline="always")
def _weigh(words, centres, m, m_padded, weights):  # type: ignore[no-untyped-def]
    """Sets the weight of each mean and output: 1 for the centre's own word and for negatives that differ from it."""
    for centre in range(CENTRES):
        for j in range(m_padded):
            if j < centres:
                weights[centre, j] = j == centre
            else:
                weights[centre, j] = centre < centres and j < m and words[j] != words[centre]


@functools.cache
def cbow_kernel(dim: int) -> Callable[..., tuple[float, int]]:
    """The kernel for one padded dimension, which is a compile-time constant, so that loops unroll.

    It is called as ``(ids, offsets, start, stop, tables, sampling, window, negatives, rates, seed)``, with arguments as
    in :func:`~wordsight.kernels.skipgram.skipgram_kernel`. It returns the summed loss of a sample of the blocks and the
    number of windows in this.
    """
    check_padding(dim)

    @kept_njit(nogil=True, fastmath=FAST, error_model="numpy")
    def train(ids, offsets, start, stop, tables, sampling, window, negatives, rates, seed, _=None):  # type: ignore[no-untyped-def]
        number, spare = tables.inputs.dtype, tables.outputs.shape[0] - 1
        most, widest = padded(2 * window + CENTRES, OUTPUTS), padded(CENTRES + negatives, OUTPUTS)
        means, gradients = np.empty((CENTRES, dim), number), np.empty((CENTRES, dim), number)
        shares = np.empty((CENTRES, most), number)
        scores, weights = np.empty((CENTRES, widest), number), np.empty((CENTRES, widest), number)
        words, contexts = np.empty(widest, np.int64), np.empty(most, np.int64)
        reaches, kept = np.empty(CENTRES, np.int64), np.empty(PIECE, np.int32)
        state, loss, counted, blocks = seed, 0.0, 0, 0
        document = np.searchsorted(offsets, start, side="right")
        position = start
        while position < stop:
            document = end_of_document(offsets, document, position)
            end = min(offsets[document], stop)
            rate = tables.inputs.dtype.type(rate_at(position, start, stop, rates))
            position, length, state = draw_piece(ids, position, end, sampling.keep, kept, state)
            for first in range(0, length if length > 1 else 0, CENTRES):
                centres = min(CENTRES, length - first)
                low, high, state = draw_reaches(first, centres, length, window, reaches, state)
                n, m = high - low, centres + negatives
                n_padded, m_padded = padded(n, OUTPUTS), padded(m, OUTPUTS)
                for i in range(n):  # slices take twice as long to compile
                    contexts[i] = kept[low + i]
                for i in range(n, n_padded):
                    contexts[i] = spare
                for centre in range(centres):
                    words[centre] = kept[first + centre]
                state = draw_negatives(words, centres, m, sampling, state)
                for j in range(m, m_padded):
                    words[j] = spare
                for j in range(m):
                    prefetch(tables.outputs, words[j], dim)
                _mix(low - first, n, n_padded, reaches, centres, shares)
                _weigh(words, centres, m, m_padded, weights)
                gather(shares, CENTRES, tables.inputs, contexts, n_padded, means, dim)
                scores_of(means, CENTRES, tables.outputs, words, m_padded, scores, dim)
                if blocks % TALLY_EVERY == 0:
                    loss += weighted_loss(scores, weights, centres, m, centres)
                    counted += centres
                blocks += 1
                errors_of(scores, weights, CENTRES, m_padded, centres)
                gather(scores, CENTRES, tables.outputs, words, m_padded, gradients, dim)
                scatter(scores, means, CENTRES, tables.outputs, words, m_padded, rate, dim)
                scatter(shares, gradients, CENTRES, tables.inputs, contexts, n_padded, rate, dim)
        return loss, counted

    kernel: Callable[..., tuple[float, int]] = train
    return kernel
