"""``models``."""

from __future__ import annotations

import pytest
from tests.cli.conftest import Refused, Run

from wordsight.models.registry import MODELS, model_class


def test_lists_every_model(run: Run) -> None:
    out = run("models").out
    for name in MODELS:
        assert any(line.split()[:1] == [name] and model_class(name).title in line for line in out.splitlines())


@pytest.mark.parametrize("name", MODELS)
def test_shows_the_hyperparameters_of_one(run: Run, name: str) -> None:
    rows = [line.split() for line in run("models", name).out.splitlines()]
    for parameter in model_class(name).parameters().values():
        default = "none" if parameter.default is None else str(parameter.default)
        first_word = parameter.doc.split()[0].replace("``", "")
        found = [row for row in rows if row[:2] == [parameter.name, *default.split()[:1]]]
        assert any(first_word in row for row in found) or not default, parameter.name


def test_refuses_an_unknown_model(refused: Refused) -> None:
    refused("models", "pixi", because="did you mean 'pixie'")
