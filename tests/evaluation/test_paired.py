import json
from pathlib import Path

import numpy as np
import pytest
from tests.evaluation.tasks.rated import by_hand, rated, two_languages

import wordsight as ws
from wordsight.errors import ParameterError
from wordsight.evaluation.data.rated_pairs import RatedPairs
from wordsight.vectors.word_vectors import WordVectors


def test_only_pairs_that_both_cover_count() -> None:
    vectors, pairs = two_languages(), rated("rated", "en", "de", 60, 5)
    other = WordVectors(vectors.words[3:], np.random.default_rng(2).standard_normal((21, 9)))
    both = WordVectors(other.words, vectors[other.words])
    comparison = ws.compare(vectors, other, files=pairs).only
    assert comparison.score_a == pytest.approx(by_hand(both, pairs)[0], abs=1e-6)
    assert comparison.score_b == pytest.approx(by_hand(other, pairs)[0], abs=1e-6)
    assert comparison.n == by_hand(other, pairs)[1] < by_hand(vectors, pairs)[1]
    assert comparison.total == 60 and comparison.coverage == comparison.n / 60
    assert comparison.interval[0] < comparison.difference < comparison.interval[1]
    assert json.loads(json.dumps(comparison.to_dict()))["difference"] == comparison.difference


def test_a_real_difference_is_found(tmp_path: Path) -> None:
    vectors = two_languages()
    random = np.random.default_rng(3)
    pairs = [(vectors.words[a], vectors.words[b]) for a, b in random.integers(24, size=(200, 2))]
    for name in ("first", "second"):
        lines = "\n".join(f"{a}\t{b}\t{vectors.similarity(a, b)}" for a, b in pairs)
        (tmp_path / f"{name}.txt").write_text(lines)
    other = WordVectors(vectors.words, vectors.matrix + random.standard_normal((24, 5)))
    comparisons = ws.compare(vectors, other, [tmp_path / "first.txt", tmp_path / "second.txt"])
    assert [comparison.dataset for comparison in comparisons] == ["first", "second"]
    assert comparisons["second"].score_a == pytest.approx(1, abs=1e-3)
    assert 0 < comparisons[0].interval[0] < comparisons[0].difference < comparisons[0].interval[1]
    same = ws.compare(vectors, vectors, tmp_path / "first.txt")
    assert same.difference == 0 and same.interval == (0, 0) and same.n == 200


def test_words_are_found_by_their_language() -> None:
    vectors = two_languages()
    pairs = rated("rated", "en", "en", 30, 6)
    first, second = ([word.removeprefix("en:") for word in side] for side in (pairs.first, pairs.second))
    bare = RatedPairs("bare", first, second, pairs.ratings)
    tagged = ws.compare(vectors, vectors, bare, language="en")
    assert tagged.n == by_hand(vectors, pairs)[1] > 0
    assert ws.compare(vectors, vectors, bare).n == 0


def test_what_is_no_word_vectors_is_refused() -> None:
    vectors = two_languages()
    with pytest.raises(ParameterError, match="compare takes WordVectors, not dict; make them with"):
        ws.compare(vectors, {"a": [1.0]}, files="pairs.txt")  # type: ignore[arg-type]
