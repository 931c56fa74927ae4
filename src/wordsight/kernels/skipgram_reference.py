"""The skip-gram kernel in plain Python and NumPy: slow, readable, the oracle of the compiled one.

Same signature, same random numbers, same order of updates as :func:`wordsight.kernels.skipgram.skipgram_kernel`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy.special import expit

from wordsight.kernels.sampling import Sampling
from wordsight.kernels.sampling_reference import Xorshift, negative, pieces, rate_at
from wordsight.kernels.skipgram import TALLY_EVERY, block_size
from wordsight.kernels.vector_tables import VectorTables
from wordsight.kernels.visual_term import VisualTerm
from wordsight.kernels.visual_term_reference import update_visual


class Block(NamedTuple):
    """Some neighbouring windows.

    Attributes:
        contexts: the words around the centres: the inputs.
        words: the outputs: the centres, then the negatives.
        weights: int64 [n_contexts, n_words], how often the windows have each pair.
        n_centres: how many centres there are.
        position: the token of the corpus that the learning rate is taken from.
    """

    contexts: list[int]
    words: list[int]
    weights: np.ndarray
    n_centres: int
    position: int


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
    for position, tokens in pieces(ids, offsets, start, stop, sampling, random):
        kept = ids[tokens].tolist()
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
                update_visual(tables.inputs, word, visual, rate, random)
    return loss, pairs
