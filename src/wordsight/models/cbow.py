"""CBOW: continuous bag of words with negative sampling.

Mikolov, Chen, Corrado, Dean: Efficient Estimation of Word Representations in Vector Space. ICLR workshop 2013.

=================================== ==========================================
paper                               here
=================================== ==========================================
projection, averaged over a context mean of rows of ``vectors_``
weights of the output layer         ``context_vectors_``
N previous and following words      ``window``, drawn from 1 to it
=================================== ==========================================

Negative sampling replaces the paper's hierarchical softmax (Mikolov et al., NIPS 2013). The gradient of a mean
is divided by the number of averaged words, which word2vec omits (İrsoy, Benton, Stratos: Corrected CBOW Performs
as well as Skip-gram, 2021). The learning rate is therefore higher than word2vec's.
"""

from __future__ import annotations

from wordsight.kernels.cbow import cbow_kernel
from wordsight.models.parameters import hyperparameters, new_default
from wordsight.models.sgns import SGNS
from wordsight.training.corpus_passes import Kernel


@hyperparameters
class CBOW(SGNS):
    """Word vectors from text alone: the mean of the words around a masked word predicts it.

    Attributes:
        context_vectors_: float32 [n_words, dim], the output vectors.
    """

    name = "cbow"
    title = "CBOW"
    citation = (
        "Mikolov, Chen, Corrado, Dean: Efficient Estimation of Word Representations in Vector Space. "
        "ICLR Workshop 2013."
    )

    learning_rate: float = new_default(0.15)

    @staticmethod
    def _kernel(dim: int) -> Kernel:
        return cbow_kernel(dim)
