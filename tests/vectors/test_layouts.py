"""Layouts: principal components against an SVD, and where words stand that t-SNE did not fit."""

from __future__ import annotations

import numpy as np
import pytest

from wordsight.vectors.layouts import principal_components
from wordsight.vectors.tsne_process import placed
from wordsight.vectors.word_vectors import WordVectors


@pytest.mark.parametrize("shape", [(5000, 8), (40, 3), (2, 5), (1, 4), (6, 1)])
def test_pca_is_that_of_the_unit_vectors(shape: tuple[int, int]) -> None:
    matrix = np.random.default_rng(0).normal(size=shape) * np.linspace(3, 1, shape[1]) + 0.3
    found = principal_components(WordVectors([f"w{i}" for i in range(len(matrix))], matrix))
    unit = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
    u, s, _ = np.linalg.svd(unit - unit.mean(axis=0), full_matrices=False)
    expected = (u * s)[:, :2]
    assert found.shape == (shape[0], 2) and found.dtype == np.float32 and np.abs(found).max() <= 1
    for axis in range(min(expected.shape[1], shape[0] - 1)):
        if s[axis] > 1e-6:
            assert abs(np.corrcoef(found[:, axis], expected[:, axis])[0, 1]) > 0.999
    if shape[0] > 2 and shape[1] > 1:
        assert np.abs(found).max() == pytest.approx(1, abs=1e-6)
        spread = np.ptp(expected, axis=0)
        assert np.ptp(found, axis=0) == pytest.approx(2 * spread / spread.max(), rel=1e-3), "both axes alike"


def test_words_that_are_not_fitted_stand_at_the_median_of_the_nearest_that_are() -> None:
    rng = np.random.default_rng(1)
    unit = rng.normal(size=(1500, 6)).astype(np.float32)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    rows = np.sort(rng.choice(1500, 700, replace=False))
    points = rng.normal(size=(700, 2)).astype(np.float32)
    found = placed(unit, rows, points)
    assert np.array_equal(found[rows], points)
    for row in np.setdiff1d(np.arange(1500), rows)[:50]:
        near = np.argsort(-(unit[rows] @ unit[row]))[:10]
        assert found[row] == pytest.approx(np.median(points[near], axis=0), abs=1e-6)
