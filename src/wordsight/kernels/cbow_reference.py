"""The CBOW kernel in plain Python and NumPy: slow, readable, the oracle of the compiled one.

Same signature, same random numbers, same order of updates as :func:`wordsight.kernels.cbow.cbow_kernel`.
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from wordsight.kernels.cbow import CENTRES
from wordsight.kernels.sampling import Sampling
from wordsight.kernels.sampling_reference import Xorshift, rate_at
from wordsight.kernels.skipgram import TALLY_EVERY
from wordsight.kernels.skipgram_reference import blocks
from wordsight.kernels.vector_tables import VectorTables


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
) -> tuple[float, int]:
    """One pass over ``ids[start:stop]``; see the kernel for the arguments and what is returned."""
    loss, counted = 0.0, 0
    all_blocks = blocks(ids, offsets, start, stop, sampling, window, negatives, Xorshift(int(seed)), size=CENTRES)
    for number, (contexts, words, weights, n_centres, position) in enumerate(all_blocks):
        rate = rate_at(position, start, stop, rates)
        within = weights[:, :n_centres].T
        shares = within / within.sum(axis=1, keepdims=True)
        means, v = shares @ tables.inputs[contexts], tables.outputs[words]
        labels = np.eye(n_centres, len(words))
        counts = np.hstack([np.eye(n_centres), np.not_equal.outer(words[:n_centres], words[n_centres:])])
        probabilities = expit(means @ v.T)
        if number % TALLY_EVERY == 0:
            loss -= (counts * np.log(np.where(labels, probabilities, 1 - probabilities))).sum()
            counted += n_centres
        errors = counts * (labels - probabilities)
        np.add.at(tables.outputs, words, rate * errors.T @ means)
        np.add.at(tables.inputs, contexts, rate * shares.T @ (errors @ v))
    return loss, counted
