"""WIELD with negative sampling, compiled: a context predicts the masked word and the image of the document.

The vectors of the context words are summed to u. It is scored against the masked word and K negatives, and a linear
head maps it to the image's encoding y:

    minimise  α (−log σ(u · v_w) − Σ_k log σ(−u · v_k))  +  β (1/m) ‖A u + a − y‖²

(Covey et al. 2023, with negative sampling in place of the full softmax.) Steps are those of Adagrad with one sum of
squares for each row (Duchi, Hazan, Singer 2011), since the gradients of the two parts may differ by orders of
magnitude. Threads update the tables without locks (Hogwild). :mod:`wordsight.kernels.wield_reference` has the same
arithmetic in NumPy.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba import njit

from wordsight.kernels.compiling import kept_njit
from wordsight.kernels.products import FAST, check_padding
from wordsight.kernels.sampling import PIECE, context, draw_negatives, draw_piece, end_of_document, rate_at
from wordsight.kernels.skipgram import TALLY_EVERY


class ImageTerm(NamedTuple):
    """The image part of the objective, and the state of Adagrad.

    Attributes:
        targets: y, [n_targets, m].
        document_rows: int32 [n_documents], each document's row of ``targets``; empty: the row is the masked word's id.
        weights: [n_documents], factor of the loss of each document's windows.
        head: A, [m, padded dim], learned.
        bias: a, [m], learned.
        balance: α and β, [2].
        input_squares: [n_words + 1], sum of the gradients' mean squares for each row of the inputs; above 0.
        output_squares: [n_words + 1], likewise for the outputs.
        head_squares: [m], likewise for the head.
    """

    targets: np.ndarray
    document_rows: np.ndarray
    weights: np.ndarray
    head: np.ndarray
    bias: np.ndarray
    balance: np.ndarray
    input_squares: np.ndarray
    output_squares: np.ndarray
    head_squares: np.ndarray

    def changing(self) -> dict[str, np.ndarray]:
        """The arrays that the kernel changes."""
        names = ("head", "bias", "input_squares", "output_squares", "head_squares")
        return {name: getattr(self, name) for name in names}


@njit(inline="always")
def _add_up(table, rows, n, total, dim):  # type: ignore[no-untyped-def]
    """Sets ``total`` to the sum of n rows."""
    for d in range(dim):
        total[d] = 0
    for i in range(n):
        row = rows[i]
        for d in range(dim):
            total[d] += table[row, d]


@njit(inline="always")
def _mean_square(row, dim):  # type: ignore[no-untyped-def]
    total = row.dtype.type(0)
    for d in range(dim):
        total += row[d] * row[d]
    return total / row.dtype.type(dim)


@njit(inline="always")
def _step_words(u, gradient, outputs, words, m, rate, alpha, images, counted, dim):  # type: ignore[no-untyped-def]
    """Steps the outputs; sets ``gradient`` to −∂/∂u of the words' part; returns this part's loss if ``counted``."""
    number = outputs.dtype.type
    loss = 0.0
    square = _mean_square(u, dim)
    for d in range(dim):
        gradient[d] = 0
    for j in range(m):
        word = words[j]
        if j > 0 and word == words[0]:
            continue  # negatives equal to the masked word do not count
        score = number(0)
        for d in range(dim):
            score += u[d] * outputs[word, d]
        x = -score if j == 0 else score
        error = alpha / (number(1) + np.exp(-x))
        error = error if j == 0 else -error
        if counted:
            loss += alpha * (max(np.float64(x), 0.0) + np.log1p(np.exp(-abs(np.float64(x)))))
        images.output_squares[word] += error * error * square
        step = rate * error / np.sqrt(images.output_squares[word])
        for d in range(dim):
            gradient[d] += error * outputs[word, d]
            outputs[word, d] += step * u[d]
    return loss


@njit(inline="always")
def _step_image(u, gradient, images, row, rate, beta, dim):  # type: ignore[no-untyped-def]
    """Steps the head; adds −∂/∂u of the image's part to ``gradient``; returns this part's loss."""
    number = images.head.dtype.type
    m = images.bias.size
    squares, square = number(0), _mean_square(u, dim)
    for i in range(m):
        error = images.targets[row, i] - images.bias[i]
        for d in range(dim):
            error -= images.head[i, d] * u[d]
        squares += error * error
        error *= number(2) * beta / number(m)
        images.head_squares[i] += error * error * (square + number(1))
        step = rate * error / np.sqrt(images.head_squares[i])
        for d in range(dim):
            gradient[d] += error * images.head[i, d]
            images.head[i, d] += step * u[d]
        images.bias[i] += step
    return np.float64(beta * squares / number(m))


@functools.cache
def wield_kernel(dim: int) -> Callable[..., tuple[float, int]]:
    """The kernel for one padded dimension, which is a compile-time constant, so that loops unroll.

    It is called as ``(ids, offsets, start, stop, tables, sampling, window, negatives, rates, seed, images)``, with
    arguments as in :func:`~wordsight.kernels.skipgram.skipgram_kernel`, except that all windows have the size
    ``window``, and that ``images`` is an :class:`ImageTerm`.

    It returns the summed loss of a sample of the windows and the number of windows in this.
    """
    check_padding(dim)

    @kept_njit(nogil=True, fastmath=FAST, error_model="numpy")
    def train(ids, offsets, start, stop, tables, sampling, window, negatives, rates, seed, images):  # type: ignore[no-untyped-def]
        number = tables.inputs.dtype.type
        u, gradient = np.empty(dim, tables.inputs.dtype), np.empty(dim, tables.inputs.dtype)
        contexts = np.empty(2 * window, np.int64)
        words = np.empty(negatives + 1, np.int64)
        kept = np.empty(PIECE, np.int32)
        state, loss, windows, counted = seed, 0.0, 0, 0
        document = np.searchsorted(offsets, start, side="right")
        position = start
        while position < stop:
            document = end_of_document(offsets, document, position)
            end = min(offsets[document], stop)
            rate = number(rate_at(position, start, stop, rates))
            alpha = images.balance[0] * images.weights[document - 1]
            beta = images.balance[1] * images.weights[document - 1]
            position, length, state = draw_piece(ids, position, end, sampling.keep, kept, state)
            for centre in range(length):
                n = context(kept, length, centre, window, contexts)
                if n == 0:
                    continue
                words[0] = kept[centre]
                state = draw_negatives(words, 1, negatives + 1, sampling, state)
                show = windows % TALLY_EVERY == 0
                windows += 1
                _add_up(tables.inputs, contexts, n, u, dim)
                lost = _step_words(u, gradient, tables.outputs, words, negatives + 1, rate, alpha, images, show, dim)
                row = images.document_rows[document - 1] if images.document_rows.size else words[0]
                lost += _step_image(u, gradient, images, row, rate, beta, dim)
                if show:
                    loss += lost
                    counted += 1
                square = _mean_square(gradient, dim)
                for i in range(n):
                    word = contexts[i]
                    images.input_squares[word] += square
                    step = rate / np.sqrt(images.input_squares[word])
                    for d in range(dim):
                        tables.inputs[word, d] += step * gradient[d]
        return loss, counted

    kernel: Callable[..., tuple[float, int]] = train
    return kernel
