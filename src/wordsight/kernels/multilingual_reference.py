"""The multilingual kernel in plain Python and NumPy: slow, readable, the oracle of the compiled one.

Same signature, same random numbers, same order of updates as
:func:`wordsight.kernels.multilingual.multilingual_kernel`.
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit

from wordsight.kernels.multilingual import Links
from wordsight.kernels.sampling import Sampling
from wordsight.kernels.sampling_reference import Xorshift, around, negative, pieces, rate_at
from wordsight.kernels.skipgram import TALLY_EVERY
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
    links: Links,
) -> tuple[float, int]:
    """One pass over ``ids[start:stop]``; see the kernel for the arguments and what is returned."""
    loss, pairs, windows, random = 0.0, 0, 0, Xorshift(int(seed))
    for position, kept in pieces(ids, offsets, start, stop, sampling, random):
        rate = rate_at(position, start, stop, rates)
        for centre, position_of_centre in enumerate(kept):
            reach = 1 + random.below(window)
            tokens = around(kept, centre, reach)
            if not tokens:
                continue
            contexts = np.concatenate([_inputs(ids, token, links) for token in tokens])
            word = int(ids[position_of_centre])
            language = {"first": int(links.first[word]), "n_words": int(links.n_words[word])}
            words = np.array([word, *(negative(sampling, random, **language) for _ in range(negatives))])
            u, v = tables.inputs[contexts], tables.outputs[words]
            labels = np.arange(len(words)) == 0
            counts = labels | (words != words[0])
            probabilities = expit(u @ v.T)
            if windows % TALLY_EVERY == 0:
                loss -= (counts * np.log(np.where(labels, probabilities, 1 - probabilities))).sum()
                pairs += len(contexts)
            windows += 1
            errors = counts * (labels - probabilities)
            np.add.at(tables.outputs, words, rate * errors.T @ u)
            np.add.at(tables.inputs, contexts, rate * links.shares[contexts, None] * (errors @ v))
    return loss, pairs


def _inputs(ids: np.ndarray, token: int, links: Links) -> list[int]:
    """A token's word and those linked to it."""
    linked = links.linked[links.starts[token] : links.starts[token + 1]] if links.most else ()
    return [int(ids[token]), *map(int, linked)]
