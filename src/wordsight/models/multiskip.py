"""MultiSkip: skip-gram across languages, along the word alignment of parallel text (BiSkip for two languages).

Luong, Pham, Manning: Bilingual Word Representations with Monolingual Quality in Mind. Workshop on Vector Space
Modeling for NLP, NAACL 2015.
Ammar, Mulcaire, Tsvetkov, Lample, Dyer, Smith: Massively Multilingual Word Embeddings. arXiv:1602.01925, 2016.

===================================== ====================================================================
paper                                 here
===================================== ====================================================================
α Mono₁ + β Bi + α Mono₂              one objective with α = β = 1, :mod:`wordsight.kernels.multilingual`
word alignment                        ``alignment_``, by :func:`wordsight.training.word_alignment.align`
word vectors                          rows of ``vectors_`` (input vectors), words tagged with their language
===================================== ====================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Self

import numpy as np

from wordsight.models.base import Model
from wordsight.text.parallel import ParallelText
from wordsight.training.word2vec_passes import multilingual_passes
from wordsight.training.word_alignment import align
from wordsight.vectors.word_vectors import WordVectors


class MultiSkip(Model):
    """Word vectors of several languages from parallel text: a word predicts the words around it and its translations.

    Every two languages are aligned word by word, in both directions; links that both find count.

    Args:
        dim: length of the vectors.
        window: greatest distance of a context word.
        negatives: for each occurrence, of its own language.
        subsample: threshold above whose share of a language's text occurrences are left out at random.
        epochs: passes over the text.
        learning_rate: the first; it falls linearly.
        seed: of all random numbers.
        workers: threads; None: one for each core. With one the result is repeatable bit for bit.

    Attributes:
        alignment_: int64 [n_links, 2], tokens of the text's corpus that are each other's translations.
    """

    name = "multiskip"
    title = "MultiSkip"
    citation = (
        "Luong, Pham, Manning: Bilingual Word Representations with Monolingual Quality in Mind. VSM-NLP 2015. "
        "Ammar et al.: Massively Multilingual Word Embeddings. arXiv:1602.01925, 2016."
    )
    inputs = ("parallel",)
    alignment_: np.ndarray

    def __init__(
        self,
        dim: int = 100,
        window: int = 5,
        negatives: int = 10,
        subsample: float = 1e-3,
        epochs: int = 10,
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

    def fit(self, parallel: ParallelText) -> Self:
        """Aligns the words of every two languages, then learns.

        Raises:
            ParameterError: a hyperparameter makes no sense.
        """
        links = [align(parallel, *pair) for pair in combinations(parallel.languages, 2)]
        self.alignment_ = np.concatenate(links)
        passes = multilingual_passes(parallel.corpus, links=self.alignment_, **self.get_params())
        passes.run(self.title)
        self.vectors_ = WordVectors(parallel.corpus.vocabulary.words, passes.tables.input_vectors(self.dim))
        self.history_, self.interrupted_ = passes.history, passes.interrupted
        return self

    def _tensors(self) -> dict[str, np.ndarray]:
        return {"alignment": self.alignment_}

    def _restore(self, tensors: Mapping[str, np.ndarray]) -> None:
        self.alignment_ = np.array(tensors["alignment"])
