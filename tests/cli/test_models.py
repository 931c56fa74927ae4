"""``models``."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.cli.conftest import Run

from wordsight.models.registry import MODELS, model_class


def test_lists_every_model(run: Run) -> None:
    out = run("models").out
    for name in MODELS:
        assert any(line.split()[:1] == [name] and model_class(name).title in line for line in out.splitlines())


@pytest.mark.parametrize("name", MODELS)
def test_shows_the_hyperparameters_of_one(run: Run, name: str) -> None:
    rows = [line.split() for line in run("models", name).out.splitlines()]
    for parameter in model_class(name).defaults():
        assert any(row[:1] == [parameter] for row in rows), parameter


def test_refuses_an_unknown_model(refused: Callable[..., None]) -> None:
    refused("models", "pixi", because="did you mean 'pixie'")
