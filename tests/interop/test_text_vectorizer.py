"""TextVectorizer: the formulas written out, scikit-learn's idf and checks, and its pipelines."""

from __future__ import annotations

import pickle
import re
from typing import Any

import numpy as np
import pytest

import wordsight as ws
from wordsight.errors import DataError, ParameterError, UnknownNameError
from wordsight.vectors.subwords import Subwords

pytest.importorskip("sklearn")
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.utils import estimator_checks

WORDS = ["goose", "duck", "river", "the", "car", "motor"]
TEXTS = [
    "The goose, the duck!",
    "a duck in the river",
    "the car",
    "Motor; car, CAR. The motor",
    "unknown words",
    "goose goose river",
]


def made(words: list[str] = WORDS) -> ws.WordVectors:
    return ws.WordVectors(words, np.random.default_rng(0).standard_normal((len(words), 4)))


@pytest.fixture
def vectors() -> ws.WordVectors:
    return made()


def known(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def test_uniform_weights_give_the_mean(vectors: ws.WordVectors) -> None:
    found = ws.TextVectorizer(vectors, weights="uniform").fit_transform(TEXTS)
    for text, vector in zip(TEXTS, found, strict=True):
        rows = [vectors[word] for word in known(text) if word in vectors] or [np.zeros(4)]
        np.testing.assert_allclose(vector, np.mean(rows, axis=0), rtol=0, atol=1e-6)
    assert found.dtype == np.float32 and not found[4].any()


def test_idf_is_that_of_scikit_learn(vectors: ws.WordVectors) -> None:
    tfidf = TfidfVectorizer(norm=None, vocabulary=WORDS).fit(TEXTS)
    others = ["the goose", "motor motor car", "river"]
    expected = tfidf.transform(others) @ vectors.matrix / np.array([[2], [3], [1]])
    found = ws.TextVectorizer(vectors).fit(TEXTS).transform(others)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)


def test_sif_is_that_of_the_paper(vectors: ws.WordVectors) -> None:
    everything = CountVectorizer(token_pattern=r"\w+").fit(TEXTS)
    totals = np.asarray(everything.transform(TEXTS).sum(axis=0)).ravel()
    share = {word: totals[column] / totals.sum() for word, column in everything.vocabulary_.items()}
    rows = []
    for text in TEXTS:
        words = [word for word in known(text) if word in vectors]
        rows.append(sum((0.01 / (0.01 + share[w]) * vectors[w] for w in words), np.zeros(4)) / max(1, len(words)))
    matrix = np.array(rows)
    first = np.linalg.svd(matrix)[2][0]
    found = ws.TextVectorizer(vectors, weights="sif", a=0.01).fit(TEXTS)
    np.testing.assert_allclose(found.transform(TEXTS), matrix - np.outer(matrix @ first, first), rtol=0, atol=1e-6)
    np.testing.assert_allclose(found.transform(TEXTS)[:2], found.transform(TEXTS[:2]), rtol=0, atol=1e-6)


def test_unit_length(vectors: ws.WordVectors) -> None:
    plain = ws.TextVectorizer(vectors).fit_transform(TEXTS)
    found = ws.TextVectorizer(vectors, norm="l2").fit_transform(TEXTS)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), [1, 1, 1, 1, 0, 1], rtol=0, atol=1e-6)
    np.testing.assert_allclose(found * np.linalg.norm(plain, axis=1, keepdims=True), plain, rtol=0, atol=1e-6)


def test_language_tags_and_words_from_n_grams() -> None:
    tagged = made([f"en:{word}" for word in WORDS])
    vectorizer = ws.TextVectorizer(tagged, weights="uniform", language="en")
    np.testing.assert_allclose(vectorizer.fit_transform(["Goose"])[0], tagged["en:goose"], rtol=0, atol=1e-7)
    table = np.random.default_rng(1).standard_normal((11, 4)).astype(np.float32)
    vectors = ws.WordVectors(WORDS, made().matrix, Subwords(3, 4, table))
    found = ws.TextVectorizer(vectors, weights="uniform").fit_transform(["geese duck"])[0]
    np.testing.assert_allclose(found, (vectors["geese"] + vectors["duck"]) / 2, rtol=0, atol=1e-6)


def test_in_a_pipeline_with_a_search_for_the_best_weights(vectors: ws.WordVectors) -> None:
    pipeline = make_pipeline(ws.TextVectorizer(vectors), LogisticRegression())
    texts, answers = ["goose duck", "river goose", "car motor", "motor the car"] * 3, [0, 0, 1, 1] * 3
    search = GridSearchCV(pipeline, {"textvectorizer__weights": ["uniform", "idf", "sif"]}, cv=2).fit(texts, answers)
    assert search.predict(["goose duck", "motor car"]).tolist() == [0, 1]
    assert pipeline[:1].fit(texts).get_feature_names_out().tolist() == [f"textvectorizer{n}" for n in range(4)]


def test_a_clone_shares_the_vectors_and_a_pickle_keeps_them(vectors: ws.WordVectors) -> None:
    fitted = ws.TextVectorizer(vectors, weights="sif").fit(TEXTS)
    assert clone(fitted).vectors is vectors
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.transform(TEXTS), fitted.transform(TEXTS))


@pytest.mark.parametrize(
    "check",
    [
        "check_estimator_cloneable",
        "check_estimator_repr",
        "check_estimator_tags_renamed",
        "check_get_params_invariance",
        "check_mixin_order",
        "check_no_attributes_set_in_init",
        "check_set_params",
        "check_valid_tag_types",
    ],
)
def test_scikit_learns_own_checks(check: str) -> None:
    """All those that make no table of numbers for the estimator."""
    getattr(estimator_checks, check)("TextVectorizer", ws.TextVectorizer(made()))


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"weights": "tfidf"}, ParameterError, "weights is 'tfidf'; it must be one of uniform, idf, sif"),
        ({"norm": "l1"}, ParameterError, "norm is 'l1'"),
        ({"a": 0}, ParameterError, "a is 0"),
        ({"tokenizer": "wrods"}, UnknownNameError, "did you mean 'words'"),
        ({"vectors": np.eye(2)}, ParameterError, "of the type ndarray; give WordVectors"),
    ],
)
def test_settings_that_are_not_allowed(settings: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        ws.TextVectorizer(**{"vectors": made(), **settings}).fit(TEXTS)


def test_texts_that_cannot_be_used(vectors: ws.WordVectors) -> None:
    with pytest.raises(NotFittedError):
        ws.TextVectorizer(vectors).transform(TEXTS)
    vectorizer = ws.TextVectorizer(vectors).fit(TEXTS)
    with pytest.raises(ParameterError, match="X is one string"):
        vectorizer.transform("a goose")
    with pytest.raises(DataError, match="text 2 is of the type NoneType"):
        vectorizer.transform(["a", None])  # type: ignore[list-item]
    with pytest.raises(DataError, match="there is no text"):
        vectorizer.transform([])
