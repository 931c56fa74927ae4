"""Transforms of feature matrices, one by one: centring, standardising, scaling, unit length."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import ClassVar

import numpy as np

logger = logging.getLogger(__name__)

FULL_SOURCE = 50
"""How many images a source needs for statistics of its own; those of smaller ones are shrunk towards the whole."""


class Transform:
    """One step of a chain; ``arrays`` holds everything that was fitted."""

    name: ClassVar[str]
    by_source: ClassVar[bool] = False
    """True where each source is transformed by statistics of its own."""

    def __init__(self) -> None:
        self.arrays: dict[str, np.ndarray] = {}

    def __str__(self) -> str:
        return self.name

    def fit(self, matrix: np.ndarray, sources: Sequence[str] | None) -> None:
        """Learns from ``matrix`` float64 [n_rows, n_features]; ``sources`` names the group of each row."""

    def apply(self, matrix: np.ndarray, sources: Sequence[str] | None) -> np.ndarray:
        """Transforms float64 rows [n_rows, n_features]."""
        raise NotImplementedError


class Centre(Transform):
    """Subtracts the mean of each source; photographs and drawings lie apart in feature space.

    The mean of a few images says more about these than about their source. So a source of fewer than 50 images counts
    as if it were filled up to 50 with images like the mean of all. Rows without a source, or of a source that the fit
    did not see, are centred by the mean of all rows.
    """

    name = "centre"
    by_source = True

    def fit(self, matrix: np.ndarray, sources: Sequence[str] | None) -> None:
        """Keeps the mean of all rows, then that of each source."""
        names, groups = _grouped(sources)
        small = {name: len(rows) for name, rows in zip(names, groups, strict=True) if len(rows) < FULL_SOURCE}
        if small and len(names) > 1:
            smallest = min(small, key=small.__getitem__)
            logger.warning(
                "%s: %d of %d sources have fewer than %d images (%r has %d), too few for a mean of their own; "
                "they are shrunk towards the mean of all",
                *(self.name, len(small), len(names), FULL_SOURCE, smallest, small[smallest]),
            )
        means = [matrix.mean(axis=0), *(matrix[rows].mean(axis=0) for rows in groups)]
        self.arrays = {"names": _pack(names), "means": _shrunk(means, groups)}

    def apply(self, matrix: np.ndarray, sources: Sequence[str] | None) -> np.ndarray:
        """Subtracts from each row the mean of its source."""
        centred: np.ndarray = matrix - self.arrays["means"][self._groups(sources, len(matrix))]
        return centred

    def _groups(self, sources: Sequence[str] | None, n_rows: int) -> np.ndarray:
        """The row of the fitted statistics for each row of data; row 0 stands for all sources together."""
        if sources is None:
            return np.zeros(n_rows, dtype=np.int64)
        index = {name: i for i, name in enumerate(_unpack(self.arrays["names"]), start=1)}
        if unseen := sorted(set(sources) - set(index)):
            logger.warning("%s: no image of source %r in fitting; the mean of all is used", self.name, unseen[0])
        return np.array([index.get(source, 0) for source in sources], dtype=np.int64)


class Standardise(Centre):
    """Brings each feature to mean 0 and variance 1 within its source; a constant feature becomes 0.

    Means and standard deviations of small sources are shrunk as in :class:`Centre`.
    """

    name = "standardise"

    def fit(self, matrix: np.ndarray, sources: Sequence[str] | None) -> None:
        """Keeps means and standard deviations of all rows, then those of each source."""
        super().fit(matrix, sources)
        _, groups = _grouped(sources)
        scales = _shrunk([matrix.std(axis=0), *(matrix[rows].std(axis=0) for rows in groups)], groups)
        # Rounding gives a constant feature a deviation of about 1e-16 of its value, which is no scale to divide by.
        constant = scales <= 1e-12 * np.abs(self.arrays["means"])
        self.arrays["scales"] = np.where(constant, 1.0, scales)

    def apply(self, matrix: np.ndarray, sources: Sequence[str] | None) -> np.ndarray:
        """Subtracts the mean of each row's source and divides by its standard deviation."""
        groups = self._groups(sources, len(matrix))
        standardised: np.ndarray = (matrix - self.arrays["means"][groups]) / self.arrays["scales"][groups]
        return standardised


class Scale(Transform):
    """Divides by one number, the standard deviation of the whole matrix: directions keep their relative sizes."""

    name = "scale"

    def fit(self, matrix: np.ndarray, sources: Sequence[str] | None) -> None:
        """Keeps the standard deviation of all values together (1 where they are all equal)."""
        self.arrays = {"deviation": np.array([matrix.std() or 1.0])}

    def apply(self, matrix: np.ndarray, sources: Sequence[str] | None) -> np.ndarray:
        """Divides by the standard deviation."""
        scaled: np.ndarray = matrix / self.arrays["deviation"]
        return scaled


class MinMax(Transform):
    """Maps the smallest value of the whole fitted matrix to 0 and the largest to 1, linearly."""

    name = "minmax"

    def fit(self, matrix: np.ndarray, sources: Sequence[str] | None) -> None:
        """Keeps the smallest and the largest value."""
        self.arrays = {"range": np.array([matrix.min(), matrix.max()])}

    def apply(self, matrix: np.ndarray, sources: Sequence[str] | None) -> np.ndarray:
        """Maps linearly; new rows may go a little below 0 or above 1."""
        low, high = self.arrays["range"]
        mapped: np.ndarray = (matrix - low) / (high - low if high > low else 1.0)
        return mapped


class L2(Transform):
    """Scales rows to unit length; zero rows stay zero."""

    name = "l2"

    def apply(self, matrix: np.ndarray, sources: Sequence[str] | None) -> np.ndarray:
        """Divides each row by its Euclidean norm."""
        norms = np.linalg.norm(matrix, axis=1, keepdims=True)
        unit: np.ndarray = matrix / np.where(norms > 0, norms, 1.0)
        return unit


def _grouped(sources: Sequence[str] | None) -> tuple[list[str], list[np.ndarray]]:
    """Returns the sources in order and the rows of each; both are empty where there are no sources."""
    if sources is None:
        return [], []
    names, codes = np.unique(np.asarray(sources, dtype=str), return_inverse=True)
    order = np.argsort(codes, kind="stable")
    return names.tolist(), np.split(order, np.cumsum(np.bincount(codes))[:-1])


def _shrunk(statistics: Sequence[np.ndarray], groups: Sequence[np.ndarray]) -> np.ndarray:
    """Shrinks the statistics of small sources towards those of all rows.

    Args:
        statistics: those of all rows, then those of each source, [n_features] each.
        groups: the rows of each source.

    Returns:
        [1 + n_sources, n_features].
    """
    shrunk = np.stack(statistics)
    for index, rows in enumerate(groups, start=1):
        if len(rows) < FULL_SOURCE:
            weight = len(rows) / FULL_SOURCE
            shrunk[index] = weight * shrunk[index] + (1 - weight) * shrunk[0]
    return shrunk


def _pack(names: Sequence[str]) -> np.ndarray:
    """Packs names into bytes: array files hold no text."""
    return np.frombuffer("\0".join(names).encode(), dtype=np.uint8)


def _unpack(packed: np.ndarray) -> list[str]:
    return packed.tobytes().decode().split("\0") if len(packed) else []
