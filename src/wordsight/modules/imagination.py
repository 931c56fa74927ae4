"""Imagination: what words without images would look like, predicted from their text, and how sure that is.

A ridge regression from text vectors to visual vectors learns from the words with images and predicts those of all
words. Read as Bayesian linear regression (Bishop, Pattern Recognition and Machine Learning, 2006, section 3.3), it
also says how much of each prediction is known: with few images, or far from the words that have some, little is.

============================ ===========================================================================
symbol                       here
============================ ===========================================================================
t_w, centred text vector     row of ``text``, minus the mean of the words with images
y_w, visual vector           row of ``visual``, minus the mean of the words with images
y_w = W t_w + noise          W's entries N(0, τ²), noise N(0, σ²), ``penalty`` λ = σ²/τ²
Var(W t_w) before and after  τ² ‖t_w‖²  and  σ² t_wᵀ (TᵀT + λI)⁻¹ t_w
certainty                    1 − after / before; 0 where nothing is known, 1 where all is
============================ ===========================================================================

λ is the one of least leave-one-out error, which has a closed form: the residual of word i divided by 1 − h_i, with h_i
the i-th diagonal entry of T (TᵀT + λI)⁻¹ Tᵀ plus 1/n for the mean. Where no λ predicts better than
the mean, nothing is imagined.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

PENALTIES = np.geomspace(0.01, 10_000.0, 49)
"""The λ that are tried, for text vectors of about unit length."""


class Imagination(NamedTuple):
    """Imagined visual vectors of all words.

    Attributes:
        vectors: float32 [n_words, n_features], unit rows times the square root of the word's certainty.
        certainty: float32 [n_words], from 0 (nothing is known of how the word looks) to 1.
        explained: share of the visual vectors' variance that words left out explain (R²); 0 where it is not positive.
        penalty: the λ that was chosen.
    """

    vectors: np.ndarray
    certainty: np.ndarray
    explained: float
    penalty: float


def imagine(text: np.ndarray, known: np.ndarray, visual: np.ndarray) -> Imagination:
    """Imagines visual vectors for all words.

    Args:
        text: float [n_words, dim], text vectors of about unit length. They must not contain the visual vectors: the
            error of words left out would then be too small, and words without images would get less than it promises.
        known: int [n_known], rows of the words with images.
        visual: float [n_known, n_features], their visual vectors.
    """
    t = text - text[known].mean(axis=0, dtype=np.float64)
    y = visual - visual.mean(axis=0, dtype=np.float64)
    left, values, right = np.linalg.svd(t[known], full_matrices=False)
    squares, of_components = values**2, left.T @ y
    errors = [_left_out_error(left, squares / (squares + penalty), of_components, y) for penalty in PENALTIES]
    penalty = float(PENALTIES[int(np.argmin(errors))])
    explained = _explained(min(errors), y)
    if explained == 0:
        return Imagination(np.zeros((len(t), y.shape[1]), np.float32), np.zeros(len(t), np.float32), 0.0, penalty)
    components = t @ right.T
    predicted = components @ ((values / (squares + penalty))[:, None] * of_components)
    # 1 − λ tᵀ(TᵀT + λI)⁻¹t / ‖t‖²; in directions in which T has no component, nothing is learned.
    learned = components**2 @ (squares / (squares + penalty))
    certainty = learned / np.maximum((t**2).sum(axis=1), np.finfo(np.float64).tiny)
    lengths = np.linalg.norm(predicted, axis=1)
    vectors = predicted * (np.sqrt(certainty) / np.where(lengths > 0, lengths, 1))[:, None]
    return Imagination(vectors.astype(np.float32), certainty.astype(np.float32), explained, penalty)


def _left_out_error(left: np.ndarray, kept: np.ndarray, of_components: np.ndarray, y: np.ndarray) -> float:
    """Σ ‖y_i − prediction from all other words‖², with the mean (1/n of each leverage) learned from the others too."""
    leverages = left**2 @ kept + 1 / len(y)
    residuals = y - left @ (kept[:, None] * of_components)
    return float(((residuals / np.maximum(1 - leverages, np.finfo(np.float64).eps)[:, None]) ** 2).sum())


def _explained(error: float, y: np.ndarray) -> float:
    """R² against the mean of the other words; 0 where it is not positive, or where there are fewer than 3 words."""
    n = len(y)
    if n < 3 or not y.any():
        return 0.0
    alone = float((y**2).sum()) * (n / (n - 1)) ** 2  # the mean of the others misses a word by n/(n − 1) as much
    return max(0.0, 1 - error / alone)
