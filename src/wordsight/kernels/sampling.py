"""Random draws of the kernels, compiled: kept words, contexts, negatives."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from wordsight.text.languages import blocks
from wordsight.text.vocabulary import Vocabulary

PIECE = 1024
"""Kept tokens in a piece, the unit of work; windows do not cross pieces."""


class Sampling(NamedTuple):
    """The tables that words are drawn by.

    Attributes:
        keep: uint32 [n_words]; an occurrence is kept if a 32-bit random number is at most this.
        thresholds: uint32 [n_words], thresholds of the alias table of negatives.
        aliases: int32 [n_words], aliases of the alias table of negatives.
    """

    keep: np.ndarray
    thresholds: np.ndarray
    aliases: np.ndarray

    @classmethod
    def word2vec(cls, vocabulary: Vocabulary, subsample: float) -> Sampling:
        """The tables for one text: frequent words are subsampled, negatives have probability ∝ count^0.75.

        Args:
            vocabulary: the words and their counts.
            subsample: threshold of :meth:`~wordsight.text.vocabulary.Vocabulary.keep_probabilities`.

        Raises:
            ParameterError: the threshold is negative.
        """
        return cls.following(vocabulary, vocabulary.counts, subsample)

    @classmethod
    def following(cls, frequencies: Vocabulary, counts: np.ndarray, subsample: float) -> Sampling:
        """The tables for a text that is read after another one; words that it lacks are never drawn.

        Args:
            frequencies: the words of both texts with the counts of both.
            counts: int64 [n_words], the counts of the text that is read.
            subsample: threshold of :meth:`~wordsight.text.vocabulary.Vocabulary.keep_probabilities`.

        Raises:
            ParameterError: the threshold is negative.
        """
        keep = (frequencies.keep_probabilities(subsample) * (2**32 - 1)).astype(np.uint32)
        # A word that only negatives are drawn of would be pushed away from all contexts, and pulled to none.
        shares = np.where(counts > 0, frequencies.counts, 0) if counts.any() else np.ones_like(counts)
        return cls(keep, *Vocabulary(frequencies.words, shares).alias_table())

    @classmethod
    def by_language(cls, vocabulary: Vocabulary, subsample: float) -> Sampling:
        """The tables for several languages, each computed within its language and all concatenated.

        Args:
            vocabulary: words tagged with their language, one language after another.
            subsample: threshold within each language.

        Raises:
            DataError: a word has no tag, or the words of a language are not contiguous.
            ParameterError: the threshold is negative.
        """
        parts = []
        for _, first, last in blocks(vocabulary):
            counts = vocabulary.counts[first:last]
            # In a language without text, all words have the same probability.
            own = Vocabulary(vocabulary.words[first:last], counts if counts.any() else counts + 1)
            keep, thresholds, aliases = cls.word2vec(own, subsample)
            parts.append((keep, thresholds, aliases + np.int32(first)))
        return cls(*(np.concatenate(part) for part in zip(*parts, strict=True)))


@njit(inline="always")
def random(state):  # type: ignore[no-untyped-def]
    """The next state of a xorshift64 generator."""
    state ^= state >> np.uint64(12)
    state ^= state << np.uint64(25)
    return state ^ (state >> np.uint64(27))


@njit(inline="always")
def bits(state):  # type: ignore[no-untyped-def]
    """The 64 random bits of a state (xorshift64*)."""
    return state * np.uint64(2685821657736338717)


@njit(inline="always")
def below(drawn, n):  # type: ignore[no-untyped-def]
    """A random number from 0 to n − 1, from the upper 32 bits."""
    return np.int64(((drawn >> np.uint64(32)) * np.uint64(n)) >> np.uint64(32))


@njit(inline="always")
def end_of_document(offsets, document, position):  # type: ignore[no-untyped-def]
    """The index in ``offsets`` of the end of a position's document; the search starts at ``document``."""
    while offsets[document] <= position:
        document += 1
    return document


@njit(inline="always")
def rate_at(position, start, stop, rates):  # type: ignore[no-untyped-def]
    """The learning rate at a token of ``ids[start:stop]``, between the first and the last of ``rates``."""
    return rates[0] + (rates[1] - rates[0]) * (position - start) / (stop - start)


@njit(inline="always")
def draw_piece(ids, position, end, keep, kept, state):  # type: ignore[no-untyped-def]
    """Copies the kept words to ``kept``; returns the next position, the number of kept words, and the state."""
    length = 0
    while position < end and length < PIECE:
        state = random(state)
        if np.uint32(bits(state) >> np.uint64(32)) <= keep[ids[position]]:
            kept[length] = ids[position]
            length += 1
        position += 1
    return position, length, state


@njit(inline="always")
def context(kept, length, centre, reach, contexts):  # type: ignore[no-untyped-def]
    """Copies the words around a centre to ``contexts``; returns their number."""
    n = 0
    for i in range(max(0, centre - reach), min(length, centre + reach + 1)):
        if i != centre:
            contexts[n] = kept[i]
            n += 1
    return n


@njit(inline="always")
def draw_reaches(first, n_centres, length, window, reaches, state):  # type: ignore[no-untyped-def]
    """Draws each centre's window; returns the start and the end of all windows together, and the state."""
    start, stop = length, 0
    for centre in range(n_centres):
        state = random(state)
        reaches[centre] = 1 + below(bits(state), window)
        start = min(start, max(first + centre - reaches[centre], 0))
        stop = max(stop, min(first + centre + reaches[centre] + 1, length))
    return start, stop, state


@njit(inline="always")
def draw_negatives(words, first, m, sampling, state):  # type: ignore[no-untyped-def]
    """Draws ``words[first:m]`` by the alias table; returns the state."""
    for j in range(first, m):
        state = random(state)
        drawn = bits(state)
        word = below(drawn, sampling.aliases.size)
        words[j] = word if np.uint32(drawn) < sampling.thresholds[word] else sampling.aliases[word]
    return state
