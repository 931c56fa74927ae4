"""Transforms that keep the strongest components of a feature matrix: SVD and PCA with a power on singular values."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np
import scipy.linalg

from wordsight.errors import DataError
from wordsight.images._transform_steps import Transform

logger = logging.getLogger(__name__)


class SVD(Transform):
    """The first N components ``U · S^power`` of the matrix's singular value decomposition ``U S Vᵀ``.

    A new row x becomes ``x V S^(power-1)``. Each component's largest loading in V is positive. Where the matrix
    has a rank below N, there are as many components as its rank.
    """

    name = "svd"

    def __init__(self, n_components: int, power: float = 1.0) -> None:
        super().__init__()
        self.n_components = n_components
        self.power = power

    def __str__(self) -> str:
        return f"{self.name}:{self.n_components}" + (f":{self.power!r}".removesuffix(".0") if self.power != 1 else "")

    def fit(self, matrix: np.ndarray, sources: Sequence[str] | None) -> None:
        """Keeps ``V S^(power-1)`` [n_features, n_components].

        Raises:
            DataError: all rows are zero.
        """
        values, loadings = _principal_directions(matrix, self.n_components)
        if not len(values):
            raise DataError(f"{self}: all rows are zero at this step, so there are no components; look at the features")
        if len(values) < self.n_components:
            logger.warning("%s: the matrix has rank %d, so there are %d components", self, len(values), len(values))
        self.arrays = {"projection": np.ascontiguousarray(loadings * values ** (self.power - 1))}

    def apply(self, matrix: np.ndarray, sources: Sequence[str] | None) -> np.ndarray:
        """Projects the rows."""
        projected: np.ndarray = matrix @ self.arrays["projection"]
        return projected


class PCA(SVD):
    """Principal components: like ``svd`` after subtracting the mean of all rows."""

    name = "pca"

    def fit(self, matrix: np.ndarray, sources: Sequence[str] | None) -> None:
        """Keeps the mean of all rows and the projection."""
        mean = matrix.mean(axis=0)
        super().fit(matrix - mean, sources)
        self.arrays["mean"] = mean

    def apply(self, matrix: np.ndarray, sources: Sequence[str] | None) -> np.ndarray:
        """Subtracts the mean and projects the rows."""
        return super().apply(matrix - self.arrays["mean"], sources)


def _principal_directions(matrix: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Computes the n largest singular values, in falling order, and their right singular vectors [n_features, n].

    They come from the eigenvectors of the smaller Gram matrix: ``XᵀX``, or ``XXᵀ`` where there are fewer rows than
    features. This is many times faster than a whole SVD, and as exact down to about 1e-7 of the largest singular
    value; smaller ones count as zero.
    """
    wide = matrix.shape[0] < matrix.shape[1]
    gram = matrix @ matrix.T if wide else matrix.T @ matrix
    size = len(gram)
    squares, vectors = scipy.linalg.eigh(gram, subset_by_index=[max(0, size - n), size - 1])
    squares, vectors = squares[::-1], vectors[:, ::-1]
    rank = int((squares > squares[0] * max(matrix.shape) * np.finfo(np.float64).eps).sum())
    values, vectors = np.sqrt(squares[:rank]), vectors[:, :rank]
    loadings = matrix.T @ (vectors / values) if wide else vectors
    return values, loadings * np.sign(loadings[np.abs(loadings).argmax(axis=0), np.arange(rank)])
