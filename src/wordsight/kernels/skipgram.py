"""Skip-gram with negative sampling, compiled: one kernel for every model that adds something to it.

For a window the context words are the inputs, the centre word and K negatives the outputs, so that the window is
three small matrix products (scores, input gradients, output gradients) over shared negatives, as in pWord2Vec
(Ji et al. 2016). The products run in register tiles of 2 inputs × 3 outputs.

    maximise  Σ_(w,c)  log σ(u_w · v_c) + Σ_k log σ(−u_w · v_k),     u_w = e_w  or  e_w + z_w

(Mikolov et al. 2013, equation 4.) ``z`` is an optional offset of some words; the kernel holds it fixed and sums
its gradient, which is how a model such as PIXIE joins in. :mod:`wordsight.kernels.visual` is an optional term about u
alone. Threads update the tables without locks (Hogwild).

The arithmetic is that of :mod:`wordsight.kernels.reference`, which tests hold it against.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba import njit

from wordsight.kernels.sampling import PIECE, below, bits, context, draw_negatives, draw_piece, random
from wordsight.kernels.visual import update_visual

TALLY_EVERY = 32
"""The loss is computed on every 32nd window: it is for show, and its logarithms are dear."""
LANES = 16
"""Rows are padded to a multiple of this many numbers: 64 bytes of float32, a cache line and a widest vector."""

_FAST = {"reassoc", "contract", "nsz", "arcp", "nnan", "ninf"}
_INPUTS, _OUTPUTS = 2, 3  # the tile

# σ(x) − ½ ≈ x·P(x²)/Q(x²) on [−16, 16], a least-maximum fit: off by at most 1e-7, and it vectorises.
_P = tuple(np.float32(c) for c in (0.24999984, 8.0710258e-3, 4.5919184e-5, 4.4180563e-8))
_Q = tuple(np.float32(c) for c in (1.0, 0.11561686, 1.4852392e-3, 3.70357e-6, 9.4681296e-10))
_REACH = np.float32(16)
_HALF, _ONE = np.float32(0.5), np.float32(1)


class Tables(NamedTuple):
    """What is trained. Rows are padded with zeros; the last row of the first two is a spare that pads tiles.

    Attributes:
        inputs: e, [n_words + 1, padded dim].
        outputs: v, [n_words + 1, padded dim].
        offset_rows: int32 [n_words], a word's row in ``offsets`` or -1; empty if no word has one.
        offsets: z, [n_offsets, padded dim], fixed.
        offset_gradients: [n_offsets, padded dim], to which the gradient of the objective (to be maximised) is added.
        offset_updates: int64 [n_offsets], to which the number of summands is added.
    """

    inputs: np.ndarray
    outputs: np.ndarray
    offset_rows: np.ndarray
    offsets: np.ndarray
    offset_gradients: np.ndarray
    offset_updates: np.ndarray


@njit(inline="always")
def _read_inputs(tables, contexts, n, rows, dim):  # type: ignore[no-untyped-def]
    """Copies u = e (+ z) of the n context words into rows, which ends with a row of zeros if n is odd."""
    for i in range(n):
        word = contexts[i]
        z = tables.offset_rows[word] if tables.offset_rows.size else np.int32(-1)
        if z >= 0:
            for d in range(dim):
                rows[i, d] = tables.inputs[word, d] + tables.offsets[z, d]
        else:
            for d in range(dim):
                rows[i, d] = tables.inputs[word, d]
    if n % _INPUTS:
        for d in range(dim):
            rows[n, d] = 0


@njit(inline="always")
def _scores(rows, n, outputs, words, m, scores, dim):  # type: ignore[no-untyped-def]
    """scores[i, j] = u_i · v_j."""
    for j in range(0, m, _OUTPUTS):
        j0, j1, j2 = words[j], words[j + 1], words[j + 2]
        for i in range(0, n, _INPUTS):
            s00 = s01 = s02 = s10 = s11 = s12 = outputs.dtype.type(0)
            for d in range(dim):
                u0, u1 = rows[i, d], rows[i + 1, d]
                v0, v1, v2 = outputs[j0, d], outputs[j1, d], outputs[j2, d]
                s00 += u0 * v0
                s01 += u0 * v1
                s02 += u0 * v2
                s10 += u1 * v0
                s11 += u1 * v1
                s12 += u1 * v2
            scores[i, j], scores[i, j + 1], scores[i, j + 2] = s00, s01, s02
            scores[i + 1, j], scores[i + 1, j + 1], scores[i + 1, j + 2] = s10, s11, s12


@njit(inline="always")
def _window_loss(scores, n, words, m):  # type: ignore[no-untyped-def]
    """−log σ of the window's n · m pairs, in float64; negatives that equal the centre do not count."""
    loss = 0.0
    for i in range(n):
        for j in range(m):
            if j == 0 or words[j] != words[0]:
                x = -np.float64(scores[i, j]) if j == 0 else np.float64(scores[i, j])
                loss += max(x, 0.0) + np.log1p(np.exp(-abs(x)))
    return loss


