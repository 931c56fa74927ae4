"""Controls: features that show nothing of their images, to tell what a model owes to sight."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np

from wordsight.errors import DataError

logger = logging.getLogger(__name__)


def shuffled(matrix: np.ndarray, sources: Sequence[str] | None, rng: np.random.Generator) -> np.ndarray:
    """Permutes the rows within their source; an image keeps its own only where its source has no other.

    The images of a source form one cycle, in random order, and each gives its features to the next (Sattolo, An
    algorithm to generate a random cyclic permutation, 1986).

    Args:
        matrix: [n_images, n_features].
        sources: one an image; None: all have the same.
        rng: draws the order.

    Raises:
        DataError: no row changes, so this is no control.
    """
    n_images = len(matrix)
    groups = np.zeros(n_images, np.int64) if sources is None else np.unique(sources, return_inverse=True)[1]
    order = np.lexsort((rng.random(n_images), groups))
    sizes = np.bincount(groups)
    ends = np.cumsum(sizes)
    following = np.arange(1, n_images + 1)
    following[ends - 1] = ends - sizes
    result = np.empty(matrix.shape, matrix.dtype)
    result[order[following]] = matrix[order]
    if np.array_equal(result, matrix):
        raise DataError(
            "shuffling changes nothing: each image is the only one of its source or looks like the others; "
            "take the features without sources, or control='random'"
        )
    if alone := int((sizes == 1).sum()):
        logger.warning(
            "shuffled control: %d of %d images keep their own features: their source has no other image",
            alone,
            n_images,
        )
    return result


def noise(matrix: np.ndarray, sources: Sequence[str] | None, rng: np.random.Generator) -> np.ndarray:
    """Draws standard Gaussian noise of the matrix's shape, float32."""
    return rng.standard_normal(matrix.shape, dtype=np.float32)


CONTROLS = {"shuffled": shuffled, "random": noise}
"""Name → the function that makes the control's features."""
