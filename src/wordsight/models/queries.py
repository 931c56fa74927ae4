"""Queries as bags of words: what a model over captions needs of their texts, as arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wordsight.errors import DataError, ParameterError
from wordsight.grounding.captions import ImageCaptions
from wordsight.text.tokenize import tokenizer
from wordsight.text.vocabulary import Vocabulary


@dataclass(frozen=True)
class QueryPairs:
    """(query, image) pairs, one a caption, and the words of the distinct queries.

    Attributes:
        vocabulary: the words, tagged with their language (``en:cat``) where the captions have one.
        words: int64 [n_words_of_queries], word ids of all queries, one query after another.
        offsets: int64 [n_queries + 1], where each query begins in ``words``; no query is empty.
        query_of: int64 [n_pairs], the query of each pair.
        image_of: int64 [n_pairs], the image row of each pair.
        weights: float32 [n_pairs], above 0.
    """

    vocabulary: Vocabulary
    words: np.ndarray
    offsets: np.ndarray
    query_of: np.ndarray
    image_of: np.ndarray
    weights: np.ndarray

    @classmethod
    def from_captions(cls, captions: ImageCaptions, min_count: int) -> QueryPairs:
        """Tokenizes captions; words in fewer than ``min_count`` captions are left out, as are captions without words.

        Raises:
            ParameterError: ``min_count`` is less than 1.
            DataError: nothing is left.
        """
        if min_count < 1:
            raise ParameterError(f"min_count is {min_count}; it must be at least 1")
        texts, text_of = _texts(captions)
        repeats = np.bincount(text_of, minlength=len(texts)).tolist()
        counts: Counter[str] = Counter()
        for text, n in zip(texts, repeats, strict=True):
            counts.update({word: n * m for word, m in Counter(text).items()})
        kept = sorted((word for word, n in counts.items() if n >= min_count), key=lambda word: (-counts[word], word))
        if not kept:
            raise DataError(f"no word of the captions occurs {min_count} times; lower min_count or bring more captions")
        vocabulary = Vocabulary(kept, [counts[word] for word in kept])
        return cls(
            vocabulary, *_bags(texts, vocabulary), text_of, captions.image_rows, captions.weights
        ).without_empty()

    def without_empty(self) -> QueryPairs:
        """Without pairs of queries that have no word (the queries go too) and pairs of weight 0."""
        lengths = np.diff(self.offsets)
        keep = (lengths[self.query_of] > 0) & (self.weights > 0)
        renumbered = np.cumsum(lengths > 0) - 1
        offsets = np.concatenate([[0], np.cumsum(lengths[lengths > 0])])
        pairs = (renumbered[self.query_of[keep]], self.image_of[keep], self.weights[keep])
        return QueryPairs(self.vocabulary, self.words, offsets, *pairs)


def _texts(captions: ImageCaptions) -> tuple[list[list[str]], np.ndarray]:
    """The words of each distinct (language, caption), and which of these each caption is, int64 [n_captions]."""
    index: dict[tuple[str | None, str], int] = {}
    languages: Sequence[str | None] = captions.languages or [None] * len(captions)
    text_of = [index.setdefault(key, len(index)) for key in zip(languages, captions.captions, strict=True)]
    return [tokenizer("words", language).tokens(text) for language, text in index], np.array(text_of)


def _bags(texts: list[list[str]], vocabulary: Vocabulary) -> tuple[np.ndarray, np.ndarray]:
    """The texts' known words as ids [n], and the offsets [n_texts + 1]."""
    ids = vocabulary.ids(word for text in texts for word in text).astype(np.int64)
    ends = np.cumsum([0, *map(len, texts)])
    known = np.concatenate([[0], np.cumsum(ids >= 0)])
    return ids[ids >= 0], known[ends]
