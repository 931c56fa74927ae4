"""Which hyperparameters of a grounded model say how its visual words are made."""

from __future__ import annotations

from typing import Any

from wordsight.models.base import Model


def visual_settings(model: Model) -> dict[str, Any]:
    """Those hyperparameters of a grounded model that :func:`visual_words` takes, by the same names."""
    return {name: getattr(model, name) for name in ("transform", "control", "seed", "hide_words")}
