"""Passes over a corpus of several languages, each with its own frequencies and negatives."""

from __future__ import annotations

from typing import Any

import numpy as np

from wordsight.kernels.multilingual import Links, multilingual_kernel
from wordsight.kernels.sampling import Sampling
from wordsight.kernels.vector_tables import VectorTables
from wordsight.text.corpus import Corpus
from wordsight.training.corpus_passes import CorpusPasses


def multilingual_passes(
    corpus: Corpus,
    *,
    links: np.ndarray | None = None,
    shares: np.ndarray | None = None,
    dim: int,
    subsample: float,
    seed: int,
    **settings: Any,
) -> CorpusPasses:
    """Passes with the multilingual kernel.

    Args:
        corpus: as :func:`wordsight.text.languages.joined` makes it.
        links: int64 [n_links, 2], tokens that are each other's translations; None: none.
        shares: float32 [n_words], by which the steps of each word's vector are multiplied; None: 1.
        dim: length of the vectors.
        subsample: threshold, within each language, of
            :meth:`~wordsight.text.vocabulary.Vocabulary.keep_probabilities`.
        seed: of all random numbers.
        settings: see :class:`~wordsight.training.corpus_passes.CorpusPasses`.

    Raises:
        ParameterError: a value makes no sense.
        DataError: the corpus's words are not those of languages, one after another.
    """
    return CorpusPasses(
        corpus,
        VectorTables.initial(len(corpus.vocabulary), dim, seed),
        Sampling.by_language(corpus.vocabulary, subsample),
        multilingual_kernel,
        term=Links.between(corpus, links, shares),
        seed=seed,
        **settings,
    )
