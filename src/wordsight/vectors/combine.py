"""Makes one space of several: side by side, or added.

Both follow one rule: every space's rows are brought to unit norm and multiplied by the space's weight; the words are
those of all spaces, in the order of their first appearance; where a space lacks a word, it contributes zeros.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from wordsight.errors import DataError, ParameterError
from wordsight.vectors.word_vectors import WordVectors


def concat(spaces: Iterable[WordVectors], weights: Sequence[float] | None = None) -> WordVectors:
    """Puts the vectors of several spaces side by side: ``[n_words, sum of dims]``.

    Args:
        spaces: at least one.
        weights: one a space; all 1 by default.

    Raises:
        ParameterError: there is no space, or there are not as many weights as spaces.
    """
    spaces = list(spaces)
    words = _union(spaces)
    matrix = np.zeros((len(words), sum(space.dim for space in spaces)), dtype=np.float32)
    start = 0
    for rows, weighted in _weighted(spaces, weights, words):
        end = start + weighted.shape[1]
        matrix[rows, start:end] = weighted
        start = end
    return WordVectors(words, matrix)


def add(spaces: Iterable[WordVectors], weights: Sequence[float] | None = None) -> WordVectors:
    """Adds the vectors of several spaces with weights: ``[n_words, dim]``.

    Args:
        spaces: at least one, all of one dim.
        weights: one a space; all 1 by default.

    Raises:
        ParameterError: there is no space, or there are not as many weights as spaces.
        DataError: the spaces have different dims.
    """
    spaces = list(spaces)
    if len(dims := {space.dim for space in spaces}) > 1:
        raise DataError(f"the spaces have the dims {sorted(dims)}; only equal dims can be added, concat takes any")
    words = _union(spaces)
    matrix = np.zeros((len(words), spaces[0].dim), dtype=np.float32)
    for rows, weighted in _weighted(spaces, weights, words):
        matrix[rows] += weighted
    return WordVectors(words, matrix)


def _union(spaces: Sequence[WordVectors]) -> list[str]:
    if not spaces:
        raise ParameterError("there is nothing to combine; give at least one space")
    first, *others = (space.words for space in spaces)
    return first if all(words == first for words in others) else list(dict.fromkeys(itertools.chain(first, *others)))


def _weighted(
    spaces: Sequence[WordVectors], weights: Sequence[float] | None, words: list[str]
) -> Iterator[tuple[np.ndarray | slice, np.ndarray]]:
    """Yields for each space the rows of its words in the result and its weighted unit vectors."""
    weights = [1.0] * len(spaces) if weights is None else weights
    if len(weights) != len(spaces):
        raise ParameterError(f"there are {len(spaces)} spaces but {len(weights)} weights; give one a space")
    index: dict[str, int] = {}
    for space, weight in zip(spaces, weights, strict=True):
        rows: np.ndarray | slice = slice(None)
        if space.words != words:
            index = index or {word: row for row, word in enumerate(words)}
            rows = np.array([index[word] for word in space.words], dtype=np.int64)
        yield rows, space.unit * np.float32(weight)
