from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wordsight.modules.imagination import PENALTIES, imagine


def data(n_words: int, n_known: int, noise: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Text vectors, the words with images, and visual vectors that depend linearly on the text, with noise."""
    random = np.random.default_rng(seed)
    text = random.normal(size=(n_words, 6)) / np.sqrt(6)
    visual = text @ random.normal(size=(6, 4)) + noise * random.normal(size=(n_words, 4))
    return text, random.permutation(n_words)[:n_known], visual


def fitted_by_hand(t: np.ndarray, y: np.ndarray, penalty: float) -> tuple[np.ndarray, np.ndarray]:
    """Ridge regression with a free constant: the weights, and the constant."""
    n, dim = t.shape
    design = np.hstack([t, np.ones((n, 1))])
    weights = np.linalg.solve(design.T @ design + penalty * np.diag([1.0] * dim + [0.0]), design.T @ y)
    return weights[:-1], weights[-1]


def test_penalty_and_explained_variance_are_those_of_leaving_each_word_out_in_turn() -> None:
    text, known, visual = data(60, 25, noise=0.5)
    t, y = text[known], visual[known]
    errors, alone = [], 0.0
    for penalty in PENALTIES:
        error = 0.0
        for i in range(len(y)):
            rest = np.arange(len(y)) != i
            weights, constant = fitted_by_hand(t[rest], y[rest], penalty)
            error += float(((y[i] - t[i] @ weights - constant) ** 2).sum())
        errors.append(error)
    for i in range(len(y)):
        alone += float(((y[i] - y[np.arange(len(y)) != i].mean(axis=0)) ** 2).sum())
    found = imagine(text, known, y)
    assert found.penalty == PENALTIES[int(np.argmin(errors))]
    assert found.explained == pytest.approx(1 - min(errors) / alone, rel=1e-6)


def test_directions_are_those_of_ridge_regression_and_lengths_say_what_is_known() -> None:
    text, known, visual = data(60, 25, noise=0.5)
    found = imagine(text, known, visual[known])
    weights, _ = fitted_by_hand(text[known], visual[known], found.penalty)
    centred = text - text[known].mean(axis=0)
    predicted = centred @ weights
    precision = (centred[known].T @ centred[known] + found.penalty * np.eye(6)) / found.penalty
    before, after = (centred**2).sum(axis=1), np.einsum("ij,jk,ik->i", centred, np.linalg.inv(precision), centred)
    np.testing.assert_allclose(found.certainty, 1 - after / before, rtol=1e-4)
    expected = predicted / np.linalg.norm(predicted, axis=1)[:, None] * np.sqrt(1 - after / before)[:, None]
    np.testing.assert_allclose(found.vectors, expected, atol=1e-5)


def test_nothing_is_imagined_where_nothing_can_be_learned() -> None:
    """Visual vectors that are noise, a constant, or those of one or two words."""
    text, known, visual = data(400, 40, noise=0.0)
    noise = np.random.default_rng(1).normal(size=(40, 50))
    for words, vectors in ((known, noise), (known, np.ones((40, 4))), (known[:1], visual[:1]), (known[:2], visual[:2])):
        found = imagine(text, words, vectors)
        assert found.explained < 0.05
        assert found.certainty.mean() < 0.3
    assert not imagine(text, known[:2], visual[known[:2]]).vectors.any()


@settings(max_examples=30, deadline=None)
@given(n_known=st.integers(1, 50), noise=st.floats(0, 10), seed=st.integers(0, 99))
def test_certainty_is_a_share_and_the_squared_length(n_known: int, noise: float, seed: int) -> None:
    text, known, visual = data(80, n_known, noise, seed)
    found = imagine(text, known, visual[known])
    assert found.vectors.shape == (80, 4)
    assert (found.certainty >= 0).all() and (found.certainty <= 1 + 1e-6).all()
    np.testing.assert_allclose((found.vectors**2).sum(axis=1), found.certainty, atol=1e-5)
    assert 0 <= found.explained <= 1


def test_more_words_with_images_make_it_surer() -> None:
    text, known, visual = data(2000, 1000, noise=1.0)
    means = [imagine(text, known[:n], visual[known[:n]]).certainty.mean() for n in (20, 100, 1000)]
    assert means[0] < means[1] < means[2]
