"""Word alignment of parallel text, without any data but the text itself."""

from __future__ import annotations

import numpy as np

from wordsight.kernels.alignment import best_links, expectations
from wordsight.progress import progress
from wordsight.text.corpus import Corpus
from wordsight.text.parallel import Pair, ParallelText

ROUNDS = 5
"""Rounds of expectation–maximisation, as many as fast_align makes."""


def align(text: ParallelText, first: str, second: str) -> np.ndarray:
    """Links between the words of two languages: those that both directions of the model find.

    Returns:
        int64 [n_links, 2]: tokens of the corpus, one of each language; no token is in two links.
    """
    pair = text.pair(first, second)
    forward = _one_way(text.corpus, pair)
    backward = _one_way(text.corpus, Pair(pair.second, pair.first))
    return np.array(sorted(set(forward) & {(e, f) for f, e in backward}), dtype=np.int64).reshape(-1, 2)


def _one_way(corpus: Corpus, pair: Pair) -> list[tuple[int, int]]:
    """For each word of the second language the one of the first that it most likely comes from, as pairs of tokens."""
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
    """Start, start + 1, … for each start, as many as its length says."""
    ends = np.cumsum(lengths)
    return np.repeat(starts - (ends - lengths), lengths) + np.arange(int(ends[-1]) if len(ends) else 0)


def _table(
    ids: np.ndarray, tokens: list[np.ndarray], sizes: np.ndarray, words: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """The table of the pairs of words that occur.

    Returns:
        The table's cell for each (j, i) of each sentence, int32; t, uniform; each cell's word e; the number of words.
    """
    begins = np.cumsum(sizes[:, 0]) - sizes[:, 0]
    lengths = np.repeat(sizes[:, 0], sizes[:, 1])  # of the translation, for each word f
    first_words = ids[tokens[0]][_ranges(np.repeat(begins, sizes[:, 1]), lengths)]
    n_words = int(ids.max()) + 1
    codes, cells = np.unique(first_words * n_words + np.repeat(words.astype(np.int64), lengths), return_inverse=True)
    return cells.astype(np.int32), np.full(len(codes), 1.0 / n_words), codes // n_words, n_words
