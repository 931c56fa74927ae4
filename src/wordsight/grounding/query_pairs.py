"""QueryPairs: captions or queries as bags of words, in arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from scipy import sparse

from wordsight.errors import ParameterError, check_at_least_1
from wordsight.grounding.captions import ImageCaptions
from wordsight.storage.hashes import bucket_of
from wordsight.text.language_tags import language_of
from wordsight.text.tokenize import Tokenizer
from wordsight.text.unspaced_scripts import say_where_dictionaries_help
from wordsight.text.vocabulary import Vocabulary


class KnownWords(NamedTuple):
    """Words that have vectors already, from earlier captions.

    Attributes:
        vocabulary: the words, with their counts.
        buckets: int64 [n_used], ascending, the hash buckets that earlier words fell into.
    """

    vocabulary: Vocabulary
    buckets: np.ndarray


NO_WORDS = KnownWords(Vocabulary([], []), np.zeros(0, dtype=np.int64))


@dataclass(frozen=True)
class QueryPairs:
    """(query, image) pairs, one a caption, and the words of the distinct queries.

    Attributes:
        vocabulary: the words, tagged with their language (``en:cat``) where the captions have one.
        words: int64 [n_words_of_queries], word ids of all queries, one query after another; those from
            ``len(vocabulary)`` on are hash buckets.
        offsets: int64 [n_queries + 1], where each query begins in ``words``; no query is empty.
        query_of: int64 [n_pairs], the query of each pair.
        image_of: int64 [n_pairs], the image row of each pair.
        weights: float32 [n_pairs], above 0.
        buckets: int64 [n_used], ascending, the hash buckets that words of the queries fall into.
        rare_words: the captions' words that are not in the vocabulary, in the order of the captions.
    """

    vocabulary: Vocabulary
    words: np.ndarray
    offsets: np.ndarray
    query_of: np.ndarray
    image_of: np.ndarray
    weights: np.ndarray
    buckets: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    rare_words: Sequence[str] = ()

    @property
    def n_rows(self) -> int:
        """The number of vectors that the words need: one for each word of the vocabulary and each used bucket."""
        return len(self.vocabulary) + len(self.buckets)

    @property
    def n_images(self) -> int:
        """The number of image rows up to the last that is used."""
        return int(self.image_of.max(initial=-1)) + 1

    @classmethod
    def from_captions(
        cls,
        captions: ImageCaptions,
        min_count: int,
        *,
        language_aware: bool = True,
        n_buckets: int = 0,
        known: KnownWords = NO_WORDS,
    ) -> QueryPairs:
        """Tokenizes captions; captions without words are left out.

        Args:
            captions: the captions.
            min_count: words that occur less often are left out of the vocabulary, but for known ones.
            language_aware: whether words are tagged with the captions' language, so that two languages share no word.
            n_buckets: hash buckets for the words that are left out; 0: these are ignored.
            known: words and buckets that are there in any case; their counts are added to those of the captions.

        Raises:
            ParameterError: ``min_count`` is less than 1, or ``n_buckets`` than 0.
            DataError: no word occurs often enough, and none is known.
        """
        check_at_least_1(min_count=min_count)
        if n_buckets < 0:
            raise ParameterError(f"buckets is {n_buckets}; it must be at least 0 (none)")
        texts, text_of = _texts(captions, language_aware)
        repeats = np.bincount(text_of, minlength=len(texts)).tolist()
        counts: Counter[str] = Counter()
        for text, n in zip(texts, repeats, strict=True):
            counts.update({word: n * m for word, m in Counter(text).items()})
        vocabulary = _vocabulary(counts, min_count, known.vocabulary)
        by_language: dict[str, dict[str, int]] = {}
        for word, n in counts.items():
            language = language_of(word) if captions.languages and language_aware else "the captions"
            by_language.setdefault(language, {})[word.removeprefix(f"{language}:")] = n
        say_where_dictionaries_help(by_language, captions.tokenizer)
        rare = [word for word in counts if word not in vocabulary]
        bucket = {word: bucket_of(word, n_buckets) for word in rare} if n_buckets else {}
        buckets = np.union1d(np.fromiter(bucket.values(), dtype=np.int64), known.buckets)
        bags = _bags(texts, vocabulary, bucket, buckets)
        return cls(vocabulary, *bags, text_of, captions.image_rows, captions.weights, buckets, rare).without_empty()

    def image_shares(self, n_images: int, *, divided: bool = False) -> sparse.csr_array:
        """Sums the weights of the pairs of each word and each image, float64 [n_rows, n_images].

        Args:
            n_images: how many images there are.
            divided: whether a pair's weight is divided among the words of its query, or each word gets all of it.
        """
        lengths = np.diff(self.offsets)
        queries = np.repeat(np.arange(len(lengths)), lengths)
        parts = 1 / lengths[queries] if divided else np.ones(len(queries))
        of_query = sparse.csr_array((parts, (self.words, queries)), shape=(self.n_rows, len(lengths)))
        weights = self.weights.astype(np.float64)
        return of_query @ sparse.csr_array((weights, (self.query_of, self.image_of)), shape=(len(lengths), n_images))

    def shown_words(self) -> tuple[list[str], np.ndarray, np.ndarray]:
        """Returns the vocabulary's words, and the word id and image row of each (word, image) pair, int64 [n]."""
        word_of, image_of = self.image_shares(self.n_images).nonzero()
        known = word_of < len(self.vocabulary)
        return self.vocabulary.words, word_of[known].astype(np.int64), image_of[known].astype(np.int64)

    def without_empty(self) -> QueryPairs:
        """Leaves out pairs of weight 0, pairs of queries that have no word, and these queries."""
        lengths = np.diff(self.offsets)
        keep = (lengths[self.query_of] > 0) & (self.weights > 0)
        renumbered = np.cumsum(lengths > 0) - 1
        offsets = np.concatenate([[0], np.cumsum(lengths[lengths > 0])])
        pairs = {"image_of": self.image_of[keep], "weights": self.weights[keep]}
        return replace(self, offsets=offsets, query_of=renumbered[self.query_of[keep]], **pairs)


