"""Models that start from a text take vectors or a fitted text model in place of learning their own."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

from wordsight.errors import DataError, ParameterError
from wordsight.models.base import Model
from wordsight.models.cbow import CBOW
from wordsight.models.registry import MODELS, model_class
from wordsight.models.sgns import SGNS
from wordsight.vectors.word_vectors import WordVectors

SMALL: dict[str, Any] = {"dim": 6, "epochs": 1, "workers": 1}
GOING_ON = ("sgns", "cbow", "vsgns", "pixie", "imagevec")
"""These take any text, and train it further; tests/models/test_going_on.py is about them."""
TAKING = [name for name in MODELS if "text" in inspect.signature(model_class(name).fit).parameters]
STARTING = [name for name in TAKING if name not in GOING_ON]


@pytest.fixture(params=STARTING)
def cls(request: pytest.FixtureRequest) -> type[Model]:
    return model_class(request.param)


def test_these_start_from_a_text() -> None:
    assert STARTING == ["cnnsgns", "vaesgns", "ivsgns", "iesg", "l2projection"]


def small(cls: type[Model]) -> Model:
    extra = {"pretraining": 1, "hidden": 4, "visual_epochs": 1}
    return cls(**SMALL, **{name: value for name, value in extra.items() if name in cls.defaults()})


def test_what_is_given_stands_for_what_would_be_learned(cls: type[Model], inputs: dict[str, Any]) -> None:
    corpus, lexicon = inputs["corpus"], inputs["lexicon"]
    text = SGNS(**SMALL).fit(corpus)
    learned = small(cls).fit(corpus=corpus, lexicon=lexicon)
    for given in (text, text.vectors_, None):
        model = small(cls).fit(corpus=corpus, lexicon=lexicon, text=given)
        np.testing.assert_array_equal(model.vectors_.matrix, learned.vectors_.matrix)


def test_another_text_model_gives_other_vectors(cls: type[Model], inputs: dict[str, Any]) -> None:
    corpus, lexicon = inputs["corpus"], inputs["lexicon"]
    text = CBOW(**SMALL).fit(corpus)
    of_model, of_vectors = (small(cls).fit(corpus, lexicon, given) for given in (text, text.vectors_))
    np.testing.assert_array_equal(of_model.vectors_.matrix, of_vectors.vectors_.matrix)
    assert not np.array_equal(of_model.vectors_.matrix, small(cls).fit(corpus, lexicon).vectors_.matrix)


def test_context_vectors_are_taken_where_there_are_some(inputs: dict[str, Any]) -> None:
    corpus, lexicon = inputs["corpus"], inputs["lexicon"]
    settings = {**SMALL, "pretraining": 1, "objective": "contrastive", "passes": 1}
    cls, text = model_class("iesg"), SGNS(**SMALL).fit(corpus)
    learned, of_model, of_vectors = (cls(**settings).fit(corpus, lexicon, t) for t in (None, text, text.vectors_))
    np.testing.assert_array_equal(of_model.vectors_.matrix, learned.vectors_.matrix)
    assert not np.array_equal(of_vectors.vectors_.matrix, learned.vectors_.matrix)


def test_a_text_that_does_not_fit_is_refused(cls: type[Model], inputs: dict[str, Any]) -> None:
    corpus, lexicon = inputs["corpus"], inputs["lexicon"]
    words = corpus.vocabulary.words
    others, longer = WordVectors(words[::-1], np.eye(len(words), 6)), WordVectors(words, np.eye(len(words), 7))
    said = r"must have the [0-9,]+ words of the corpus, .* and dim 6$|numbers, but dim is 6; set dim=7$"
    for wrong in (longer,) if cls.name == "iesg" else (others, longer):
        with pytest.raises(DataError, match=said):
            small(cls).fit(corpus, lexicon, wrong)
    with pytest.raises(ParameterError, match=r"SGNS\(dim=6\) is not fitted; call its fit first"):
        small(cls).fit(corpus, lexicon, SGNS(dim=6))
