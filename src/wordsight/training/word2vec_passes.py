"""Corpus passes with the initial tables and the random draws of word2vec, for one text or several languages."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import numpy as np

from wordsight.kernels.multilingual import Links, multilingual_kernel
from wordsight.kernels.sampling import Sampling
from wordsight.kernels.vector_tables import VectorTables
from wordsight.text.corpus import Corpus
from wordsight.training.corpus_passes import CorpusPasses, Kernel, Term
from wordsight.training.text_start import TextStart

log = logging.getLogger(__name__)


def word2vec_passes(
    text: Corpus | TextStart,
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
    """Prepares passes over a text with a kernel.

    Args:
        text: the text; with the vectors of those of its words that have some already. Others begin as in word2vec.
        kernel: padded dimension → kernel.
        term: term that the model adds to the kernel's objective, if any.
        dim: length of the vectors.
        window: greatest distance of a context word.
        negatives: words drawn as negatives for each occurrence.
        subsample: threshold of :meth:`~wordsight.text.vocabulary.Vocabulary.keep_probabilities`.
        epochs: passes over the corpus.
        learning_rate: initial learning rate; it falls linearly.
        seed: seed of all random numbers.
        workers: threads; None: one for each core.

    Raises:
        ParameterError: a value makes no sense.
    """
    start = TextStart.after(None, text) if isinstance(text, Corpus) else text
    tables = VectorTables.initial(len(start.frequencies), dim, seed)
    start.fill(tables, dim)
    if start.follows:
        log.info("%s; the learning rate begins at %g", start, learning_rate)
    return CorpusPasses(
        start.corpus,
        tables,
        Sampling.following(start.frequencies, start.corpus.vocabulary.counts, subsample),
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
    """Prepares passes over texts of several languages with the multilingual kernel.

    Args:
        corpus: corpus of several languages, as made by :func:`wordsight.text.languages.join_languages`.
        links: int64 [n_links, 2], pairs of tokens that translate each other; None: none.
        shares: float32 [n_words], factor of the steps of each word's vector; None: 1 for all words.
        dim: length of the vectors.
        subsample: threshold within each language, of
            :meth:`~wordsight.text.vocabulary.Vocabulary.keep_probabilities`.
        seed: seed of all random numbers.
        settings: other arguments of :class:`~wordsight.training.corpus_passes.CorpusPasses`.

    Raises:
        ParameterError: a value makes no sense.
        DataError: the vocabulary does not have the words of one language after another.
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
