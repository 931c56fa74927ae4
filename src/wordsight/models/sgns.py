"""SGNS: skip-gram with negative sampling.

Mikolov, Sutskever, Chen, Corrado, Dean: Distributed Representations of Words and Phrases and their Compositionality.
NIPS 2013.

======== ==========================================
paper    here
======== ==========================================
v_w      row of ``vectors_`` (input vector, e)
v'_w     row of ``context_vectors_`` (output vector)
k        ``negatives``
t        ``subsample``
P_n(w)   count^0.75
======== ==========================================
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np

from wordsight.errors import DataError
from wordsight.kernels.skipgram import skipgram_kernel
from wordsight.models.base import Model
from wordsight.text.corpus import Corpus
from wordsight.training.corpus_passes import Kernel
from wordsight.training.word2vec_passes import word2vec_passes
from wordsight.vectors.word_vectors import WordVectors


class SGNS(Model):
    """Word vectors from text alone, the model that all grounded ones start from (equation 4 of the paper).

    The negatives of an occurrence are shared by the words in its window, which is faster than word2vec's own draw for
    each pair and no worse.

    Attributes:
        context_vectors_: float32 [n_words, dim], the output vectors.
    """

    name = "sgns"
    title = "SGNS"
    citation = (
        "Mikolov, Sutskever, Chen, Corrado, Dean: Distributed Representations of Words and Phrases and their "
        "Compositionality. NIPS 2013."
    )
    inputs = ("corpus",)
    context_vectors_: np.ndarray

    def __init__(
        self,
        dim: int = 100,
        window: int = 5,
        negatives: int = 5,
        subsample: float = 1e-4,
        epochs: int = 5,
        learning_rate: float = 0.025,
        seed: int = 0,
        workers: int | None = None,
    ) -> None:
        self.dim = dim
        self.window = window
        self.negatives = negatives
        self.subsample = subsample
        self.epochs = epochs
        self.learning_rate = learning_rate
        self.seed = seed
        self.workers = workers

    def fit(self, corpus: Corpus) -> Self:
        """Learns from a corpus."""
        passes = word2vec_passes(corpus, self._kernel, **self.get_params())
        passes.run(self.title)
        self.vectors_ = WordVectors(corpus.vocabulary.words, passes.tables.input_vectors(self.dim))
        self.context_vectors_ = passes.tables.output_vectors(self.dim)
        self.history_, self.interrupted_ = passes.history, passes.interrupted
        return self

    @staticmethod
    def _kernel(dim: int) -> Kernel:
        """What reads the text, for a padded dimension."""
        return skipgram_kernel(dim)

    def _tensors(self) -> dict[str, np.ndarray]:
        return {"context_vectors": self.context_vectors_}

    def _restore(self, tensors: Mapping[str, np.ndarray]) -> None:
        self.context_vectors_ = tensors["context_vectors"]


def learned_text(model: Model, corpus: Corpus, given: WordVectors | None) -> SGNS:
    """A fitted SGNS with the hyperparameters of a model that builds on its vectors.

    Args:
        model: with all of SGNS's hyperparameters.
        corpus: to learn from.
        given: vectors of the corpus's words, in their order, in place of what SGNS would learn.

    Raises:
        DataError: the given vectors are of other words than the corpus.
    """
    text = SGNS(**text_settings(model))
    if given is None:
        return text.fit(corpus)
    if given.words != corpus.vocabulary.words:
        raise DataError("the text vectors given are not of the corpus's words in their order; fit SGNS on this corpus")
    text.vectors_, text.history_ = given, []
    return text


def text_settings(model: Model) -> dict[str, Any]:
    """Those hyperparameters of a model built on SGNS that SGNS has too, by the same names."""
    return {name: getattr(model, name) for name in SGNS.defaults()}
