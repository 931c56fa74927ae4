"""Passes that begin as word2vec's: its first tables, and its draws of words for one text or for each language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from wordsight.kernels.multilingual import Links, multilingual_kernel
from wordsight.kernels.sampling import Sampling
from wordsight.kernels.vector_tables import VectorTables
from wordsight.text.corpus import Corpus
from wordsight.training.corpus_passes import CorpusPasses, Kernel, Term


def word2vec_passes(
    corpus: Corpus,
    kernel: Callable[[int], Kernel],
    *,
    term: Term | None = None,
    dim: int,
    window: int,
    negatives: int,
    subsample: float,
    epochs: int,
    learning_rate: float,
    seed: int,
    workers: int | None,
) -> CorpusPasses:
    """Passes that begin with word2vec's tables and draw words as word2vec does.

    Args:
        corpus: what to read.
        kernel: padded dimension → the kernel for it.
        term: what the model adds to the kernel's objective, if anything.
        dim: length of the vectors.
        window: greatest distance of a context word.
        negatives: words drawn for each occurrence.
        subsample: threshold of :meth:`~wordsight.text.vocabulary.Vocabulary.keep_probabilities`.
        epochs: passes over the corpus.
        learning_rate: the first; it falls linearly.
        seed: of all random numbers.
        workers: threads; None for one a core.

    Raises:
        ParameterError: a value makes no sense.
    """
    return CorpusPasses(
        corpus,
        VectorTables.initial(len(corpus.vocabulary), dim, seed),
        Sampling.word2vec(corpus.vocabulary, subsample),
        kernel,
        term=term,
        window=window,
        negatives=negatives,
        epochs=epochs,
        learning_rate=learning_rate,
        seed=seed,
        workers=workers,
    )


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
        corpus: as :func:`wordsight.text.languages.join_languages` makes it.
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
