"""The CBOW kernel in plain Python and NumPy: slow, readable, the oracle of the compiled one.

Same signature, same random numbers, same order of updates as :func:`wordsight.kernels.cbow.cbow_kernel`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy.special import expit

from wordsight.kernels.cbow import ImageTerm
from wordsight.kernels.reference import Xorshift, pieces_of
from wordsight.kernels.sampling import PIECE, Sampling
from wordsight.kernels.skipgram import TALLY_EVERY, Tables


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
    seed: int,
    *,
    drawn: bool,
) -> Iterator[MaskedWindow]:
    """The windows in ``ids[start:stop]`` with their negatives and, if ``drawn``, their drawn sizes."""
    random = Xorshift(int(seed))
    for first, last in pieces_of(offsets, start, stop):
        document = int(np.searchsorted(offsets, first, side="right")) - 1
        position = first
        while position < last:
            piece_start = position
            kept: list[int] = []
            while position < last and len(kept) < PIECE:
                if random.bits() >> 32 <= sampling.keep[ids[position]]:
                    kept.append(int(ids[position]))
                position += 1
            for centre, word in enumerate(kept):
                reach = 1 + random.below(window) if drawn else window
                contexts = kept[max(0, centre - reach) : centre] + kept[centre + 1 : centre + reach + 1]
                if contexts:
                    negative = [_negative(random, sampling) for _ in range(negatives)]
                    words = [word, *(other for other in negative if other != word)]
                    yield MaskedWindow(contexts, words, document, piece_start)


def _negative(random: Xorshift, sampling: Sampling) -> int:
    bits = random.bits()
    word = (bits >> 32) * len(sampling.aliases) >> 32
    return word if bits & 0xFFFFFFFF < sampling.thresholds[word] else int(sampling.aliases[word])


def train(
    ids: np.ndarray,
    offsets: np.ndarray,
    start: int,
    stop: int,
    tables: Tables,
    sampling: Sampling,
    window: int,
    negatives: int,
    rates: tuple[float, float],
    seed: int,
    images: ImageTerm | None = None,
    *,
    average: bool,
    drawn: bool,
) -> tuple[float, int]:
    """One pass over ``ids[start:stop]``; see the kernel for the arguments and what is returned."""
    loss, counted = 0.0, 0
    for number, (contexts, words, document, position) in enumerate(
        masked_windows(ids, offsets, start, stop, sampling, window, negatives, seed, drawn=drawn)
    ):
        rate = rates[0] + (rates[1] - rates[0]) * (position - start) / (stop - start)
        alpha, beta = (1.0, 0.0) if images is None else images.balance * images.weights[document]
        factor = 1 / len(contexts) if average else 1.0
        u = factor * tables.inputs[contexts].sum(axis=0)
        lost, gradient = 0.0, np.zeros_like(u)
        for j, word in enumerate(words):  # one by one: a word drawn twice is moved twice
            score = u @ tables.outputs[word]
            error = alpha * ((j == 0) - expit(score))
            lost -= alpha * np.log(expit(score if j == 0 else -score))
            gradient += error * tables.outputs[word]
            squares = None if images is None else images.output_squares
            tables.outputs[word] += _step(rate, error * u, squares, word)
        if images is not None:
            row = images.of_document[document] if len(images.of_document) else words[0]
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
            squares = None if images is None else images.input_squares
            tables.inputs[word] += _step(rate, factor * gradient, squares, word)
    return loss, counted


def _step(rate: float, gradient: np.ndarray, squares: np.ndarray | None, row: int) -> np.ndarray:
    """Gradient descent's step, or Adagrad's where there are sums of squares, to which the gradient's is added."""
    if squares is None:
        return rate * gradient
    squares[row] += (gradient**2).mean()
    step: np.ndarray = rate * gradient / np.sqrt(squares[row])
    return step
