"""The orthogonal Procrustes problem (Schönemann 1966)."""

from __future__ import annotations

import numpy as np


def procrustes(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The rotation W with the least ‖source W − target‖, float32 [dim, dim] (Conneau et al. 2018, equation 2).

    Args:
        source: float [n, dim].
        target: float [n, dim], target of each row.
    """
    left, _, right = np.linalg.svd(source.astype(np.float64).T @ target.astype(np.float64))
    rotation: np.ndarray = (left @ right).astype(np.float32)
    return rotation
