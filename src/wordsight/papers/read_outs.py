"""Read-outs: models that differ in these alone share one fit."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from wordsight.models.base import Model
from wordsight.vectors.word_vectors import WordVectors

PARAMETERS = {"pixie": ("composition", "visual_weight", "context_weight", "imagination")}
"""Registry name → hyperparameters that affect the read-out alone."""


def without_read_out(name: str, hyperparameters: Mapping[str, Any]) -> dict[str, Any]:
    """The hyperparameters that affect the fit.

    Args:
        name: registry name of the model.
        hyperparameters: all hyperparameters.
    """
    return {key: value for key, value in hyperparameters.items() if key not in PARAMETERS.get(name, ())}


def read_out_alone(name: str, hyperparameters: Mapping[str, Any]) -> dict[str, Any]:
    """The hyperparameters that affect the read-out alone; arguments as for :func:`without_read_out`."""
    return {key: value for key, value in hyperparameters.items() if key in PARAMETERS.get(name, ())}


def read_out(model: Model, hyperparameters: Mapping[str, Any]) -> WordVectors:
    """The vectors of a fitted model under other hyperparameters of its read-out; the model is not changed."""
    if not hyperparameters:
        return model.vectors_
    changed: Any = copy.copy(model).set_params(**hyperparameters)
    vectors: WordVectors = changed.read_out(model.vectors_.words)
    return vectors
