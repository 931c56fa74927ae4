"""CBOW: continuous bag of words with negative sampling.

Mikolov, Chen, Corrado, Dean: Efficient Estimation of Word Representations in Vector Space. ICLR workshop 2013.

=================================== ==========================================
paper                               here
=================================== ==========================================
projection, averaged over a context mean of rows of ``vectors_``
weights of the output layer         ``context_vectors_``
N previous and following words      ``window``, drawn from 1 to it
=================================== ==========================================

Negative sampling stands in for the paper's hierarchical softmax (Mikolov et al., NIPS 2013). The gradient of a mean
is divided among the words it is the mean of, which word2vec leaves out (İrsoy, Benton, Stratos: Corrected CBOW Performs
as well as Skip-gram, 2021); so the learning rate is higher than word2vec's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import numpy as np

from wordsight.models.base import Model
from wordsight.text.corpus import Corpus
from wordsight.training.cbow import CBOWTraining
from wordsight.vectors.word_vectors import WordVectors


class CBOW(Model):
    """Word vectors from text alone: the words around a masked word, averaged, predict it.

    Attributes:
        context_vectors_: float32 [n_words, dim], the output vectors.
    """

    name = "cbow"
    title = "CBOW"
    citation = (
        "Mikolov, Chen, Corrado, Dean: Efficient Estimation of Word Representations in Vector Space. "
        "ICLR Workshop 2013."
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
        learning_rate: float = 0.3,
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
        training = CBOWTraining(corpus, **self.get_params())
        training.run(self.title)
        self.vectors_ = WordVectors(corpus.vocabulary.words, training.input_vectors())
        self.context_vectors_ = training.output_vectors()
        self.history_, self.interrupted_ = training.history, training.interrupted
        return self

    def _tensors(self) -> dict[str, np.ndarray]:
        return {"context_vectors": self.context_vectors_}

    def _restore(self, tensors: Mapping[str, np.ndarray]) -> None:
        self.context_vectors_ = tensors["context_vectors"]
