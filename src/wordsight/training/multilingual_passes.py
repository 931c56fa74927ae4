"""Passes over a corpus of several languages with their own kernel, by the machinery of the skip-gram's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from wordsight.kernels.multilingual import Links, multilingual_kernel
from wordsight.kernels.sampling import Sampling
from wordsight.text.corpus import Corpus
from wordsight.text.languages import Block, blocks
from wordsight.text.vocabulary import Vocabulary
from wordsight.training.corpus_passes import SkipGramTraining


class MultilingualTraining(SkipGramTraining):
    """The state of one run over texts of several languages: each has its own frequencies and negatives."""

    _in_term: ClassVar[tuple[str, ...]] = ()

    def __init__(
        self,
        corpus: Corpus,
        *,
        links: np.ndarray | None = None,
        shares: np.ndarray | None = None,
        subsample: float,
        **settings: Any,
    ) -> None:
        """Sets up the tables.

        Args:
            corpus: of :func:`wordsight.text.languages.joined`.
            links: int64 [n, 2], tokens that are each other's translations; None: none.
            shares: float32 [n_words], by which the steps of each word's vector are multiplied; None: 1.
            subsample: threshold, within each language, of
                :meth:`~wordsight.text.vocabulary.Vocabulary.keep_probabilities`.
            settings: see :class:`~wordsight.training.corpus_passes.SkipGramTraining`.

        Raises:
            DataError: the corpus's words are not those of languages, one after another.
        """
        super().__init__(corpus, subsample=subsample, **settings)
        found = blocks(corpus.vocabulary)
        self._sampling = _sampling(corpus.vocabulary, found, subsample)
        self._kernel = multilingual_kernel(self.tables.inputs.shape[1])
        self._term = _links(corpus, found, links, shares)


def _sampling(vocabulary: Vocabulary, found: Sequence[Block], subsample: float) -> Sampling:
    """The draws of each language, one after another."""
    parts = []
    for _, first, last in found:
        counts = vocabulary.counts[first:last]
        own = Vocabulary(vocabulary.words[first:last], counts if counts.any() else counts + 1)  # no text: all alike
        keep = (own.keep_probabilities(subsample) * (2**32 - 1)).astype(np.uint32)
        thresholds, aliases = own.alias_table()
        parts.append((keep, thresholds, aliases + np.int32(first)))
    return Sampling(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _links(corpus: Corpus, found: Sequence[Block], links: np.ndarray | None, shares: np.ndarray | None) -> Links:
    sizes = [last - first for _, first, last in found]
    first = np.repeat(np.array([block.first for block in found], dtype=np.int32), sizes)
    n_words = np.repeat(np.array(sizes, dtype=np.int32), sizes)
    shares = np.ones(len(first), dtype=np.float32) if shares is None else shares
    if links is None or not len(links):
        return Links(first, n_words, np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int32), 0, shares)
    both = np.concatenate([links, links[:, ::-1]])
    both = both[np.lexsort((both[:, 1], both[:, 0]))]
    counts = np.bincount(both[:, 0], minlength=len(corpus))
    linked = np.asarray(corpus.ids)[both[:, 1]].astype(np.int32)
    return Links(first, n_words, np.concatenate([[0], np.cumsum(counts)]), linked, int(counts.max()), shares)
