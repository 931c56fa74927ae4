"""Skip-gram over texts of several languages, compiled, with links between translations.

As in :mod:`wordsight.kernels.skipgram`, the words of a window are the inputs, and its centre and K negatives are the
outputs. There are two differences:

- Negatives are words of the centre's language. Words of other languages would be too easy to tell apart.
- Words that are linked to an input word are inputs too. A word thus also predicts the contexts of its translations:

    maximise  Σ_c Σ_w  log σ(e_w · v_c) + Σ_k log σ(−e_w · v_k),    w around c, or linked to a word around c

(Luong, Pham, Manning: Bilingual Word Representations with Monolingual Quality in Mind. 2015, section 3, with α = β = 1;
Ammar et al.: Massively Multilingual Word Embeddings. 2016, for more than two languages.)
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba import njit

from wordsight.kernels.compiling import kept_njit
from wordsight.kernels.products import (
    FAST,
    INPUTS,
    OUTPUTS,
    check_padding,
    errors_of,
    gather,
    padded,
    read_inputs,
    scatter,
    scores_of,
    weighted_loss,
)
from wordsight.kernels.sampling import PIECE, below, bits, end_of_document, random, rate_at
from wordsight.kernels.skipgram import TALLY_EVERY
from wordsight.text.corpus import Corpus
from wordsight.text.languages import blocks


class Links(NamedTuple):
    """The languages of the words, and the links between tokens.

    Attributes:
        first: int32 [n_words], id of the first word of each word's language.
        n_words: int32 [n_words], number of words of this language; each language has its own alias table.
        starts: int64 [n_tokens + 1]; the links of token i are ``linked[starts[i]:starts[i + 1]]``; [0] without links.
        linked: int32 [n_links], ids of the linked words.
        most: greatest number of links of a token.
        shares: float32 [n_words], factor of each word's steps as an input.
    """

    first: np.ndarray
    n_words: np.ndarray
    starts: np.ndarray
    linked: np.ndarray
    most: int
    shares: np.ndarray

    @classmethod
    def between(cls, corpus: Corpus, links: np.ndarray | None, shares: np.ndarray | None) -> Links:
        """Sorts links by token, in both directions.

        Args:
            corpus: corpus of several languages, as made by :func:`wordsight.text.languages.join_languages`.
            links: int64 [n_links, 2], pairs of tokens that translate each other; None: none.
            shares: float32 [n_words], see above; None: 1 for all words.

        Raises:
            DataError: the vocabulary does not have the words of one language after another.
        """
        found = blocks(corpus.vocabulary)
        sizes = [last - first for _, first, last in found]
        first = np.repeat(np.array([block.first for block in found], dtype=np.int32), sizes)
        n_words = np.repeat(np.array(sizes, dtype=np.int32), sizes)
        shares = np.ones(len(first), dtype=np.float32) if shares is None else shares
        if links is None or not len(links):
            return cls(first, n_words, np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int32), 0, shares)
        both = np.concatenate([links, links[:, ::-1]])
        both = both[np.lexsort((both[:, 1], both[:, 0]))]
        counts = np.bincount(both[:, 0], minlength=len(corpus))
        linked = np.asarray(corpus.ids)[both[:, 1]].astype(np.int32)
        return cls(first, n_words, np.concatenate([[0], np.cumsum(counts)]), linked, int(counts.max()), shares)

    def changing(self) -> dict[str, np.ndarray]:
        """The arrays that the kernel changes: none."""
        return {}


@njit(inline="always")
def _draw_piece(ids, position, end, keep, kept, state):  # type: ignore[no-untyped-def]
    """Copies the positions of the kept tokens; returns the next position, the number of kept tokens, and the state."""
    length = 0
    while position < end and length < PIECE:
        state = random(state)
        if np.uint32(bits(state) >> np.uint64(32)) <= keep[ids[position]]:
            kept[length] = position
            length += 1
        position += 1
    return position, length, state


@njit(inline="always")
def _context(ids, kept, length, centre, reach, links, contexts):  # type: ignore[no-untyped-def]
    """Copies the words around a centre and the words linked to them to ``contexts``; returns their number."""
    n = 0
    for i in range(max(0, centre - reach), min(length, centre + reach + 1)):
        if i != centre:
            token = kept[i]
            contexts[n] = ids[token]
            n += 1
            if links.most:
                for link in range(links.starts[token], links.starts[token + 1]):
                    contexts[n] = links.linked[link]
                    n += 1
    return n


@njit(inline="always")
def _draw_negatives(words, m, sampling, links, state):  # type: ignore[no-untyped-def]
    """Draws ``words[1:m]`` by the alias table of the centre's language; returns the state."""
    first, n_words = links.first[words[0]], links.n_words[words[0]]
    for j in range(1, m):
        state = random(state)
        drawn = bits(state)
        word = first + below(drawn, n_words)
        words[j] = word if np.uint32(drawn) < sampling.thresholds[word] else sampling.aliases[word]
    return state


@functools.cache
def multilingual_kernel(dim: int) -> Callable[..., tuple[float, int]]:
    """The kernel for one padded dimension, called like the skip-gram kernel; :class:`Links` is the last argument."""
    check_padding(dim)

    @kept_njit(nogil=True, fastmath=FAST, error_model="numpy")
    def train(ids, offsets, start, stop, tables, sampling, window, negatives, rates, seed, links):  # type: ignore[no-untyped-def]
        number = tables.inputs.dtype
        m = negatives + 1
        m_padded, most = padded(m, OUTPUTS), padded(2 * window * (1 + links.most), INPUTS)
        rows, gradients = np.empty((most, dim), number), np.empty((most, dim), number)
        scores, weights = np.empty((most, m_padded), number), np.zeros((most, m_padded), number)
        contexts = np.empty(most, np.int64)
        words = np.full(m_padded, tables.outputs.shape[0] - 1, np.int64)
        kept = np.empty(PIECE, np.int64)
        state, loss, pairs, windows = seed, 0.0, 0, 0
        document = np.searchsorted(offsets, start, side="right")
        position = start
        while position < stop:
            document = end_of_document(offsets, document, position)
            end = min(offsets[document], stop)
            rate = tables.inputs.dtype.type(rate_at(position, start, stop, rates))
            position, length, state = _draw_piece(ids, position, end, sampling.keep, kept, state)
            for centre in range(length):
                state = random(state)
                reach = 1 + below(bits(state), window)
                n = _context(ids, kept, length, centre, reach, links, contexts)
                if n == 0:
                    continue
                words[0] = ids[kept[centre]]
                state = _draw_negatives(words, m, sampling, links, state)
                for j in range(m):
                    weights[:n, j] = j == 0 or words[j] != words[0]  # negatives equal to the centre do not count
                n_padded = padded(n, INPUTS)
                read_inputs(tables.inputs, contexts, n, rows, dim)
                scores_of(rows, n_padded, tables.outputs, words, m_padded, scores, dim)
                if windows % TALLY_EVERY == 0:
                    loss += weighted_loss(scores, weights, n, m, 1)
                    pairs += n
                windows += 1
                errors_of(scores, weights, n_padded, m_padded, 1)
                gather(scores, n_padded, tables.outputs, words, m_padded, gradients, dim)
                scatter(scores, rows, n_padded, tables.outputs, words, m_padded, rate, dim)
                for i in range(n):
                    tables.inputs[contexts[i]] += rate * links.shares[contexts[i]] * gradients[i]
        return loss, pairs

    kernel: Callable[..., tuple[float, int]] = train
    return kernel
