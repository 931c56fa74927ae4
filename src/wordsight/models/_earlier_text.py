"""What a model starts from, the ``text`` of its ``fit``: vectors, a fitted text model, or a model of its own kind.

From a model of its own kind it goes on: it keeps all that was learned, and merges the frequencies of words. From
another text model it takes the vectors, and from vectors their rows.
"""

from __future__ import annotations

import logging

import numpy as np

from wordsight.errors import DataError, ParameterError
from wordsight.models.base import Model
from wordsight.text.vocabulary import Vocabulary
from wordsight.training.text_start import EarlierText
from wordsight.vectors.word_vectors import WordVectors

log = logging.getLogger(__name__)


def earlier_text(model: Model, given: WordVectors | Model | None, dim: int) -> EarlierText | None:
    """What is known of words before a model is fitted; its hyperparameters are checked first.

    Args:
        model: the model that is fitted.
        given: vectors; a fitted text model, whose context vectors are taken too; or a fitted model of the same kind,
            whose counts of words are taken too; None: nothing is known.
        dim: length of the model's vectors.

    Raises:
        DataError: the vectors have another length.
        ParameterError: a hyperparameter makes no sense, or the given model is not fitted.
    """
    model.validate()
    if given is None:
        return None
    vectors = vectors_of(given)
    inputs = getattr(given, "text_vectors_", vectors.matrix)
    if inputs.shape[1] != dim:
        raise DataError(f"text= has vectors of {inputs.shape[1]} numbers, but dim is {dim}; set dim={inputs.shape[1]}")
    outputs = contexts_of(given, inputs.shape)
    if outputs is None:
        log.info("what is gone on from has no context vectors; these begin at zero")
        outputs = np.zeros_like(inputs)
    counts = getattr(given, "counts_", None) if type(given) is type(model) else None
    if counts is None:
        counts = np.zeros(len(vectors), dtype=np.int64)
    return EarlierText(Vocabulary(vectors.words, counts), inputs, outputs)


def check_same(model: Model, earlier: Model, *names: str) -> None:
    """Checks that a model has the hyperparameters of the one that it goes on from.

    Args:
        model: the model that is fitted.
        earlier: a fitted model of the same kind.
        names: the hyperparameters that what was learned depends on.

    Raises:
        ParameterError: one differs, and the message names it, or the earlier model is not fitted.
    """
    vectors_of(earlier)
    for name in names:
        mine, theirs = getattr(model, name), getattr(earlier, name)
        if mine != theirs:
            raise ParameterError(f"{name} is {mine!r}, but in the model to go on from it is {theirs!r}; set it to that")


def contexts_of(given: WordVectors | Model, shape: tuple[int, ...]) -> np.ndarray | None:
    """The context vectors of what is given, float32 of this shape; None where it has none such."""
    contexts: np.ndarray | None = getattr(given, "context_vectors_", None)
    return contexts if contexts is not None and contexts.shape == shape else None


def vectors_of(given: WordVectors | Model) -> WordVectors:
    """The vectors of what is given.

    Raises:
        ParameterError: it is a model that is not fitted.
    """
    if isinstance(given, Model) and not hasattr(given, "vectors_"):
        raise ParameterError(f"the text model {given!r} is not fitted; call its fit first")
    return given.vectors_ if isinstance(given, Model) else given
