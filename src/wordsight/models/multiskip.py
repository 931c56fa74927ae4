"""MultiSkip: skip-gram across languages by the word alignment of parallel text (BiSkip for two languages).

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

from itertools import combinations
from typing import Self

import numpy as np

from wordsight.models._shared_parameters import SkipGramModel
from wordsight.models.parameters import MOST_AROUND, hyperparameters, learned, new_default, parameter
from wordsight.text.parallel import ParallelText
from wordsight.training.word2vec_passes import multilingual_passes
from wordsight.training.word_alignment import align
from wordsight.vectors.word_vectors import WordVectors


@hyperparameters
class MultiSkip(SkipGramModel):
    """Word vectors of several languages from parallel text: a word predicts the words around it and its translations.

    Each pair of languages is aligned word by word in both directions; the links that both find are used.

    Attributes:
        alignment_: int64 [n_links, 2], positions in the parallel corpus of words that translate each other.
    """

    name = "multiskip"
    title = "MultiSkip"
    citation = (
        "Luong, Pham, Manning: Bilingual Word Representations with Monolingual Quality in Mind. VSM-NLP 2015. "
        "Ammar et al.: Massively Multilingual Word Embeddings. arXiv:1602.01925, 2016."
    )
    inputs = ("parallel",)

    negatives: int = parameter(
        10, "words of the same language drawn as negatives for each occurrence", at_least=1, at_most=MOST_AROUND
    )
    subsample: float = new_default(1e-3)
    epochs: int = new_default(10)

    alignment_: np.ndarray = learned()

    def fit(self, parallel: ParallelText) -> Self:
        """Aligns the words of each pair of languages, then trains.

        Raises:
            ParameterError: a hyperparameter makes no sense.
        """
        self._begin()
        links = [align(parallel, *pair) for pair in combinations(parallel.languages, 2)]
        self.alignment_ = np.concatenate(links)
        passes = multilingual_passes(parallel.corpus, links=self.alignment_, **self.text_settings())
        passes.run(self.title)
        self.vectors_ = WordVectors(parallel.corpus.vocabulary.words, passes.tables.input_vectors(self.dim))
        self.history_, self.interrupted_ = passes.history, passes.interrupted
        return self
