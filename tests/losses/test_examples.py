"""The examples in the docstrings of the losses run and say what they say."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
from types import FunctionType, ModuleType

import pytest

import wordsight.losses

FILES = [found.name for found in pkgutil.iter_modules(wordsight.losses.__path__)]
MODULES = [importlib.import_module(f"wordsight.losses.{name}") for name in FILES]


def public(module: ModuleType) -> list[FunctionType]:
    functions = [function for _, function in inspect.getmembers(module, inspect.isfunction)]
    return [f for f in functions if f.__module__ == module.__name__ and not f.__name__.startswith("_")]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_loss_has_an_example_that_runs(module: ModuleType) -> None:
    losses = public(module)
    assert losses, "a file of losses has a loss"
    for loss in losses:
        found = doctest.DocTestFinder(recurse=False).find(loss, loss.__name__, module=module, globs=vars(module).copy())
        assert sum(len(test.examples) for test in found) >= 2, f"{loss.__name__} has no example"
        result = doctest.DocTestRunner().run(found[0])
        assert result.failed == 0 and result.attempted >= 2
