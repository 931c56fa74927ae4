"""The beginning of a corpus with its most frequent words, as text8 is the beginning of Wikipedia."""

from __future__ import annotations

import numpy as np

from wordsight.errors import check_at_least_1
from wordsight.text.corpus import Corpus
from wordsight.text.vocabulary import Vocabulary


def beginning(corpus: Corpus, n_tokens: int, max_words: int) -> Corpus:
    """Cuts a corpus after some tokens, and keeps the words that are most frequent before the cut.

    Args:
        corpus: the whole; tokens that its ``min_count`` left out are not counted.
        n_tokens: where to cut, also within a document; a shorter corpus stays whole.
        max_words: how many words to keep; of equally frequent ones those that are more frequent in the whole.

    Returns:
        A corpus in memory, its words by falling count.

    Raises:
        ParameterError: a number is below 1.
    """
    check_at_least_1(n_tokens=n_tokens, max_words=max_words)
    ids = np.asarray(corpus.ids[:n_tokens])
    counts = np.bincount(ids, minlength=len(corpus.vocabulary))
    kept = np.argsort(-counts, kind="stable")[:max_words]
    kept = kept[counts[kept] > 0]
    new_ids = np.full(len(counts), -1, np.int32)
    new_ids[kept] = np.arange(len(kept), dtype=np.int32)
    renumbered = new_ids[ids]
    known = renumbered >= 0
    before = np.concatenate([[0], np.cumsum(known)])  # known tokens before each position
    offsets = np.unique(before[np.minimum(corpus.offsets, len(ids))])
    vocabulary = Vocabulary([corpus.vocabulary.words[i] for i in kept], counts[kept])
    return Corpus(vocabulary, renumbered[known], offsets)
