"""Rated pairs drawn at random, and their score from the definition."""

from __future__ import annotations

import numpy as np
from scipy.stats import spearmanr

from wordsight.evaluation.data.rated_pairs import RatedPairs
from wordsight.vectors.word_vectors import WordVectors


def two_languages() -> WordVectors:
    """Twelve words of each of two languages."""
    words = [f"{code}:w{i}" for code in ("en", "de") for i in range(12)]
    return WordVectors(words, np.random.default_rng(0).normal(size=(24, 5)))


def rated(name: str, first: str, second: str, n: int, seed: int) -> RatedPairs:
    random = np.random.default_rng(seed)
    numbers = random.integers([0, 7], [7, 14], (n, 2))  # w12 and w13 are unknown
    pairs = [(f"{first}:w{i}", f"{second}:w{j}") for i, j in numbers]
    return RatedPairs(name, [a for a, _ in pairs], [b for _, b in pairs], random.normal(size=n))


def by_hand(vectors: WordVectors, pairs: RatedPairs) -> tuple[float, int]:
    known = [
        (vectors.similarity(a, b), rating)
        for a, b, rating in zip(pairs.first, pairs.second, pairs.ratings, strict=True)
        if a in vectors and b in vectors
    ]
    return spearmanr(*zip(*known, strict=True)).statistic, len(known)
