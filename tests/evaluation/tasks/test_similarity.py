import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import wordsight as ws
from wordsight.errors import DataError, ParameterError
from wordsight.evaluation.tasks.similarity import similarity
from wordsight.vectors.word_vectors import WordVectors


@pytest.fixture
def vectors() -> WordVectors:
    words = [f"w{i}" for i in range(40)]
    return WordVectors(words, np.random.default_rng(0).standard_normal((40, 5)))


@pytest.fixture
def rated(tmp_path: Path) -> Path:
    """60 pairs, ten of them with a word that no vectors have, with tied ratings."""
    rng = np.random.default_rng(1)
    lines = [
        f"w{a}\t{'x' if i < 10 else 'w'}{b}\t{rng.integers(5)}"
        for i, (a, b) in enumerate(rng.integers(40, size=(60, 2)))
    ]
    (tmp_path / "rated.txt").write_text("\n".join(lines))
    return tmp_path / "rated.txt"


def by_hand(
    vectors: WordVectors, path: Path, keep: Callable[[str, str], bool] = lambda a, b: True
) -> tuple[float, int]:
    cosines, ratings = [], []
    for line in path.read_text().splitlines():
        a, b, rating = line.split()
        if a in vectors and b in vectors and keep(a, b):
            x, y = vectors[a].astype(float), vectors[b].astype(float)
            cosines.append(x @ y / np.linalg.norm(x) / np.linalg.norm(y))
            ratings.append(float(rating))
    return stats.spearmanr(np.round(cosines, 6), ratings).statistic, len(ratings)


def test_the_score_is_scipys_on_the_covered_pairs(vectors: WordVectors, rated: Path) -> None:
    results = ws.evaluate(vectors, "similarity", files=[rated])
    expected, n = by_hand(vectors, rated)
    assert results.score == pytest.approx(expected, abs=1e-6)
    assert results.n == n == 50
    assert results.coverage == 50 / 60
    low, high = results.interval
    assert -1 <= low < results.score < high <= 1
    assert results.only.details["missing"] == 10


def test_restricted_to_some_words(vectors: WordVectors, rated: Path) -> None:
    allowed = {f"w{i}" for i in range(25)} | {"unknown"}
    result = similarity(vectors, rated, restrict_to=allowed).only
    expected, n = by_hand(vectors, rated, lambda a, b: a in allowed and b in allowed)
    assert result.score == pytest.approx(expected, abs=1e-6)
    assert (result.n, result.total, result.details["missing"]) == (n, 60, 10)
    assert similarity(vectors, rated, restrict_to=["unknown"]).n == 0


def test_words_are_looked_up_as_they_are_then_in_lower_case(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Israel Cat 3\nTIGER cat 2\nIsrael tiger 1\nisrael cat 1\n")
    vectors = WordVectors(["Israel", "cat", "tiger"], np.random.default_rng(0).standard_normal((3, 2)))
    result = similarity(vectors, tmp_path / "a.txt").only
    assert result.n == 3  # "israel" is not there: nothing is put in upper case
    tagged = WordVectors(["en:Israel", "en:cat", "sr_Latn:tigar"], vectors.matrix)
    assert similarity(tagged, tmp_path / "a.txt").n == 0
    assert similarity(tagged, tmp_path / "a.txt", language="en").n == 1
    (tmp_path / "b.txt").write_text("en:Cat sr_Latn:Tigar 3\n")
    assert similarity(tagged, tmp_path / "b.txt", language="de").n == 1


def test_several_files_give_a_result_each(vectors: WordVectors, rated: Path) -> None:
    other = rated.with_name("other.txt")
    other.write_text("w1 w2 3\nw3 w4 2\nw5 w6 2\n")
    results = similarity(vectors, [rated, other], seed=5)
    assert [result.dataset for result in results] == ["rated", "other"]
    assert results["other"] is results[1]
    assert results[:1].only is results[0]
    with pytest.raises(ParameterError, match="2 results"):
        _ = results.score
    with pytest.raises(ws.WordsightError, match="unknown data set 'othre'; did you mean 'other'"):
        _ = results["othre"]


def test_scores_that_are_not_defined_are_nan(vectors: WordVectors, tmp_path: Path) -> None:
    texts = {"constant": "w1 w2 3\nw3 w4 3\nw5 w6 3\n", "two": "w1 w2 3\nw3 w4 2\n", "none": "x y 1\n"}
    for name, text in texts.items():
        (tmp_path / f"{name}.txt").write_text(text)
    results = similarity(vectors, [tmp_path / f"{name}.txt" for name in texts])
    assert [result.n for result in results] == [3, 2, 0]
    for result in results:
        assert math.isnan(result.score) and all(map(math.isnan, result.interval))
        row = json.loads(json.dumps(result.to_dict(), allow_nan=False))
        assert row["score"] is None and row["interval"] == [None, None]


def test_results_are_json(vectors: WordVectors, rated: Path) -> None:
    (row,) = json.loads(json.dumps(similarity(vectors, rated, seed=7).to_dicts(), allow_nan=False))
    assert {"task", "dataset", "score", "n", "total", "coverage", "interval", "details"} == set(row)
    assert (row["task"], row["dataset"], row["details"]["seed"]) == ("similarity", "rated", 7)


def test_files_are_needed(vectors: WordVectors, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="at least one file"):
        similarity(vectors, [])
    with pytest.raises(DataError, match="no such file"):
        similarity(vectors, tmp_path / "missing.txt")


@pytest.mark.data
def test_real_files_with_random_vectors_score_about_zero(data: Path) -> None:
    files = sorted((data / "similarity/en").glob("*.txt"))
    words = {w.lower() for path in files for line in path.read_text().splitlines() for w in line.split()[:2]}
    vectors = WordVectors(sorted(words), np.random.default_rng(0).standard_normal((len(words), 50)))
    results = similarity(vectors, files)
    assert all(result.coverage == 1 for result in results)  # Jerusalem and others are found in lower case
    assert abs(results["EN-MEN-TR-3k"].score) < 0.06
    low, high = results["EN-MEN-TR-3k"].interval
    assert high - low == pytest.approx(2 * 1.96 / math.sqrt(3000), rel=0.2)  # of a correlation near 0
