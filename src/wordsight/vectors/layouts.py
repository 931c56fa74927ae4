"""Layouts: words in two dimensions, by principal components."""

from __future__ import annotations

import numpy as np

from wordsight.vectors.word_vectors import WordVectors


def principal_components(vectors: WordVectors) -> np.ndarray:
    """The unit vectors on their two directions of most variance, float32 ``[n_words, 2]`` in [-1, 1]."""
    matrix, scales = vectors.matrix, vectors.scales
    dim = matrix.shape[1]
    total, squares = np.zeros(dim), np.zeros((dim, dim))
    for start in range(0, len(matrix), 4096):
        unit = matrix[start : start + 4096] * scales[start : start + 4096, None]
        total += unit.sum(axis=0, dtype=np.float64)
        squares += unit.T @ unit
    mean = total / len(matrix)
    directions = np.linalg.eigh(squares / len(matrix) - np.outer(mean, mean))[1][:, ::-1][:, :2]
    if dim == 1:
        directions = np.pad(directions, ((0, 0), (0, 1)))
    # Which way a direction points is arbitrary; this makes it the same on every machine.
    directions = directions * np.where(directions[np.abs(directions).argmax(axis=0), range(2)] < 0, -1, 1)
    projected = (matrix @ directions.astype(np.float32)) * scales[:, None]
    return in_square(projected - (mean @ directions).astype(np.float32))


def in_square(xy: np.ndarray) -> np.ndarray:
    """Points moved and scaled into [-1, 1], both directions alike, float32."""
    low, high = xy.min(axis=0), xy.max(axis=0)
    half = float((high - low).max()) / 2 or 1.0
    scaled: np.ndarray = ((xy - (low + high) / 2) / half).astype(np.float32).clip(-1, 1)
    return scaled
