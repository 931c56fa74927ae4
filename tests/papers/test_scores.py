"""Scores over seeds against SciPy and resampling written out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from wordsight.evaluation.data.rated_pairs import RatedPairs
from wordsight.papers.scores import VALUES, Means, scored
from wordsight.vectors.word_vectors import WordVectors

WORDS = [f"w{i}" for i in range(30)]


def vectors(seed: int) -> WordVectors:
    return WordVectors(WORDS, np.random.default_rng(seed).normal(size=(30, 4)).astype(np.float32))


@pytest.fixture(scope="module")
def pairs() -> RatedPairs:
    random = np.random.default_rng(9)
    first = random.integers(0, 30, 60)
    second = (first + random.integers(1, 30, 60)) % 30
    return RatedPairs("toy", [f"w{i}" for i in first], [f"w{i}" for i in second], random.random(60))


def cosines(space: WordVectors, pairs: RatedPairs) -> np.ndarray:
    return np.array([space.similarity(a, b) for a, b in zip(pairs.first, pairs.second, strict=True)])


def rows(pairs: RatedPairs) -> list[dict[str, object]]:
    found = []
    for model, start in (("a", 0), ("b", 10), ("c", 20)):
        for seed in (0, 1):
            found += scored(vectors(start + seed), [pairs], {"all": None, "few": WORDS[:3]}, model=model, seed=seed)
    return found


def test_scores_are_spearmans(pairs: RatedPairs) -> None:
    row = scored(vectors(0), [pairs], {"all": None}, model="a", seed=0)[0]
    assert row["score"] == pytest.approx(
        spearmanr(cosines(vectors(0), pairs), pairs.ratings)[0], abs=1e-3
    )  # float32 ties
    assert row["n"] == 60 and row["coverage"] == 1 and row["low"] < row["score"] < row["high"]
    assert len(row[VALUES]) == 1000


def test_means_and_differences_resample_the_same_pairs(pairs: RatedPairs) -> None:
    means = Means(rows(pairs), ["model"])
    keys = {key["model"]: key for key in means.groups()}
    assert list(keys) == ["a", "b", "c"]  # a handful of pairs makes no score
    expected = {
        model: np.mean([spearmanr(cosines(vectors(start + s), pairs), pairs.ratings)[0] for s in (0, 1)])
        for model, start in (("a", 0), ("b", 10), ("c", 20))
    }
    assert means.mean(keys["a"])["score"] == pytest.approx(expected["a"], abs=1e-3)
    assert means.mean(keys["a"])["seeds"] == [0, 1]
    both = means.difference(keys["a"], keys["b"], keys["c"])
    assert both is not None
    assert both["difference"] == pytest.approx(expected["a"] - max(expected["b"], expected["c"]), abs=2e-3)
    random, found = np.random.default_rng(1), []
    for _ in range(400):
        drawn = random.integers(0, 60, 60)
        scores = [
            np.mean([spearmanr(cosines(vectors(start + s), pairs)[drawn], pairs.ratings[drawn])[0] for s in (0, 1)])
            for start in (0, 10, 20)
        ]
        found.append(scores[0] - max(scores[1:]))
    low, high = np.quantile(found, [0.025, 0.975])
    assert both["low"] == pytest.approx(low, abs=0.06) and both["high"] == pytest.approx(high, abs=0.06)


def test_a_model_equals_itself_and_other_pairs_do_not_compare(pairs: RatedPairs) -> None:
    means = Means(rows(pairs), ["model"])
    key = next(iter(means.groups()))
    same = means.difference(key, key)
    assert same is not None and (same["difference"], same["low"], same["high"]) == (0, 0, 0)
    half = scored(vectors(5), [pairs], {"all": WORDS[:20]}, model="half", seed=0)
    means = Means([*rows(pairs), *half], ["model"])
    assert means.difference(key, key | {"model": "half"}) is None
    assert means.difference(key, key | {"model": "unknown"}) is None
