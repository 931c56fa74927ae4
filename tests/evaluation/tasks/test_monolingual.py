import numpy as np
import pytest
from tests.evaluation.tasks.rated import by_hand, rated, two_languages

from wordsight.evaluation.data.rated_pairs import RatedPairs
from wordsight.evaluation.tasks.monolingual import monolingual


def test_the_average_is_the_mean_of_the_scores() -> None:
    vectors = two_languages()
    sets = [rated("one", "en", "en", 40, 3), rated("two", "en", "en", 25, 4)]
    *each, average = monolingual(vectors, sets)
    scores = [by_hand(vectors, pairs)[0] for pairs in sets]
    assert average.dataset == "average" and average.score == pytest.approx(np.mean(scores), abs=1e-6)
    assert (average.n, average.total) == (sum(r.n for r in each), 65)
    assert average.interval[0] < average.score < average.interval[1]


def test_a_set_without_a_score_does_not_count() -> None:
    vectors = two_languages()
    nothing = RatedPairs("none", ["en:x", "en:y"], ["en:y", "en:z"], np.array([1.0, 2.0]))
    result = monolingual(vectors, [rated("one", "en", "en", 40, 3), nothing])
    assert result["average"].score == result["one"].score and result["average"].total == 42
    assert np.isnan(monolingual(vectors, nothing)["average"].score)
