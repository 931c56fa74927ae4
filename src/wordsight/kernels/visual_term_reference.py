"""The visual term in plain NumPy, the test oracle of :mod:`wordsight.kernels.visual_term`."""

from __future__ import annotations

import numpy as np

from wordsight.kernels.sampling_reference import Xorshift
from wordsight.kernels.visual_term import VisualTerm


def update_visual(inputs: np.ndarray, word: int, visual: VisualTerm, rate: float, random: Xorshift) -> None:
    """Adds rate · ∂term/∂u to the vector of a word that has a row; draws new negatives."""
    row = visual.rows[word]
    if row >= 0:
        drawn = [random.below(len(visual.targets)) for _ in range(visual.negatives)]
        inputs[word] += rate * visual.weight * _gradient(inputs[word], visual, row, drawn)
        visual.occurrences[row] += 1


def _gradient(u: np.ndarray, visual: VisualTerm, row: int, drawn: list[int]) -> np.ndarray:
    """The gradient −∂/∂u of Σ max(0, γ − cos(M u, x_w) + cos(M u, x_w')) over the drawn w'."""
    gram = visual.gram if visual.gram.size else np.eye(len(u))
    length = np.sqrt(u @ gram @ u)
    cosines = visual.targets @ u / length
    slopes = visual.targets / length - np.outer(cosines, gram @ u) / length**2
    violated = [w for w in drawn if visual.margin - cosines[row] + cosines[w] > 0]
    gradient: np.ndarray = len(violated) * slopes[row] - slopes[violated].sum(axis=0)
    return gradient
