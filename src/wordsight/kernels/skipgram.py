"""Skip-gram with negative sampling, compiled: one kernel for every model that adds something to it.

    maximise  Σ_(w,c)  log σ(u_w · v_c) + Σ_k log σ(−u_w · v_k)

(Mikolov et al. 2013, equation 4.) A block of neighbouring centre words is worked on at once. The words around them are
the inputs; the centres and K negatives, which all pairs of the block share, the outputs. Most words around one centre
are around the next as well, so a block takes much less than its windows one by one: it is three small matrix products
(:mod:`wordsight.kernels.products`), in which a pair counts as often as windows of the block have it. Sharing negatives
within a window is pWord2Vec (Ji et al. 2016); within a block as well it costs no quality that could be measured
(docs/speed.md).

:mod:`wordsight.kernels.visual_term` is an optional term about u alone. Threads update the tables without locks
(Hogwild).

The arithmetic is that of :mod:`wordsight.kernels.skipgram_reference`, which tests hold it against.
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
    LANES,
    OUTPUTS,
    errors_of,
    gather,
    padded,
    prefetch,
    read_inputs,
    scatter,
    scores_of,
    update_inputs,
    weighted_loss,
)
from wordsight.kernels.sampling import PIECE, draw_negatives, draw_piece, draw_reaches, end_of_document, rate_at
from wordsight.kernels.visual_term import update_visual

TALLY_EVERY = 32
"""The loss is computed on every 32nd block: it is for show, and its logarithms are dear."""
PAIRS = 24
"""Pairs of a word and a context that may share negatives; with twice as many, SimLex begins to suffer."""


@njit
def block_size(window, negatives):  # type: ignore[no-untyped-def]
    """Centres a block: what costs least a centre, where that is no more than :data:`PAIRS`, in whole tiles.

    A block of B centres multiplies about B + window inputs by B + K outputs.
    """
    cheapest = np.sqrt((window + 1) * negatives)
    size = np.int64(np.ceil(min(cheapest, PAIRS / (window + 1))))
    return padded(size + negatives, OUTPUTS) - negatives


@njit(inline="always")
def _weigh(offset, n, n_centres, reaches, words, m, weights, counts):  # type: ignore[no-untyped-def]
    """Sets how often each pair of an input and an output counts, and each input's number of windows.

    Input i is ``offset + i`` places after the first centre. With a centre it counts once if it is in its window; with a
    negative once for each centre that it counts with, but for those that are that negative.
    """
    for i in range(n):
        counts[i] = 0
        for centre in range(n_centres):
            distance = abs(offset + i - centre)
            within = 0 < distance <= reaches[centre]
            weights[i, centre] = within
            counts[i] += within
        for j in range(n_centres, m):
            weights[i, j] = counts[i]
        for j in range(m, padded(m, OUTPUTS)):
            weights[i, j] = 0
    for j in range(n_centres, m):
        for centre in range(n_centres):
            if words[j] == words[centre]:
                for i in range(n):
                    weights[i, j] -= weights[i, centre]


@functools.cache
def skipgram_kernel(dim: int) -> Callable[..., tuple[float, int]]:
    """The kernel for one padded dimension, which is a constant in it, so that its loops unroll.

    The kernel is called as ``(ids, offsets, start, stop, tables, sampling, window, negatives, rates, seed, visual)``:

    - ids int32 [n_tokens], offsets int64 [n_documents + 1]: the corpus; windows do not cross documents;
    - start, stop: the tokens to work on, ``ids[start:stop]``;
    - window: the greatest distance; each centre draws its own from 1 to window; negatives: K;
    - rates: (first, last) learning rate, falling linearly over these tokens;
    - seed: uint64, not 0, of this call's random numbers;
    - visual: a :class:`~wordsight.kernels.visual_term.VisualTerm`, which adds to the objective for each centre word
      that has a row in it; or None, for which a kernel without that part is compiled.

    It returns the summed loss and the number of (word, context) pairs behind it, of a sample of the blocks.
    """
    if dim % LANES:
        raise ValueError(f"the padded dimension is {dim}; it must be a multiple of {LANES}")

    @kept_njit(nogil=True, fastmath=FAST, error_model="numpy")
    def train(ids, offsets, start, stop, tables, sampling, window, negatives, rates, seed, visual=None):  # type: ignore[no-untyped-def]
        number = tables.inputs.dtype
        size = block_size(window, negatives)
        most, widest = padded(2 * window + size, INPUTS), padded(size + negatives, OUTPUTS)
        rows, gradients = np.empty((most, dim), number), np.empty((most, dim), number)
        scores, weights = np.empty((most, widest), number), np.zeros((most, widest), number)
        counts, reaches = np.empty(most, np.int64), np.empty(size, np.int64)
        words, kept = np.empty(widest, np.int64), np.empty(PIECE, np.int32)
        state, loss, pairs, blocks = seed, 0.0, 0, 0
        document = np.searchsorted(offsets, start, side="right")
        position = start
        while position < stop:
            document = end_of_document(offsets, document, position)
            end = min(offsets[document], stop)
            rate = tables.inputs.dtype.type(rate_at(position, start, stop, rates))
            position, length, state = draw_piece(ids, position, end, sampling.keep, kept, state)
            for first in range(0, length if length > 1 else 0, size):
                centres = min(size, length - first)
                low, high, state = draw_reaches(first, centres, length, window, reaches, state)
                n, m, contexts = high - low, centres + negatives, kept[low:high]
                for centre in range(centres):  # compiled in half the time that slices take
                    words[centre] = kept[first + centre]
                state = draw_negatives(words, centres, m, sampling, state)
                for j in range(m, widest):
                    words[j] = tables.outputs.shape[0] - 1
                for j in range(m):
                    prefetch(tables.outputs, words[j], dim)
                _weigh(low - first, n, centres, reaches, words, m, weights, counts)
                read_inputs(tables.inputs, contexts, n, rows, dim)
                n_padded, m_padded = padded(n, INPUTS), padded(m, OUTPUTS)
                scores_of(rows, n_padded, tables.outputs, words, m_padded, scores, dim)
                if blocks % TALLY_EVERY == 0:
                    loss += weighted_loss(scores, weights, n, m, centres)
                    pairs += counts[:n].sum()
                blocks += 1
                errors_of(scores, weights, n_padded, m_padded, centres)
                gather(scores, n_padded, tables.outputs, words, m_padded, gradients, dim)
                scatter(scores, rows, n_padded, tables.outputs, words, m_padded, rate, dim)
                update_inputs(tables.inputs, contexts, n, gradients, rate, dim)
                if visual is not None:
                    for centre in range(centres):
                        word = words[centre]
                        state = update_visual(tables.inputs, word, visual, rate, state, rows[0], gradients[0], dim)
        return loss, pairs

    kernel: Callable[..., tuple[float, int]] = train
    return kernel
