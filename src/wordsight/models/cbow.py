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

from wordsight.kernels.cbow import cbow_kernel
from wordsight.models.sgns import SGNS
from wordsight.training.corpus_passes import Kernel


class CBOW(SGNS):
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

    def __init__(
        self,
        dim: int = 100,
        window: int = 5,
        negatives: int = 5,
        subsample: float = 1e-4,
        epochs: int = 5,
        learning_rate: float = 0.15,
        seed: int = 0,
        workers: int | None = None,
    ) -> None:
        super().__init__(dim, window, negatives, subsample, epochs, learning_rate, seed, workers)

    @staticmethod
    def _kernel(dim: int) -> Kernel:
        return cbow_kernel(dim)
