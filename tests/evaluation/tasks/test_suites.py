import numpy as np
import pytest
from scipy.stats import spearmanr

from wordsight.evaluation.data.rated_pairs import RatedPairs
from wordsight.evaluation.tasks.suites import crosslingual, monolingual, pooled
from wordsight.vectors.word_vectors import WordVectors


@pytest.fixture
def vectors() -> WordVectors:
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


def test_the_combined_score_is_that_of_all_pairs_together(vectors: WordVectors) -> None:
    sets = [rated("en+de", "en", "de", 40, 1), rated("de+de", "de", "de", 30, 2)]
    *each, combined = crosslingual(vectors, sets)
    assert [result.dataset for result in each] == ["en+de", "de+de"] and combined.dataset == "combined"
    whole = pooled(sets)
    assert whole.first == sets[0].first + sets[1].first and len(whole) == 70
    score, n = by_hand(vectors, whole)
    assert combined.score == pytest.approx(score, abs=1e-6) and combined.n == n == sum(r.n for r in each)
    assert combined.total == 70 and combined.interval[0] < combined.score < combined.interval[1]


def test_the_average_is_the_mean_of_the_scores(vectors: WordVectors) -> None:
    sets = [rated("one", "en", "en", 40, 3), rated("two", "en", "en", 25, 4)]
    *each, average = monolingual(vectors, sets)
    scores = [by_hand(vectors, pairs)[0] for pairs in sets]
    assert average.dataset == "average" and average.score == pytest.approx(np.mean(scores), abs=1e-6)
    assert (average.n, average.total) == (sum(r.n for r in each), 65)
    assert average.interval[0] < average.score < average.interval[1]


def test_a_set_without_a_score_does_not_count(vectors: WordVectors) -> None:
    nothing = RatedPairs("none", ["en:x", "en:y"], ["en:y", "en:z"], np.array([1.0, 2.0]))
    result = monolingual(vectors, [rated("one", "en", "en", 40, 3), nothing])
    assert result["average"].score == result["one"].score and result["average"].total == 42
    assert np.isnan(monolingual(vectors, nothing)["average"].score)
