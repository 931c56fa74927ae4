"""Models that one fit serves: those that differ only in how the vectors are read out of what was learned."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from wordsight.models.base import Model
from wordsight.vectors.word_vectors import WordVectors

PARAMETERS = {"pixie": ("composition", "visual_weight", "context_weight", "imagination")}
"""Registry name → the hyperparameters that only the read-out depends on."""


def without_read_out(name: str, hyperparameters: Mapping[str, Any]) -> dict[str, Any]:
    """The hyperparameters that the fit depends on.

    Args:
        name: of the model in the registry.
        hyperparameters: all of them.
    """
    return {key: value for key, value in hyperparameters.items() if key not in PARAMETERS.get(name, ())}


def read_out_alone(name: str, hyperparameters: Mapping[str, Any]) -> dict[str, Any]:
    """The hyperparameters that only the read-out depends on."""
    return {key: value for key, value in hyperparameters.items() if key in PARAMETERS.get(name, ())}


def read_out(model: Model, hyperparameters: Mapping[str, Any]) -> WordVectors:
    """The vectors of a fitted model under other hyperparameters of its read-out; the model stays as it is."""
    if not hyperparameters:
        return model.vectors_
    changed: Any = copy.copy(model).set_params(**hyperparameters)
    vectors: WordVectors = changed.read_out(model.vectors_.words)
    return vectors