@njit(inline="always")
def _errors(scores, n, words, m, m_padded):  # type: ignore[no-untyped-def]
    """Replaces scores by the objective's derivative: label − σ(score), 0 where a column does not count."""
    for i in range(n):
        for j in range(m_padded):
            x = min(max(scores[i, j], -_REACH), _REACH)
            t = x * x
            p = ((_P[3] * t + _P[2]) * t + _P[1]) * t + _P[0]
            q = (((_Q[4] * t + _Q[3]) * t + _Q[2]) * t + _Q[1]) * t + _Q[0]
            scores[i, j] = -_HALF - x * p / q
        scores[i, 0] += _ONE
    for j in range(1, m_padded):
        if j >= m or words[j] == words[0]:
            for i in range(n):
                scores[i, j] = 0


@njit(inline="always")
def _input_gradients(errors, n, outputs, words, m, gradients, dim):  # type: ignore[no-untyped-def]
    """gradients[i] = Σ_j errors[i, j] v_j."""
    for i in range(0, n, _INPUTS):
        for d in range(dim):
            gradients[i, d] = 0
            gradients[i + 1, d] = 0
        for j in range(0, m, _OUTPUTS):
            j0, j1, j2 = words[j], words[j + 1], words[j + 2]
            g00, g01, g02 = errors[i, j], errors[i, j + 1], errors[i, j + 2]
            g10, g11, g12 = errors[i + 1, j], errors[i + 1, j + 1], errors[i + 1, j + 2]
            for d in range(dim):
                v0, v1, v2 = outputs[j0, d], outputs[j1, d], outputs[j2, d]
                gradients[i, d] += g00 * v0 + g01 * v1 + g02 * v2
                gradients[i + 1, d] += g10 * v0 + g11 * v1 + g12 * v2


@njit(inline="always")
def _update_outputs(errors, rows, n, outputs, words, m, rate, dim):  # type: ignore[no-untyped-def]
    """v_j += rate · Σ_i errors[i, j] u_i."""
    for j in range(0, m, _OUTPUTS):
        j0, j1, j2 = words[j], words[j + 1], words[j + 2]
        for i in range(0, n, _INPUTS):
            g00, g01, g02 = rate * errors[i, j], rate * errors[i, j + 1], rate * errors[i, j + 2]
            g10, g11, g12 = rate * errors[i + 1, j], rate * errors[i + 1, j + 1], rate * errors[i + 1, j + 2]
            for d in range(dim):
                u0, u1 = rows[i, d], rows[i + 1, d]
                outputs[j0, d] += g00 * u0 + g10 * u1
                outputs[j1, d] += g01 * u0 + g11 * u1
                outputs[j2, d] += g02 * u0 + g12 * u1


