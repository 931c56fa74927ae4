"""What all reproductions share: a paper is a class that says what to compute and how to show it."""

from __future__ import annotations

import abc
import contextlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from wordsight.models.base import Model
from wordsight.papers.recipes import PaperRecipe
from wordsight.storage.hashes import fingerprint
from wordsight.training.checkpoint import checkpointing

Row = dict[str, Any]
"""One figure with what identifies it, its n, coverage and interval, as JSON values."""
AnyModel = TypeVar("AnyModel", bound=Model)


@dataclass(frozen=True)
class Cell:
    """A part of a reproduction that is computed once and kept.

    Attributes:
        key: all that determines the result, as JSON values: model, hyperparameters, seed, fingerprints of the data.
        compute: gives the rows.
    """

    key: Mapping[str, Any]
    compute: Callable[[], list[Row]]


@dataclass(frozen=True)
class ReportTable:
    """A table to be shown: all strings.

    Attributes:
        title: above it.
        header: one string a column.
        rows: of as many strings each.
        note: a paragraph below it.
        name: of the recipe's table that it is made from, whose published figures it is shown with.
    """

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    name: str = ""

    def markdown(self) -> str:
        """The table in Markdown, without its title."""
        lines = ["| " + " | ".join(self.header) + " |", "|" + "---|" * len(self.header)]
        lines += ["| " + " | ".join(row) + " |" for row in self.rows]
        return "\n".join(lines) + "\n" + (f"\n{self.note}\n" if self.note else "")


class Reproduction(abc.ABC):
    """A paper: which cells its tables need, and how their rows become tables and plots.

    Args:
        recipe: the settings at one scale and the paper's figures.
    """

    name: ClassVar[str]
    """Name of the recipe, e.g. ``"pixie"``."""
    directory: Path | None = None
    """Folder of the finished cells; what cells share and costs much to make may be kept there too."""

    def __init__(self, recipe: PaperRecipe) -> None:
        self.recipe = recipe
        self.settings = recipe.settings

    @abc.abstractmethod
    def cells(self, data: Path, tables: Sequence[str], seeds: Sequence[int]) -> Iterator[Cell]:
        """What must be computed for some tables; nothing heavy is opened before a cell needs it."""

    def figures(self, rows: list[Row]) -> list[Row]:
        """Makes what is reported, such as means over seeds, from all that the cells hold; by default that itself."""
        return rows

    @abc.abstractmethod
    def tables(self, rows: Sequence[Row]) -> list[ReportTable]:
        """The tables for which there are rows, from the reported rows and the recipe alone."""

    def plots(self, rows: Sequence[Row], directory: Path) -> list[Path]:
        """Draws pictures of the reported rows into a directory and returns their paths."""
        return []


_checkpoints: ContextVar[Path | None] = ContextVar("checkpoints_in", default=None)


@contextlib.contextmanager
def checkpoints_in(folder: Path) -> Iterator[None]:
    """Keeps checkpoints of each fit within the block in a folder of its own, until the block ends without an error."""
    token = _checkpoints.set(folder)
    try:
        yield
    finally:
        _checkpoints.reset(token)
    shutil.rmtree(folder, ignore_errors=True)


def fitted(model: AnyModel, *inputs: Any) -> AnyModel:
    """Fits a model; where Ctrl-C stopped it half-way, the interruption goes on, so that no half cell is kept.

    While a cell is computed the fit has checkpoints; see :func:`checkpoints_in`.
    """
    folder = _checkpoints.get()
    if folder is None:
        model.fit(*inputs)
    else:
        facts = model.identity(*inputs)
        with checkpointing(folder / fingerprint(json.dumps(facts, sort_keys=True, default=str)), facts):
            model.fit(*inputs)
    if model.interrupted_:
        raise KeyboardInterrupt
    return model


def learned_from(model: Model) -> dict[str, Any]:
    """The hyperparameters that what is learned depends on, for a cell's key: all but the number of threads."""
    return {name: value for name, value in model.get_params().items() if name != "workers"}
