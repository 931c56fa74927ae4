"""Skip-gram with negative sampling, compiled, with an optional visual term.

    maximise  Σ_(w,c)  log σ(u_w · v_c) + Σ_k log σ(−u_w · v_k)

(Mikolov et al. 2013, equation 4.) The kernel works on blocks of neighbouring centre words. The inputs are the words
around these; the outputs are the centres and K negatives, which all pairs of the block share. The windows of a block
overlap, so that a block costs much less than its windows one by one. It is three small matrix products
(:mod:`wordsight.kernels.products`), in which a pair has its number of occurrences in the windows as weight. pWord2Vec
(Ji et al. 2016) shares negatives within a window; sharing them within a block costs no measurable quality
(docs/kernels.md).

Threads update the tables without locks (Hogwild). :mod:`wordsight.kernels.skipgram_reference` has the same arithmetic
in NumPy; tests compare the two.
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
    read_inputs,
    scatter,
    scores_of,
    update_inputs,
    weighted_loss,
)
from wordsight.kernels.sampling import PIECE, draw_negatives, draw_piece, draw_reaches, end_of_document, rate_at
from wordsight.kernels.visual_term import update_visual

TALLY_EVERY = 32
"""The loss is computed on every 32nd block only, since it is just reported and its logarithms are slow."""
PAIRS = 24
"""(word, context) pairs that may share negatives; with twice as many, the score on SimLex falls."""


@njit
def block_size(window, negatives):  # type: ignore[no-untyped-def]
    """The number of centres in a block: the cheapest one with at most :data:`PAIRS` pairs, rounded up to whole tiles.

    A block of B centres multiplies about B + window inputs by B + K outputs.
    """
    cheapest = np.sqrt((window + 1) * negatives)
    size = np.int64(np.ceil(min(cheapest, PAIRS / (window + 1))))
    return padded(size + negatives, OUTPUTS) - negatives


@njit(inline="always")
def _weigh(offset, n, n_centres, reaches, words, m, weights, counts):  # type: ignore[no-untyped-def]
    """Sets the weight of each pair of input and output, and the number of windows that each input is in.

    Input i is ``offset + i`` tokens after the first centre. Its weight with a centre is 1 if it is in the centre's
    window. Its weight with a negative is the number of its centres that are another word than the negative.
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
    """The kernel for one padded dimension, which is a compile-time constant, so that loops unroll.

    It is called as ``(ids, offsets, start, stop, tables, sampling, window, negatives, rates, seed, visual)``:

    - ids int32 [n_tokens], offsets int64 [n_documents + 1]: the corpus; windows do not cross documents;
    - start, stop: the tokens to train on, ``ids[start:stop]``;
    - tables: :class:`~wordsight.kernels.vector_tables.VectorTables`, changed in place;
    - sampling: :class:`~wordsight.kernels.sampling.Sampling`;
    - window: greatest distance of a context word; each centre draws its window from 1 to this;
    - negatives: K;
    - rates: (first, last) learning rate; it changes linearly over these tokens;
    - seed: uint64, not 0, of the random numbers of this call;
    - visual: a :class:`~wordsight.kernels.visual_term.VisualTerm`, applied at each centre word that has a row in it; or
      None, which compiles a kernel without this term.

    It returns the summed loss of a sample of the blocks and the number of (word, context) pairs in this.
    """
    check_padding(dim)

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
                for centre in range(centres):  # slices take twice as long to compile
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