@njit(inline="always")
def _update_inputs(tables, contexts, n, gradients, rate, dim):  # type: ignore[no-untyped-def]
    """e_i += rate · gradient_i; the gradient of an offset is only summed."""
    for i in range(n):
        word = contexts[i]
        for d in range(dim):
            tables.inputs[word, d] += rate * gradients[i, d]
        z = tables.offset_rows[word] if tables.offset_rows.size else np.int32(-1)
        if z >= 0:
            for d in range(dim):
                tables.offset_gradients[z, d] += gradients[i, d]
            tables.offset_updates[z] += 1


@functools.cache
def skipgram_kernel(dim: int) -> Callable[..., tuple[float, int]]:
    """The kernel for one padded dimension, which is a constant in it, so that its loops unroll.

    The kernel is called as ``(ids, offsets, start, stop, tables, sampling, window, negatives, rates, seed, visual)``:

    - ids int32 [n_tokens], offsets int64 [n_documents + 1]: the corpus; windows do not cross documents;
    - start, stop: the tokens to work on, ``ids[start:stop]``;
    - window: the greatest distance; each centre draws its own from 1 to window; negatives: K;
    - rates: (first, last) learning rate, falling linearly over these tokens;
    - seed: uint64, not 0, of this call's random numbers;
    - visual: a :class:`~wordsight.kernels.visual.VisualTerm`, which adds to the objective for each centre word that has
      a row in it; or None, for which a kernel without that part is compiled.

    It returns the summed loss and the number of (word, context) pairs behind it, of a sample of the windows.
    """
    if dim % LANES:
        raise ValueError(f"the padded dimension is {dim}; it must be a multiple of {LANES}")

    @njit(nogil=True, fastmath=_FAST, cache=True, error_model="numpy")
    def train(ids, offsets, start, stop, tables, sampling, window, negatives, rates, seed, visual=None):  # type: ignore[no-untyped-def]
        number = tables.inputs.dtype
        m = negatives + 1
        m_padded = (m + _OUTPUTS - 1) // _OUTPUTS * _OUTPUTS
        rows = np.empty((2 * window + _INPUTS, dim), number)
        gradients = np.empty((2 * window + _INPUTS, dim), number)
        scores = np.empty((2 * window + _INPUTS, m_padded), number)
        contexts = np.empty(2 * window, np.int64)
        words = np.full(m_padded, tables.outputs.shape[0] - 1, np.int64)
        kept = np.empty(PIECE, np.int32)
        state, loss, pairs, windows = seed, 0.0, 0, 0
        document = np.searchsorted(offsets, start, side="right")
        position = start
        while position < stop:
            end = min(offsets[document], stop)
            if position >= end:
                document += 1
                continue
            rate = tables.inputs.dtype.type(rates[0] + (rates[1] - rates[0]) * (position - start) / (stop - start))
            position, length, state = draw_piece(ids, position, end, sampling.keep, kept, state)
            for centre in range(length):
                state = random(state)
                reach = 1 + below(bits(state), window)
                n = context(kept, length, centre, reach, contexts)
                if n == 0:
                    continue
                words[0] = kept[centre]
                state = draw_negatives(words, m, sampling, state)
                n_padded = n + n % _INPUTS
                _read_inputs(tables, contexts, n, rows, dim)
                _scores(rows, n_padded, tables.outputs, words, m_padded, scores, dim)
                if windows % TALLY_EVERY == 0:
                    loss += _window_loss(scores, n, words, m)
                    pairs += n
                windows += 1
                _errors(scores, n_padded, words, m, m_padded)
                _input_gradients(scores, n_padded, tables.outputs, words, m_padded, gradients, dim)
                _update_outputs(scores, rows, n_padded, tables.outputs, words, m_padded, rate, dim)
                _update_inputs(tables, contexts, n, gradients, rate, dim)
                if visual is not None:
                    state = update_visual(tables.inputs, words[0], visual, rate, state, rows[0], gradients[0], dim)
        return loss, pairs

    kernel: Callable[..., tuple[float, int]] = train
    return kernel
