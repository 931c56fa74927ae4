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
from wordsight.kernels.skipgram import TALLY_EVERY, block_size
from wordsight.kernels.vector_tables import VectorTables
from wordsight.kernels.visual_term import VisualTerm

_MASK = 2**64 - 1


class Block(NamedTuple):
    """Some neighbouring windows.

    Attributes:
        contexts: the words around the centres: the inputs.
        words: the outputs: the centres, then the negatives.
        weights: int64 [n_contexts, n_words], how often the windows have each pair.
        n_centres: how many centres there are.
        position: the place in the corpus that the learning rate is taken from.
    """

    contexts: list[int]
    words: list[int]
    weights: np.ndarray
    n_centres: int
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


def blocks(
    ids: np.ndarray,
    offsets: np.ndarray,
    start: int,
    stop: int,
    sampling: Sampling,
    window: int,
    negatives: int,
    random: Xorshift,
    *,
    size: int | None = None,
) -> Iterator[Block]:
    """The blocks of windows in ``ids[start:stop]`` with their drawn sizes and negatives; ``size`` centres a block."""
    size = size or block_size(window, negatives)
    for position, places in pieces(ids, offsets, start, stop, sampling, random):
        kept = ids[places].tolist()
        for first in range(0, len(kept) if len(kept) > 1 else 0, size):
            centres = range(first, min(first + size, len(kept)))
            reaches = [1 + random.below(window) for _ in centres]
            low = min(max(c - reach, 0) for c, reach in zip(centres, reaches, strict=True))
            high = max(min(c + reach + 1, len(kept)) for c, reach in zip(centres, reaches, strict=True))
            distances = abs(np.arange(low, high)[:, None] - np.array(centres))
            within = (distances > 0) & (distances <= reaches)  # [n_contexts, n_centres]
            words = kept[first : first + size]
            drawn = [negative(sampling, random) for _ in range(negatives)]
            # A context has a negative once for each of its centres, but for those that are that negative.
            differ = np.not_equal.outer(words, drawn)
            weights = np.hstack([within, within.astype(np.int64) @ differ])
            yield Block(kept[low:high], words + drawn, weights, len(words), position)


def rate_at(position: int, start: int, stop: int, rates: tuple[float, float]) -> float:
    """The learning rate at a place of ``ids[start:stop]``, over which it goes from the first to the last."""
    return rates[0] + (rates[1] - rates[0]) * (position - start) / (stop - start)


def negative(sampling: Sampling, random: Xorshift, *, first: int = 0, n_words: int | None = None) -> int:
    """A word drawn by the alias table, or by the part of it that is one language's: its first word, how many it has."""
    bits = random.bits()
    drawn = first + ((bits >> 32) * (n_words or len(sampling.aliases)) >> 32)
    return drawn if bits & 0xFFFFFFFF < sampling.thresholds[drawn] else int(sampling.aliases[drawn])


def pieces(
    ids: np.ndarray, offsets: np.ndarray, start: int, stop: int, sampling: Sampling, random: Xorshift
) -> Iterator[tuple[int, list[int]]]:
    """The first place of each piece of ``ids[start:stop]`` and those that are kept; pieces end with their documents."""
    for first, last in pairwise(offsets):
        position, end = int(max(first, start)), int(min(last, stop))
        while position < end:
            place = position
            kept: list[int] = []
            while position < end and len(kept) < PIECE:
                if random.bits() >> 32 <= sampling.keep[ids[position]]:
                    kept.append(position)
                position += 1
            yield place, kept


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
    seed: int,
    visual: VisualTerm | None = None,
) -> tuple[float, int]:
    """One pass over ``ids[start:stop]``; see the kernel for the arguments and what is returned."""
    loss, pairs, random = 0.0, 0, Xorshift(int(seed))
    all_blocks = blocks(ids, offsets, start, stop, sampling, window, negatives, random)
    for count, (contexts, words, weights, n_centres, position) in enumerate(all_blocks):
        rate = rate_at(position, start, stop, rates)
        u, v = tables.inputs[contexts], tables.outputs[words]
        labels = np.arange(len(words)) < n_centres
        probabilities = expit(u @ v.T)
        if count % TALLY_EVERY == 0:
            loss -= (weights * np.log(np.where(labels, probabilities, 1 - probabilities))).sum()
            pairs += weights[:, :n_centres].sum()
        errors = weights * (labels - probabilities)
        np.add.at(tables.outputs, words, rate * errors.T @ u)
        np.add.at(tables.inputs, contexts, rate * errors @ v)
        if visual is not None:
            for word in words[:n_centres]:
                _add_visual(tables.inputs, word, visual, rate, random)
    return loss, pairs


def _add_visual(inputs: np.ndarray, word: int, visual: VisualTerm, rate: float, random: Xorshift) -> None:
    row = visual.rows[word]
    if row >= 0:
        drawn = [random.below(len(visual.targets)) for _ in range(visual.negatives)]
        inputs[word] += rate * visual.weight * _visual_gradient(inputs[word], visual, row, drawn)
        visual.occurrences[row] += 1


def _visual_gradient(u: np.ndarray, visual: VisualTerm, row: int, drawn: list[int]) -> np.ndarray:
    """−∂/∂u of Σ max(0, γ − cos(M u, x_w) + cos(M u, x_w')) over the drawn w'."""
    gram = visual.gram if visual.gram.size else np.eye(len(u))
    length = np.sqrt(u @ gram @ u)
    cosines = visual.targets @ u / length
    slopes = visual.targets / length - np.outer(cosines, gram @ u) / length**2
    violated = [w for w in drawn if visual.margin - cosines[row] + cosines[w] > 0]
    gradient: np.ndarray = len(violated) * slopes[row] - slopes[violated].sum(axis=0)
    return gradient
