import pytest
from tests.evaluation.tasks.rated import by_hand, rated, two_languages

from wordsight.evaluation.tasks.crosslingual import crosslingual, pooled


def test_the_combined_score_is_that_of_all_pairs_together() -> None:
    vectors = two_languages()
    sets = [rated("en+de", "en", "de", 40, 1), rated("de+de", "de", "de", 30, 2)]
    *each, combined = crosslingual(vectors, sets)
    assert [result.dataset for result in each] == ["en+de", "de+de"] and combined.dataset == "combined"
    whole = pooled(sets)
    assert whole.first == sets[0].first + sets[1].first and len(whole) == 70
    score, n = by_hand(vectors, whole)
    assert combined.score == pytest.approx(score, abs=1e-6) and combined.n == n == sum(r.n for r in each)
    assert combined.total == 70 and combined.interval[0] < combined.score < combined.interval[1]
