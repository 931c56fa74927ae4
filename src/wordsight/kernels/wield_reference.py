"""The WIELD kernel in plain Python and NumPy: slow, readable, the oracle of the compiled one.

Same signature, same random numbers, same order of updates as :func:`wordsight.kernels.wield.wield_kernel`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy.special import expit

from wordsight.kernels.sampling import Sampling
from wordsight.kernels.sampling_reference import Xorshift, around, negative, pieces, rate_at
from wordsight.kernels.skipgram import TALLY_EVERY
from wordsight.kernels.vector_tables import VectorTables
from wordsight.kernels.wield import ImageTerm


class MaskedWindow(NamedTuple):
    """Context words, the outputs (the masked word, then the negatives that differ from it), and where that was."""

    contexts: list[int]
    words: list[int]
    document: int
    position: int


def masked_windows(
    ids: np.ndarray,
    offsets: np.ndarray,
    start: int,
    stop: int,
    sampling: Sampling,
    window: int,
    negatives: int,
    seed: int | np.uint64,
) -> Iterator[MaskedWindow]:
    """The windows in ``ids[start:stop]`` with their negatives."""
    random = Xorshift(int(seed))
    for position, tokens in pieces(ids, offsets, start, stop, sampling, random):
        kept = ids[tokens].tolist()
        document = int(np.searchsorted(offsets, position, side="right")) - 1
        for centre, word in enumerate(kept):
            contexts = around(kept, centre, window)
            if contexts:
                drawn = [negative(sampling, random) for _ in range(negatives)]
                words = [word, *(other for other in drawn if other != word)]
                yield MaskedWindow(contexts, words, document, position)


def train(
    ids: np.ndarray,
    offsets: np.ndarray,
    start: int,
    stop: int,
    tables: VectorTables,
    sampling: Sampling,
    window: int,
    negatives: int,
    rates: tuple[float, float],
    seed: int | np.uint64,
    images: ImageTerm,
) -> tuple[float, int]:
    """One pass over ``ids[start:stop]``; see the kernel for the arguments and what is returned."""
    loss, counted = 0.0, 0
    for number, (contexts, words, document, position) in enumerate(
        masked_windows(ids, offsets, start, stop, sampling, window, negatives, seed)
    ):
        rate = rate_at(position, start, stop, rates)
        alpha, beta = images.balance * images.weights[document]
        u = tables.inputs[contexts].sum(axis=0)
        lost, gradient = 0.0, np.zeros_like(u)
        for j, word in enumerate(words):  # one by one: a word drawn twice is moved twice
            score = u @ tables.outputs[word]
            error = alpha * ((j == 0) - expit(score))
            lost -= alpha * np.log(expit(score if j == 0 else -score))
            gradient += error * tables.outputs[word]
            tables.outputs[word] += _step(rate, error * u, images.output_squares, word)
        row = images.document_rows[document] if len(images.document_rows) else words[0]
        errors = images.targets[row] - images.bias - images.head @ u
        lost += beta * (errors**2).mean()
        errors *= 2 * beta / len(errors)
        gradient += errors @ images.head
        for i, error in enumerate(errors):
            images.head_squares[i] += error**2 * ((u**2).mean() + 1)
            step = rate * error / np.sqrt(images.head_squares[i])
            images.head[i] += step * u
            images.bias[i] += step
        if number % TALLY_EVERY == 0:
            loss, counted = loss + lost, counted + 1
        for word in contexts:
            tables.inputs[word] += _step(rate, gradient, images.input_squares, word)
    return loss, counted


def _step(rate: float, gradient: np.ndarray, squares: np.ndarray, row: int) -> np.ndarray:
    """Adagrad's step, after the gradient's mean square is added to the row's."""
    squares[row] += (gradient**2).mean()
    step: np.ndarray = rate * gradient / np.sqrt(squares[row])
    return step
