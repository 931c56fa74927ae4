"""The text vectors that a model starts from: given by the user, or learned by SGNS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from wordsight.errors import DataError
from wordsight.models._earlier_text import contexts_of, vectors_of
from wordsight.models.base import Model
from wordsight.models.sgns import SGNS
from wordsight.text.corpus import Corpus
from wordsight.vectors.word_vectors import WordVectors


class StartingText(NamedTuple):
    """Text vectors and their training.

    Attributes:
        vectors: vectors of the corpus's words, in the order of its vocabulary.
        contexts: float32 [n_words, dim], the output vectors; zeros if unknown, as at the start of skip-gram.
        history: one entry an epoch; empty for given vectors.
        interrupted: whether Ctrl-C ended the training early.
    """

    vectors: WordVectors
    contexts: np.ndarray
    history: list[dict[str, float]]
    interrupted: bool


def starting_text(corpus: Corpus, given: WordVectors | Model | None, settings: Mapping[str, Any]) -> StartingText:
    """Takes the given vectors, or trains SGNS on the corpus.

    Args:
        corpus: the text.
        given: vectors or a fitted text model of the corpus's words; None: train SGNS.
        settings: hyperparameters of SGNS.

    Raises:
        DataError: the given vectors have other words than the corpus, or another length than ``dim``.
        ParameterError: the given model is not fitted.
    """
    if given is None:
        sgns = SGNS(**settings).fit(corpus)
        return StartingText(sgns.vectors_, sgns.context_vectors_, sgns.history_, sgns.interrupted_)
    vectors = vectors_of(given)
    if vectors.words != corpus.vocabulary.words or vectors.dim != settings["dim"]:
        raise DataError(
            f"text= is {vectors}; it must have the {len(corpus.vocabulary):,} words of the corpus, in their order, "
            f"and dim {settings['dim']}"
        )
    contexts = contexts_of(given, vectors.matrix.shape)
    if contexts is None:
        contexts = np.zeros_like(vectors.matrix)
    return StartingText(vectors, contexts, [], False)
