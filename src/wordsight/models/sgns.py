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

from typing import Self

import numpy as np

from wordsight.kernels.skipgram import skipgram_kernel
from wordsight.models._earlier_text import earlier_text
from wordsight.models._shared_parameters import SkipGramModel
from wordsight.models.base import Model
from wordsight.models.parameters import hyperparameters, learned
from wordsight.text.corpus import Corpus
from wordsight.training.corpus_passes import Kernel
from wordsight.training.text_start import TextStart
from wordsight.training.word2vec_passes import word2vec_passes
from wordsight.vectors.word_vectors import WordVectors


@hyperparameters
class SGNS(SkipGramModel):
    """Word vectors from text alone, by skip-gram with negative sampling (equation 4 of the paper).

    Neighbouring windows share their negatives, which is faster than word2vec's draws for each pair and as good.

    Attributes:
        context_vectors_: float32 [n_words, dim], the output vectors.
        counts_: int64 [n_words], how often each word occurred, in all texts that were gone on with.
    """

    name = "sgns"
    title = "SGNS"
    citation = (
        "Mikolov, Sutskever, Chen, Corrado, Dean: Distributed Representations of Words and Phrases and their "
        "Compositionality. NIPS 2013."
    )
    inputs = ("corpus",)

    context_vectors_: np.ndarray = learned()
    counts_: np.ndarray = learned()

    def fit(self, corpus: Corpus, text: WordVectors | Model | None = None) -> Self:
        """Learns from a corpus.

        Args:
            corpus: the text.
            text: vectors or a fitted model to start from; from a model of the same kind training goes on, with the
                frequencies of both texts. Words that the corpus lacks keep their vectors; new ones begin at random.

        Raises:
            DataError: the vectors of ``text`` have another length.
            ParameterError: a hyperparameter makes no sense, or ``text`` is not fitted.
        """
        earlier = earlier_text(self, text, self.dim)
        self._begin()
        start = TextStart.after(earlier, corpus)
        passes = word2vec_passes(start, self._kernel, **self.text_settings())
        passes.run(self.title)
        start.settle(passes.tables, self.dim)
        self.vectors_ = WordVectors(start.words, passes.tables.input_vectors(self.dim))
        self.context_vectors_ = passes.tables.output_vectors(self.dim)
        self.counts_ = start.frequencies.counts
        self.history_, self.interrupted_ = passes.history, passes.interrupted
        return self

    @staticmethod
    def _kernel(dim: int) -> Kernel:
        """The kernel for a padded dimension; subclasses replace it."""
        return skipgram_kernel(dim)
