from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

import wordsight as ws
from wordsight.errors import ParameterError, UnknownNameError
from wordsight.evaluation.metrics.precision import chance, first_hits
from wordsight.evaluation.tasks.translation import translation
from wordsight.vectors.word_vectors import WordVectors

N = 40


@pytest.fixture(scope="module")
def vectors() -> WordVectors:
    """Two languages: word i of one lies near word i of the other, with a hub that is near to everything."""
    random = np.random.default_rng(0)
    english = random.normal(size=(N, 8)) + 1.0
    german = english + 0.9 * random.normal(size=(N, 8))
    german[0] = english.mean(axis=0)
    words = [f"{tag}:{i}" for tag in ("en", "de") for i in range(N)]
    return WordVectors(words, np.concatenate([english, german]))


def cosines(vectors: WordVectors) -> np.ndarray:
    """float64 [N, N], English by German, from the definition."""
    matrix = np.asarray(vectors.matrix, dtype=np.float64)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    return matrix[:N] @ matrix[N:].T


def share_right(scores: np.ndarray, k: int) -> float:
    ranks = [(row > row[i]).sum() for i, row in enumerate(scores)]
    return float(np.mean(np.array(ranks) < k))


def test_precision_is_that_of_ranking_by_cosine(vectors: WordVectors) -> None:
    result = ws.evaluate(
        vectors, "translation", dictionary=[(str(i), str(i)) for i in range(N)], source="en", target="de"
    ).only
    scores = cosines(vectors)
    assert 0.1 < result.score < 0.95
    assert result.score == result.details["precision"][1] == pytest.approx(share_right(scores, 1))
    assert result.details["precision"][5] == pytest.approx(share_right(scores, 5))
    assert result.details["precision"][10] == pytest.approx(share_right(scores, 10))
    assert result.details["chance"] == pytest.approx({1: 1 / N, 5: 5 / N, 10: 10 / N})
    assert (result.n, result.total, result.coverage) == (N, N, 1.0)
    assert result.interval[0] < result.score < result.interval[1]


def test_csls_is_its_definition_and_sees_through_hubs(vectors: WordVectors) -> None:
    pairs = [(str(i), str(i)) for i in range(N)]
    result = translation(vectors, pairs, source="en", target="de", retrieval="csls").only
    scores = cosines(vectors)
    of_source = np.sort(scores, axis=1)[:, -10:].mean(axis=1)
    of_target = np.sort(scores, axis=0)[-10:].mean(axis=0)
    csls = 2 * scores - of_source[:, None] - of_target
    for k in (1, 5, 10):
        assert result.details["precision"][k] == pytest.approx(share_right(csls, k))
    assert result.score > translation(vectors, pairs, source="en", target="de").score


def test_any_of_several_translations_is_right(vectors: WordVectors) -> None:
    best = cosines(vectors).argmax(axis=1)
    wrong = (best + 1) % N
    pairs = [(str(i), str(right)) for i, right in enumerate(best)] + [(str(i), str(w)) for i, w in enumerate(wrong)]
    result = translation(vectors, pairs, source="en", target="de").only
    assert (result.score, result.n) == (1.0, N)
    assert result.details["chance"][1] == pytest.approx(2 / N)


def test_missing_words_are_left_out_and_counted() -> None:
    vectors = WordVectors(["en:cat", "en:dog", "de:katze", "de:hund"], np.eye(4)[[0, 1, 0, 1]])
    pairs = [("Cat", "Katze"), ("cat", "mieze"), ("dog", "köter"), ("cow", "kuh"), ("horse", "hund")]
    result = translation(vectors, pairs, source="en", target="de").only
    assert (result.score, result.n, result.total, result.coverage) == (1.0, 1, 4, 0.25)
    none = translation(vectors, [("cow", "kuh")], source="en", target="de", retrieval="csls").only
    assert np.isnan(none.score) and none.n == 0
    assert none.to_dict()["score"] is None


def test_a_dictionary_may_be_a_file(vectors: WordVectors, tmp_path: Path) -> None:
    path = tmp_path / "en-de.0-5000.txt"
    path.write_text("1 1\n2\t2\n\n3   3\nno nein\n")
    result = ws.evaluate(vectors, "translation", dictionary=path, source="en", target="de").only
    assert (result.dataset, result.n, result.total) == ("en-de.0-5000", 3, 4)


def test_refuses_what_makes_no_sense(vectors: WordVectors) -> None:
    with pytest.raises(UnknownNameError, match="unknown retrieval 'cslss'; did you mean 'csls'"):
        translation(vectors, [("1", "1")], source="en", target="de", retrieval="cslss")
    with pytest.raises(UnknownNameError, match="unknown language 'it'"):
        translation(vectors, [("1", "1")], source="en", target="it")
    with pytest.raises(ParameterError, match="at least one pair"):
        translation(vectors, [], source="en", target="de")


@pytest.mark.parametrize(("n", "k", "right"), [(7, 3, 1), (7, 3, 4), (7, 3, 5), (6, 6, 2), (9, 1, 3)])
def test_chance_is_that_of_all_draws(n: int, k: int, right: int) -> None:
    draws = list(combinations(range(n), k))
    expected = np.mean([any(answer < right for answer in draw) for draw in draws])
    assert chance(np.array([right]), n, k) == pytest.approx(expected)
    assert chance(np.array([right, n]), n, k) == pytest.approx((expected + 1) / 2)


def test_first_hits() -> None:
    found = np.array([[4, 2, 7], [1, 2, 3], [9, 8, 1]])
    assert first_hits(found, [{7, 2}, {5}, {9}]).tolist() == [1, 3, 0]
    assert first_hits(np.empty((0, 3), dtype=np.int64), []).tolist() == []
