"""The base class of all reproductions: a paper says what to compute, and how to show it in tables and plots."""

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
"""One figure with its n, coverage and interval and the facts that identify it, as JSON values by name."""
AnyModel = TypeVar("AnyModel", bound=Model)


@dataclass(frozen=True)
class Cell:
    """A part of a reproduction that is computed once and stored.

    Attributes:
        key: all facts that determine the result, as JSON values: model, hyperparameters, seed, data fingerprints.
        compute: computes the rows.
    """

    key: Mapping[str, Any]
    compute: Callable[[], list[Row]]


@dataclass(frozen=True)
class ReportTable:
    """A table of strings, to be shown.

    Attributes:
        title: title above the table.
        header: heading of each column.
        rows: cells of each row.
        note: paragraph below the table.
        name: the recipe's table that it is made from, whose published figures it is shown with.
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
    """A paper: the cells that its tables need, and the way from their rows to tables and plots.

    Args:
        recipe: the settings at one scale and the paper's figures.
        directory: folder of the finished cells, where a paper may store other expensive results too; None: none.
    """

    name: ClassVar[str]
    """Name of the recipe, e.g. ``"pixie"``."""

    def __init__(self, recipe: PaperRecipe, directory: Path | None = None) -> None:
        self.recipe = recipe
        self.directory = directory
        self.settings = recipe.settings

    @abc.abstractmethod
    def cells(self, data: Path, tables: Sequence[str], seeds: Sequence[int]) -> Iterator[Cell]:
        """The cells that some tables need; large data are opened only when a cell is computed."""

    def figures(self, rows: list[Row]) -> list[Row]:
        """The rows of the report, such as means over seeds, from the rows of all cells; by default these unchanged."""
        return rows

    @abc.abstractmethod
    def tables(self, rows: Sequence[Row]) -> list[ReportTable]:
        """The tables that have rows, from the rows of the report and the recipe alone."""

    def plots(self, rows: Sequence[Row], directory: Path) -> list[Path]:
        """Draws plots of the report's rows into a directory and returns their paths."""
        return []


_checkpoints: ContextVar[Path | None] = ContextVar("checkpoints_in", default=None)


@contextlib.contextmanager
def checkpoints_in(folder: Path) -> Iterator[None]:
    """Stores checkpoints of the fits within the block, each in its own folder; deletes them if the block succeeds."""
    token = _checkpoints.set(folder)
    try:
        yield
    finally:
        _checkpoints.reset(token)
    shutil.rmtree(folder, ignore_errors=True)


def fitted(model: AnyModel, *inputs: Any) -> AnyModel:
    """Fits a model, with checkpoints if within :func:`checkpoints_in`.

    Raises:
        KeyboardInterrupt: Ctrl-C ended the fit early; the unfinished cell is not stored.
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
    """The hyperparameters that determine what a model learns, for a cell's key: all but the number of threads."""
    return {name: value for name, value in model.get_params().items() if name != "workers"}