def _texts(captions: ImageCaptions, language_aware: bool) -> tuple[list[list[str]], np.ndarray]:
    """Tokenizes each distinct (language, caption); also returns which of these each caption is, int64 [n_captions]."""
    index: dict[tuple[str | None, str], int] = {}
    tagged = captions.languages if language_aware else None
    languages: Sequence[str | None] = tagged or [None] * len(captions)
    text_of = [index.setdefault(key, len(index)) for key in zip(languages, captions.captions, strict=True)]
    return [Tokenizer(captions.tokenizer, language).tokens(text) for language, text in index], np.array(text_of)


def _vocabulary(counts: Mapping[str, int], min_count: int, known: Vocabulary) -> Vocabulary:
    """The known words, and those that occur often enough."""
    if not len(known):
        return Vocabulary.from_counts(counts, min_count, source="the captions")
    kept = sorted(
        (word for word, n in counts.items() if n >= min_count or word in known), key=lambda w: (-counts[w], w)
    )
    return known.merged(Vocabulary(kept, [counts[word] for word in kept]))


def _bags(
    texts: list[list[str]], vocabulary: Vocabulary, bucket: Mapping[str, int], buckets: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Turns the texts' known and hashed words into ids [n]; also returns the offsets [n_texts + 1]."""
    hashed = {word: len(vocabulary) + int(np.searchsorted(buckets, number)) for word, number in bucket.items()}
    words = [word for text in texts for word in text]
    ids = vocabulary.ids(words).astype(np.int64)
    ids = np.where(ids >= 0, ids, np.fromiter((hashed.get(word, -1) for word in words), dtype=np.int64))
    ends = np.cumsum([0, *map(len, texts)])
    known = np.concatenate([[0], np.cumsum(ids >= 0)])
    return ids[ids >= 0], known[ends]
