"""Every hyperparameter of every model at its edges: a right result or one line, soon."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from tests.models.conftest import tiny_inputs
from tests.models.test_conformance import small, taken

from wordsight import resources
from wordsight.errors import WordsightError
from wordsight.models.base import Model
from wordsight.models.parameters import LARGEST, Parameter
from wordsight.models.registry import MODELS, model_class

MEMORY = 200_000_000
"""Bytes that are free in these tests, whatever the machine has."""
SLOW = 10.0
"""Seconds that no edge may take on tiny data."""
ROUNDS = ["epochs", "passes", "pretraining", "steps", "stretches", "draws", "samples", "refinements"]
"""What a name contains where more of it takes longer: the greatest allowed is a long run, and not tried."""


def edges(one: Parameter) -> list[Any]:
    """Values at and beyond the edges of what a hyperparameter may be."""
    values: list[Any] = [None, "", "text", (), 0, 1, -1, True, 1e300, float("nan"), float("inf"), -float("inf")]
    if one.type is float:
        values += [0.0, 1.0, -1e-9, 5e-324, 1e-30, 1e30, *_limits(one)]
    if one.type is int:
        rounds = any(part in one.name for part in ROUNDS)
        values += [LARGEST + 1, 10**30, *(limit for limit in _limits(one) if limit < 100 or not rounds)]
        values += [] if rounds or one.bounds.at_most is not None else [10**6, LARGEST]
    return values


def _limits(one: Parameter) -> list[float]:
    bounds = (one.bounds.at_least, one.bounds.above, one.bounds.at_most, one.bounds.below)
    return [one.type(limit) for limit in bounds if limit is not None]


@pytest.fixture(scope="module")
def tiny() -> dict[str, Any]:
    return tiny_inputs(seed=0, n_words=15)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_an_edge_gives_a_result_or_one_line(name: str, tiny: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "free_memory", lambda: MEMORY)
    cls = model_class(name)
    inputs = taken(cls, tiny)
    wrong = []
    for one in cls.parameters().values():
        for value in edges(one):
            if said := outcome(cls, one.name, value, inputs):
                wrong.append(f"{one.name}={value!r}: {said}")
    assert not wrong, "\n".join(wrong)


def outcome(cls: type[Model], name: str, value: Any, inputs: list[Any]) -> str:
    """What is wrong with what comes of a value; empty where nothing is."""
    began = time.perf_counter()
    said = ""
    try:
        model = small(cls).set_params(epochs=1) if "epochs" in cls.defaults() else small(cls)
        vectors = model.set_params(**{name: value}).fit(*inputs).vectors_
        if not np.isfinite(vectors.matrix).all():
            said = "the vectors are not finite"
    except WordsightError as error:
        said = "more than one line" if "\n" in str(error) else ""
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
    seconds = time.perf_counter() - began
    return said or (f"{seconds:.0f} s" if seconds > SLOW else "")
