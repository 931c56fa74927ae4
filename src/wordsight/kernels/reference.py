"""The skip-gram kernel in plain Python and NumPy: slow, readable, the oracle of the compiled one.

Same signature, same random numbers, same order of updates as :func:`wordsight.kernels.skipgram.skipgram_kernel`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from scipy.special import expit

from wordsight.kernels.sampling import PIECE, Sampling
from wordsight.kernels.skipgram import TALLY_EVERY, Tables
from wordsight.kernels.visual import VisualTerm

_MASK = 2**64 - 1


class Window(NamedTuple):
    """Context words (inputs) around a centre, and the outputs: the centre, then the negatives."""

    contexts: list[int]
    words: list[int]
    position: int


class Xorshift:
    """The generator of the kernels: xorshift64*, see :mod:`wordsight.kernels.sampling`."""

    def __init__(self, seed: int) -> None:
        self.state = seed

    def bits(self) -> int:
        """The next 64 random bits."""
        x = self.state
        x ^= x >> 12
        x ^= (x << 25) & _MASK
        x ^= x >> 27
        self.state = x
        return x * 2685821657736338717 & _MASK

    def below(self, n: int) -> int:
        """A random number from 0 to n − 1."""
        return (self.bits() >> 32) * n >> 32


def windows(
    ids: np.ndarray,
    offsets: np.ndarray,
    start: int,
    stop: int,
    sampling: Sampling,
    window: int,
    negatives: int,
    seed: int,
) -> Iterator[Window]:
    """The windows in ``ids[start:stop]`` with their drawn sizes and negatives."""
    return _windows(ids, offsets, start, stop, sampling, window, negatives, Xorshift(int(seed)))


def _windows(
    ids: np.ndarray,
    offsets: np.ndarray,
    start: int,
    stop: int,
    sampling: Sampling,
    window: int,
    negatives: int,
    random: Xorshift,
) -> Iterator[Window]:
    n_words = len(sampling.aliases)
    for first, last in pieces_of(offsets, start, stop):
        position = first
        while position < last:
            piece_start = position
            kept: list[int] = []
            while position < last and len(kept) < PIECE:
                if random.bits() >> 32 <= sampling.keep[ids[position]]:
                    kept.append(int(ids[position]))
                position += 1
            for centre, word in enumerate(kept):
                reach = 1 + random.below(window)
                contexts = kept[max(0, centre - reach) : centre] + kept[centre + 1 : centre + reach + 1]
                if not contexts:
                    continue
                words = [word]
                for _ in range(negatives):
                    bits = random.bits()
                    drawn = (bits >> 32) * n_words >> 32
                    keep = bits & 0xFFFFFFFF < sampling.thresholds[drawn]
                    words.append(drawn if keep else int(sampling.aliases[drawn]))
                yield Window(contexts, words, piece_start)


def pieces_of(offsets: np.ndarray, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """The parts of documents that lie in [start, stop)."""
    for first, last in pairwise(offsets):
        if max(first, start) < min(last, stop):
            yield int(max(first, start)), int(min(last, stop))


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
    visual: VisualTerm | None = None,
) -> tuple[float, int]:
    """One pass over ``ids[start:stop]``; see the kernel for the arguments and what is returned."""
    loss, pairs, random = 0.0, 0, Xorshift(int(seed))
    for count, (contexts, words, position) in enumerate(
        _windows(ids, offsets, start, stop, sampling, window, negatives, random)
    ):
        rate = rates[0] + (rates[1] - rates[0]) * (position - start) / (stop - start)
        u = tables.inputs[contexts].copy()
        z = tables.offset_rows[contexts] if len(tables.offset_rows) else np.full(len(contexts), -1)
        u[z >= 0] += tables.offsets[z[z >= 0]]
        v = tables.outputs[words]
        labels = np.array([1.0] + [0.0] * negatives)
        counted = np.array([True] + [w != words[0] for w in words[1:]])
        probabilities = expit(u @ v.T)
        if count % TALLY_EVERY == 0:
            loss -= np.log(np.where(labels, probabilities, 1 - probabilities))[:, counted].sum()
            pairs += len(contexts)
        errors = (labels - probabilities) * counted
        gradients = errors @ v
        np.add.at(tables.outputs, words, rate * errors.T @ u)
        np.add.at(tables.inputs, contexts, rate * gradients)
        np.add.at(tables.offset_gradients, z[z >= 0], gradients[z >= 0])
        np.add.at(tables.offset_updates, z[z >= 0], 1)
        if visual is not None and visual.rows[words[0]] >= 0:
            row = visual.rows[words[0]]
            drawn = [random.below(len(visual.targets)) for _ in range(visual.negatives)]
            tables.inputs[words[0]] += (
                rate * visual.weight * _visual_gradient(tables.inputs[words[0]], visual, row, drawn)
            )
            visual.occurrences[row] += 1
    return loss, pairs


def _visual_gradient(u: np.ndarray, visual: VisualTerm, row: int, drawn: list[int]) -> np.ndarray:
    """−∂/∂u of Σ max(0, γ − cos(M u, x_w) + cos(M u, x_w')) over the drawn w'."""
    gram = visual.gram if visual.gram.size else np.eye(len(u))
    length = np.sqrt(u @ gram @ u)
    cosines = visual.targets @ u / length
    slopes = visual.targets / length - np.outer(cosines, gram @ u) / length**2
    violated = [w for w in drawn if visual.margin - cosines[row] + cosines[w] > 0]
    gradient: np.ndarray = len(violated) * slopes[row] - slopes[violated].sum(axis=0)
    return gradient
