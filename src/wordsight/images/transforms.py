"""Chains of transforms of feature matrices, written as a short text such as ``"centre svd:200:0.5 minmax"``.

A chain is fitted on one matrix and then applied to any rows; the result of a row does not depend on the rows beside
it. Everything is computed in float64 and returned as float32.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Self

import numpy as np

from wordsight.errors import DataError, ParameterError, unknown_name
from wordsight.images._components import PCA, SVD
from wordsight.images._transform_steps import L2, Centre, MinMax, Scale, Standardise, Transform

TRANSFORMS: dict[str, type[Transform]] = {t.name: t for t in (Centre, Standardise, Scale, MinMax, L2, SVD, PCA)}
"""Name → transform."""


class Chain:
    """Transforms that are applied one after another."""

    def __init__(self, steps: Sequence[Transform]) -> None:
        self.steps = list(steps)
        self.n_features: int | None = None
        """Number of columns of the matrix that the chain was fitted on; None before the fit."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a chain such as ``"centre svd:200:0.5 minmax"``; an empty text changes nothing but the dtype.

        The steps are ``centre``, ``standardise`` (both within each source), ``scale``, ``minmax``, ``l2``,
        ``svd:N[:POWER]`` and ``pca:N[:POWER]``.

        Raises:
            UnknownNameError: there is no such step; the message suggests near ones.
            ParameterError: a step has wrong arguments.
        """
        return cls([_parse_step(step) for step in text.split()])

    @property
    def by_source(self) -> bool:
        """True where a step transforms each source by statistics of its own."""
        return any(step.by_source for step in self.steps)

    def __str__(self) -> str:
        return " ".join(map(str, self.steps))

    def __repr__(self) -> str:
        return f"Chain({str(self)!r})"

    def fit(self, matrix: np.ndarray, sources: Sequence[str] | None = None) -> Self:
        """Learns from a matrix [n_rows, n_features] and the source of each row; returns self.

        Raises:
            DataError: the matrix is empty or does not fit the sources.
        """
        self.fit_transform(matrix, sources)
        return self

    def fit_transform(self, matrix: np.ndarray, sources: Sequence[str] | None = None) -> np.ndarray:
        """Fits the chain and transforms the same rows, float32 [n_rows, n_components].

        Raises:
            DataError: the matrix is empty or does not fit the sources.
        """
        if matrix.ndim != 2 or not matrix.size:
            raise DataError(
                f"a chain is fitted on a matrix [n_images, n_features], not on one of shape {list(matrix.shape)}"
            )
        self.n_features = matrix.shape[1]
        return self._through(matrix, sources, fit=True)

    def transform(self, matrix: np.ndarray, sources: Sequence[str] | None = None) -> np.ndarray:
        """Transforms rows [n_rows, n_features] to float32 [n_rows, n_components].

        Raises:
            ParameterError: the chain is not fitted.
            DataError: the rows have not as many features as in the fit, or there are not as many sources as rows.
        """
        if self.n_features is None:
            raise ParameterError(f"the chain {str(self)!r} is not fitted; call fit first")
        return self._through(matrix, sources, fit=False)

    def fit_once(self, matrix: np.ndarray, sources: Sequence[str] | None = None) -> np.ndarray:
        """Transforms rows, float32 [n_rows, n_components]; a chain that is not fitted yet is fitted on them first.

        Raises:
            DataError: the matrix is empty or does not fit the sources, or has not as many features as in the fit.
        """
        run = self.fit_transform if self.n_features is None else self.transform
        return run(matrix, sources)

    def _through(self, matrix: np.ndarray, sources: Sequence[str] | None, *, fit: bool) -> np.ndarray:
        if matrix.ndim != 2 or matrix.shape[1] != self.n_features:
            raise DataError(f"rows of {self.n_features} features are needed, but the matrix is {list(matrix.shape)}")
        if sources is not None and len(sources) != len(matrix):
            raise DataError(f"{len(matrix)} rows but {len(sources)} sources; one for each row is needed")
        rows = np.asarray(matrix, dtype=np.float64)
        for step in self.steps:
            if fit:
                step.fit(rows, sources)
            rows = step.apply(rows, sources)
        return rows.astype(np.float32)

    def tensors(self) -> dict[str, np.ndarray]:
        """Returns everything that was fitted, as named arrays; empty before the fit."""
        if self.n_features is None:
            return {}
        fitted = {f"{i}.{s.name}.{name}": a for i, s in enumerate(self.steps) for name, a in s.arrays.items()}
        return {"n_features": np.array([self.n_features]), **fitted}

    def restore(self, tensors: Mapping[str, np.ndarray]) -> Self:
        """Restores what :meth:`tensors` of a fitted chain of the same text gave; returns self.

        Raises:
            DataError: the arrays are those of another chain.
        """
        expected = {f"{i}.{step.name}" for i, step in enumerate(self.steps) if type(step).fit is not Transform.fit}
        found = {name.rpartition(".")[0] for name in tensors} - {""}
        if "n_features" not in tensors or found != expected:
            raise DataError(f"the arrays are not those of the chain {str(self)!r}; they hold: {', '.join(tensors)}")
        self.n_features = int(tensors["n_features"][0])
        for name, array in tensors.items():
            if name != "n_features":
                index, _, key = name.split(".")
                self.steps[int(index)].arrays[key] = np.asarray(array)
        return self


def _parse_step(text: str) -> Transform:
    name, *arguments = text.split(":")
    if name not in TRANSFORMS:
        raise unknown_name("transform", name, TRANSFORMS, hint=f"there are: {', '.join(TRANSFORMS)}")
    kind = TRANSFORMS[name]
    if not issubclass(kind, SVD):
        if arguments:
            raise ParameterError(f"transform {text!r}: {name} takes no argument; write {name!r}")
        return kind()
    if not 1 <= len(arguments) <= 2:
        raise ParameterError(f"transform {text!r}: write {name}:N or {name}:N:POWER, for example {name}:200:0.5")
    n_components = _number(text, "N", int, arguments[0])
    power = _number(text, "POWER", float, arguments[1]) if len(arguments) == 2 else 1.0
    if n_components < 1 or not math.isfinite(power):
        raise ParameterError(f"transform {text!r}: N must be at least 1 and POWER finite, for example {name}:200:0.5")
    return kind(int(n_components), power)


def _number(step: str, what: str, kind: Callable[[str], float], text: str) -> float:
    try:
        return kind(text)
    except ValueError:
        raise ParameterError(f"transform {step!r}: {what} is {text!r}, not a number of type {kind.__name__}") from None
