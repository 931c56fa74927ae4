from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wordsight.kernels import multilingual_reference
from wordsight.kernels.multilingual import Links, multilingual_kernel
from wordsight.kernels.sampling import Sampling
from wordsight.kernels.vector_tables import VectorTables
from wordsight.text.vocabulary import Vocabulary

DIM, N_WORDS, N_TOKENS = 16, (12, 7, 5), 200


def problem(seed: int, most: int) -> tuple[np.ndarray, np.ndarray, VectorTables, Sampling, Links]:
    """Three languages with a few documents each, tokens linked to up to ``most`` words of the others, in float64."""
    random = np.random.default_rng(seed)
    spans = list(itertools.pairwise(np.cumsum((0, *N_WORDS)).tolist()))
    ids = np.concatenate([random.integers(first, last, N_TOKENS) for first, last in spans])
    offsets = np.unique(np.append(np.arange(0, len(ids) + 1, N_TOKENS), random.integers(0, len(ids), 12)))
    words = Vocabulary([f"w{i}" for i in range(sum(N_WORDS))], np.bincount(ids, minlength=sum(N_WORDS)) + 1)
    keep = (words.keep_probabilities(0.05) * (2**32 - 1)).astype(np.uint32)
    own = [Vocabulary(words.words[a:b], words.counts[a:b]).alias_table() for a, b in spans]
    thresholds = np.concatenate([of for of, _ in own])
    aliases = np.concatenate([of + np.int32(a) for (_, of), (a, _) in zip(own, spans, strict=True)])
    links = random.integers(0, most + 1, len(ids))
    learned = VectorTables(*(random.normal(size=(len(words) + 1, DIM)) / 2 for _ in range(2)))
    return (
        ids.astype(np.int32),
        offsets,
        learned,
        Sampling(keep, thresholds, aliases),
        Links(
            first=np.repeat(np.array([a for a, _ in spans], np.int32), N_WORDS),
            n_words=np.repeat(np.array(N_WORDS, np.int32), N_WORDS),
            starts=np.concatenate([[0], np.cumsum(links)]) if most else np.zeros(0, np.int64),
            linked=random.integers(0, len(words), links.sum(), dtype=np.int32),
            most=most,
            shares=random.random(len(words), dtype=np.float32),
        ),
    )


@settings(deadline=None, max_examples=25)
@given(
    seed=st.integers(1, 2**60),
    window=st.integers(1, 6),
    negatives=st.integers(1, 9),
    most=st.integers(0, 2),
    bounds=st.tuples(st.integers(0, 599), st.integers(1, 600)).filter(lambda b: b[0] < b[1]),
)
def test_kernel_updates_like_the_reference(
    seed: int, window: int, negatives: int, most: int, bounds: tuple[int, int]
) -> None:
    ids, offsets, tables, sampling, links = problem(seed, most)
    expected = VectorTables(*(array.copy() for array in tables))
    start, stop = bounds
    arguments = (sampling, window, negatives, (0.02, 0.005), np.uint64(seed), links)
    loss = multilingual_kernel(DIM)(ids, offsets, start, stop, tables, *arguments)
    expected_loss = multilingual_reference.train(ids, offsets, start, stop, expected, *arguments)
    for got, want in zip(tables, expected, strict=True):
        np.testing.assert_allclose(got, want, rtol=2e-5, atol=2e-5)
    np.testing.assert_allclose(loss, expected_loss, rtol=1e-6)


def test_dim_must_be_padded() -> None:
    with pytest.raises(ValueError, match="multiple of 16"):
        multilingual_kernel(17)
