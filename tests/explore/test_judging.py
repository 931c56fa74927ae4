"""Ratings beside cosines: correlations against SciPy, and the pairs on which two models part."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import numpy as np
import pytest
from scipy.stats import spearmanr
from tests.explore.conftest import Served

from wordsight.errors import DataError
from wordsight.explore import judging
from wordsight.explore.judging import judge
from wordsight.explore.space import Space
from wordsight.vectors.word_vectors import WordVectors

PAIRS = [
    ("en:goose", "en:duck", 9.0),
    ("en:goose", "en:car", 1.0),
    ("en:bird", "en:duck", 8.0),
    ("en:gift", "en:car", 2.5),
]
PAIRS += [("en:bird", "en:car", 1.0), ("en:goose", "en:nothing", 5.0)]


def text(pairs: list[tuple[str, str, float]]) -> str:
    return "".join(f"{a}\t{b}\t{rating}\n" for a, b, rating in pairs)


def cosine(vectors: WordVectors, a: str, b: str) -> float:
    x, y = vectors[a].astype(float), vectors[b].astype(float)
    return float(x @ y / np.linalg.norm(x) / np.linalg.norm(y))


def test_a_dropped_file_is_judged_by_each_model(served: Served) -> None:
    reply = served.request("POST", f"/api/judge?name={quote('my pairs')}", text(PAIRS).encode())
    assert reply.status == 200
    found = reply.json
    assert found["name"] == "my pairs" and found["n_pairs"] == 6
    for model, space in zip(found["models"], served.collection.spaces, strict=True):
        cosines = [cosine(space.vectors, a, b) for a, b, _ in PAIRS[:5]]
        assert model["rho"] == pytest.approx(spearmanr(cosines, [r for _, _, r in PAIRS[:5]]).statistic, abs=1e-4)
        assert model["n"] == 5 and model["coverage"] == pytest.approx(5 / 6, abs=1e-3)
        assert model["low"] <= model["rho"] <= model["high"]
        assert [(p["a"], p["b"], p["rating"]) for p in model["points"]] == PAIRS[:5]
        assert [p["cosine"] for p in model["points"]] == pytest.approx(cosines, abs=1e-4)


def test_a_language_tags_the_words_of_a_file(served: Served) -> None:
    untagged = text([(a[3:], b[3:], rating) for a, b, rating in PAIRS]).encode()
    assert served.request("POST", "/api/judge", untagged).json["models"][0]["n"] == 0
    assert served.request("POST", "/api/judge?language=en", untagged).json["models"][0]["n"] == 5


def test_pairs_on_which_two_models_part() -> None:
    def on_a_circle(*degrees: float) -> Space:
        angles = np.radians(degrees)
        matrix = np.stack([np.cos(angles), np.sin(angles)], axis=1)
        return Space("x", "", WordVectors(["a", "b", "c", "d"], matrix), ThreadPoolExecutor(1))

    right, wrong = on_a_circle(0, 10, 30, 60), on_a_circle(0, 90, 30, 60)
    pairs = [("a", "b", 9.0), ("a", "c", 5.0), ("a", "d", 1.0)]
    [first, second, third] = judge([right, wrong], text(pairs), "pairs")["disagreements"]
    assert (first["a"], first["b"], first["rating"], first["rating_rank"]) == ("a", "b", 9.0, 1.0)
    assert first["ranks"] == [1.0, 0.0]
    assert first["cosines"] == pytest.approx([np.cos(np.radians(10)), 0], abs=1e-4)
    assert {second["b"], third["b"]} == {"c", "d"} and second["ranks"][0] == second["rating_rank"]
    assert judge([right], text(pairs), "pairs")["disagreements"] == []


def test_what_says_nothing_is_null(served: Served) -> None:
    found = served.request("POST", "/api/judge", b"en:goose en:duck 5\n").json["models"][0]
    assert found["n"] == 1 and found["rho"] is None and found["low"] is None


def test_errors_name_the_line(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    reply = served.request("POST", "/api/judge?name=my.txt", b"a b 1\na b\n")
    assert reply.status == 400 and "my.txt, line 2" in reply.json["error"]
    monkeypatch.setattr(judging, "MOST_PAIRS", 2)
    with pytest.raises(DataError, match="at most 2 are judged here"):
        judge(served.collection.spaces, text(PAIRS), "pairs")
