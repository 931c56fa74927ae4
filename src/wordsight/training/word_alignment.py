"""Unsupervised word alignment of parallel text."""

from __future__ import annotations

import numpy as np

from wordsight.kernels.alignment import best_links, expectations
from wordsight.progress import progress
from wordsight.text.corpus import Corpus
from wordsight.text.parallel import Pair, ParallelText

ROUNDS = 5
"""Rounds of expectation–maximisation, as in fast_align."""


def align(text: ParallelText, first: str, second: str) -> np.ndarray:
    """Aligns the words of two languages: the links that the models of both directions find.

    Returns:
        Pairs of tokens of the corpus, one of each language, int64 [n_links, 2]; each token is in at most one.
    """
    pair = text.pair(first, second)
    forward = _one_way(text.corpus, pair)
    backward = _one_way(text.corpus, Pair(pair.second, pair.first))
    return np.array(sorted(set(forward) & {(e, f) for f, e in backward}), dtype=np.int64).reshape(-1, 2)


def _one_way(corpus: Corpus, pair: Pair) -> list[tuple[int, int]]:
    """Links each word of the second language to its most likely source in the first, as pairs of tokens."""
    offsets = np.asarray(corpus.offsets)
    sizes = np.stack([offsets[side + 1] - offsets[side] for side in pair], axis=1)
    tokens = [_ranges(offsets[side], sizes[:, i]) for i, side in enumerate(pair)]
    ids = np.asarray(corpus.ids).astype(np.int64)
    words = ids[tokens[1]].astype(np.int32)
    cells, table, given, n_words = _table(ids, tokens, sizes, words)
    nothing = np.full(n_words, 1.0 / n_words)
    with progress("alignment", ROUNDS, unit="rounds") as advance:
        for _ in range(ROUNDS):
            expected, expected_nothing = np.zeros(len(table)), np.zeros(n_words)
            expectations(cells, sizes, table, nothing, expected, expected_nothing, words)
            totals = np.bincount(given, expected)
            table = expected / np.maximum(totals[given], 1e-300)
            nothing = expected_nothing / max(expected_nothing.sum(), 1e-300)
            advance(1)
    found = np.empty(len(words), dtype=np.int32)
    best_links(cells, sizes, table, nothing, words, found)
    begins = np.repeat(offsets[pair.first], sizes[:, 1])
    linked = found >= 0
    return list(zip((begins + found)[linked].tolist(), tokens[1][linked].tolist(), strict=True))


def _ranges(starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The concatenated ranges from each start, of the given lengths."""
    ends = np.cumsum(lengths)
    return np.repeat(starts - (ends - lengths), lengths) + np.arange(int(ends[-1]) if len(ends) else 0)


def _table(
    ids: np.ndarray, tokens: list[np.ndarray], sizes: np.ndarray, words: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Makes the table of the pairs of words that occur together.

    Returns:
        The cell of each (j, i) of each sentence, int32; t of each cell, uniform; the word e of each cell; the number of
        words.
    """
    begins = np.cumsum(sizes[:, 0]) - sizes[:, 0]
    lengths = np.repeat(sizes[:, 0], sizes[:, 1])  # length m of the translation, for each word f
    first_words = ids[tokens[0]][_ranges(np.repeat(begins, sizes[:, 1]), lengths)]
    n_words = int(ids.max()) + 1
    codes, cells = np.unique(first_words * n_words + np.repeat(words.astype(np.int64), lengths), return_inverse=True)
    return cells.astype(np.int32), np.full(len(codes), 1.0 / n_words), codes // n_words, n_words
