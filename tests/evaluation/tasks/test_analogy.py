import logging
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordsight.errors import ParameterError, UnknownNameError
from wordsight.evaluation.registry import evaluate
from wordsight.evaluation.tasks.analogy import METHODS, found_answers
from wordsight.vectors.word_vectors import WordVectors

WORDS = ["king", "queen", "man", "woman", "boy", "girl", "apple"]
SPACE = np.array(
    [[3, 0, 1], [3, 1, 1], [0, 0, 1], [0, 1, 1], [0, 0, 2.5], [0, 2.2, 2.5], [-1, 0, -2]], dtype=np.float32
)


def asked(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "questions.txt"
    path.write_text(text)
    return path


def brute_force(unit: np.ndarray, question: list[int], method: str) -> list[float]:
    """Each word's score, one at a time, in double precision, by the papers' formulas."""
    a, b, c = (unit[i].astype(np.float64) for i in question)
    scores = []
    for x, word in enumerate(unit.astype(np.float64)):
        if method == "3cosadd":
            target = b - a + c
            score = word @ target / np.sqrt(target @ target)
        else:
            score = (word @ b + 1) / 2 * ((word @ c + 1) / 2) / ((word @ a + 1) / 2 + 0.001)
        scores.append(-np.inf if x in question else score)
    return scores


@given(st.integers(0, 2**32 - 1), st.sampled_from(sorted(METHODS)), st.integers(4, 40))
def test_answers_are_those_of_brute_force(seed: int, method: str, n: int) -> None:
    rng = np.random.default_rng(seed)
    unit = rng.normal(size=(n, 5)).astype(np.float32)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    questions = rng.integers(0, n, size=(6, 3))
    found = found_answers(unit, questions, METHODS[method])
    for question, rows in zip(questions.tolist(), found.tolist(), strict=True):
        scores = brute_force(unit, question, method)
        kept = [row for row in rows if row >= 0]
        assert len(kept) == min(10, n - len(set(question)))
        assert not set(kept) & set(question)
        best = sorted(scores, reverse=True)[: len(kept)]
        np.testing.assert_allclose([scores[row] for row in kept], best, atol=1e-5)


@pytest.mark.parametrize("method", sorted(METHODS))
def test_sections_kinds_and_total(tmp_path: Path, method: str) -> None:
    text = ": family\nman woman boy girl\nman woman KING Queen\n: gram1\nman woman king girl\nman woman boy unknown\n"
    results = evaluate(WordVectors(WORDS, SPACE), "analogy", files=asked(tmp_path, text), method=method)
    assert [(r.dataset, r.n, r.total) for r in results] == [
        ("family", 2, 2), ("gram1", 1, 2), ("semantic", 2, 2), ("syntactic", 1, 2), ("total", 3, 4)
    ]  # fmt: skip
    assert [results[name].score for name in ("family", "gram1", "total")] == pytest.approx([1, 0, 2 / 3])
    assert results["total"].details["chance"][1] == pytest.approx(1 / 4)


def test_several_answers_tags_and_the_most_frequent_words(tmp_path: Path) -> None:
    text = "man\twoman/lady\nking\tmonarch/queen\n"
    tagged = WordVectors([*(f"en:{word}" for word in WORDS), "de:x"], np.vstack([SPACE, -SPACE[:1]]))
    results = evaluate(tagged, "analogy", files=[asked(tmp_path, text)], language="en")
    # "monarch" has no vector, so that "king monarch man ?" cannot be asked.
    assert (results[0].n, results[0].total, results[0].score) == (1, 2, 1)
    assert evaluate(tagged, "analogy", files=[asked(tmp_path, text)], language="en", limit=3)["total"].n == 0


def test_what_is_wrong_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    space = WordVectors([f"en:{word}" for word in WORDS], SPACE)
    path = asked(tmp_path, "man woman king queen\n")
    with caplog.at_level(logging.WARNING):
        assert evaluate(space, "analogy", files=path)["total"].n == 0
    assert "none of 1 items; their words have language tags such as 'en:man': say language en" in caplog.text
    with pytest.raises(UnknownNameError, match="did you mean '3cosadd'"):
        evaluate(space, "analogy", files=path, method="3cosad")
    with pytest.raises(ParameterError, match="limit is 0"):
        evaluate(space, "analogy", files=path, limit=0)
    with pytest.raises(ParameterError, match="at least one file"):
        evaluate(space, "analogy", files=[])
