"""The visual term of V-SGNS, compiled: the skip-gram kernel adds it at each occurrence of a word with images.

    maximise  −Σ_{w' ~ uniform}  max(0, γ − cos(M u_w, x_w) + cos(M u_w, x_w'))

(Lazaridou, Pham, Baroni 2015, equation 5.) The kernel needs neither x nor M. For unit vectors x,

    cos(M u, x) = u · t / √(uᵀ G u),     t = Mᵀ x,   G = Mᵀ M,
    ∂ cos / ∂u  = (t − cos · G u / √(uᵀ G u)) / √(uᵀ G u),

The owner of M therefore sets t and G. Without G, M is the identity.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from wordsight.kernels.sampling import below, bits, random


class VisualTerm(NamedTuple):
    """The data and settings of the visual term; the kernel changes ``occurrences`` only.

    Attributes:
        rows: int32 [n_words], row of each word in the targets, or -1.
        targets: t, [n_visual, padded dim], padded with zeros.
        gram: G, [padded dim, padded dim], padded with zeros; [0, 0] if M is the identity.
        occurrences: int64 [n_visual], incremented at each occurrence of a word.
        negatives: number of words w' drawn for an occurrence, uniformly from the words with images.
        margin: γ.
        weight: weight of the term; 1 in the paper.
    """

    rows: np.ndarray
    targets: np.ndarray
    gram: np.ndarray
    occurrences: np.ndarray
    negatives: int
    margin: float
    weight: float

    def changing(self) -> dict[str, np.ndarray]:
        """The arrays that the kernel or the owner of M changes."""
        return {"targets": self.targets, "gram": self.gram, "occurrences": self.occurrences}


@njit(inline="always")
def _dot(a, b, dim):  # type: ignore[no-untyped-def]
    total = a.dtype.type(0)
    for d in range(dim):
        total += a[d] * b[d]
    return total


@njit(inline="always")
def _apply_gram(gram, u, mapped, dim):  # type: ignore[no-untyped-def]
    """Sets ``mapped`` to G u, by columns of the symmetric G, four at a time to write less; to u if G is empty."""
    for d in range(dim):
        mapped[d] = 0 if gram.size else u[d]
    if gram.size:
        for i in range(0, dim, 4):
            u0, u1, u2, u3 = u[i], u[i + 1], u[i + 2], u[i + 3]
            for d in range(dim):
                mapped[d] += u0 * gram[i, d] + u1 * gram[i + 1, d] + u2 * gram[i + 2, d] + u3 * gram[i + 3, d]


@njit(inline="always")
def update_visual(inputs, word, visual, rate, state, mapped, gradient, dim):  # type: ignore[no-untyped-def]
    """Adds rate · ∂term/∂u to the vector of a word that has a row; returns the state.

    ``mapped`` and ``gradient``, [dim], are scratch space.
    """
    row = visual.rows[word]
    if row < 0:
        return state
    visual.occurrences[row] += 1
    u, own = inputs[word], visual.targets[row]
    _apply_gram(visual.gram, u, mapped, dim)
    for d in range(dim):
        gradient[d] = 0
    number = inputs.dtype.type
    inverse = number(1) / np.sqrt(max(_dot(u, mapped, dim), number(1e-20)))
    cosine = _dot(u, own, dim) * inverse
    violated, excess = number(0), number(0)  # number of violating negatives; Σ cos(w) − cos(w') over them
    for _ in range(visual.negatives):
        state = random(state)
        other = visual.targets[below(bits(state), visual.targets.shape[0])]
        difference = cosine - _dot(u, other, dim) * inverse
        if difference < visual.margin:
            violated += number(1)
            excess += difference
            for d in range(dim):
                gradient[d] -= other[d]
    step = number(rate * visual.weight) * inverse
    for d in range(dim):
        u[d] += step * (gradient[d] + violated * own[d] - excess * inverse * mapped[d])
    return state
