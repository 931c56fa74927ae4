"""Ridge regression in closed form."""

from __future__ import annotations

import numpy as np


def ridge(inputs: np.ndarray, targets: np.ndarray, penalty: float) -> np.ndarray:
    """The W that minimises Σ ‖x W − y‖² + penalty ‖W‖², float64 [n_inputs, n_outputs].

    Args:
        inputs: x, [n, n_inputs].
        targets: y, [n, n_outputs].
        penalty: weight of the squared entries of W; positive.
    """
    x = inputs.astype(np.float64)
    gram = x.T @ x + penalty * np.eye(x.shape[1])
    weights: np.ndarray = np.linalg.solve(gram, x.T @ targets.astype(np.float64))
    return weights
