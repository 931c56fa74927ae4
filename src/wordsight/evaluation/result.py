"""What an evaluation gives: scores with the number of items, coverage and uncertainty."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar, overload

import numpy as np

from wordsight.errors import ParameterError, unknown_name
from wordsight.notebooks import Bar, Cell, html_table


@dataclass(frozen=True)
class Result:
    """The score of one task on one data set.

    Attributes:
        task: the task's registry name.
        dataset: name of the data set that it was measured on.
        score: the main score; NaN where it is not defined.
        n: how many items it rests on.
        total: how many items the data set has.
        interval: 95 % bootstrap interval of the score.
        details: further facts, such as other scores and how missing words were handled.
    """

    task: str
    dataset: str
    score: float
    n: int
    total: int
    interval: tuple[float, float]
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def coverage(self) -> float:
        """Share of the data set's items that the score rests on."""
        return self.n / self.total if self.total else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Everything as JSON values; NaN becomes None."""
        return _plain_facts({**dataclasses.asdict(self), "coverage": self.coverage})

    def _repr_html_(self) -> str:
        return Results([self])._repr_html_()


@dataclass(frozen=True)
class Comparison:
    """Two spaces on the items of a data set that both cover.

    Attributes:
        task: the task's registry name.
        dataset: name of the data set that it was measured on.
        score_a: the first space's score; NaN where it is not defined.
        score_b: the second space's.
        n: how many items both cover.
        total: how many items the data set has.
        interval: 95 % paired bootstrap interval of the difference; one without 0 speaks for a real difference.
    """

    task: str
    dataset: str
    score_a: float
    score_b: float
    n: int
    total: int
    interval: tuple[float, float]

    @property
    def difference(self) -> float:
        """score_a - score_b."""
        return self.score_a - self.score_b

    @property
    def coverage(self) -> float:
        """Share of the data set's items that both cover."""
        return self.n / self.total if self.total else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Everything as JSON values; NaN becomes None."""
        return _plain_facts({**dataclasses.asdict(self), "difference": self.difference, "coverage": self.coverage})

    def _repr_html_(self) -> str:
        return Comparisons([self])._repr_html_()


T = TypeVar("T", Result, Comparison)


class _ByDataSet(Sequence[T]):
    """Results in order, and by the name of their data set: ``results["EN-MEN-TR-3k"]``."""

    def __init__(self, results: Iterable[T]) -> None:
        self._results: tuple[T, ...] = tuple(results)

    def __len__(self) -> int:
        return len(self._results)

    @overload
    def __getitem__(self, which: int | str) -> T: ...

    @overload
    def __getitem__(self, which: slice) -> Self: ...

    def __getitem__(self, which: int | str | slice) -> T | Self:
        """A result by position or data set, or several by slice.

        Raises:
            UnknownNameError: no result for this data set; the message suggests near ones.
        """
        if isinstance(which, slice):
            return type(self)(self._results[which])
        if isinstance(which, int):
            return self._results[which]
        found = {result.dataset: result for result in reversed(self._results)}
        if which not in found:
            raise unknown_name("data set", which, found, hint=f"there are: {', '.join(found)}")
        return found[which]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({list(self._results)})"

    @property
    def only(self) -> T:
        """The result, where there is one.

        Raises:
            ParameterError: there are several or none.
        """
        if len(self) != 1:
            raise ParameterError(f"there are {len(self)} results, not one; take results[0] or iterate over them")
        return self._results[0]

    @property
    def n(self) -> int:
        """The only result's number of items."""
        return self.only.n

    @property
    def coverage(self) -> float:
        """The only result's coverage."""
        return self.only.coverage

    @property
    def interval(self) -> tuple[float, float]:
        """The only result's interval."""
        return self.only.interval

    def to_dicts(self) -> list[dict[str, Any]]:
        """All results as JSON values."""
        return [result.to_dict() for result in self]


class Results(_ByDataSet[Result]):
    """The results of an evaluation, in order; also by data set: ``results["EN-MEN-TR-3k"]``.

    Where there is only one, ``score``, ``n``, ``coverage`` and ``interval`` are its own.
    """

    @property
    def score(self) -> float:
        """The only result's score."""
        return self.only.score

    def _repr_html_(self) -> str:
        columns = ("data set", "score", "95 % interval", *_COUNTED)
        rows = [(r.dataset, _bar(r.score), _interval(r.interval, ""), *_counted(r)) for r in self]
        return html_table(_tasks(self), columns, rows)


class Comparisons(_ByDataSet[Comparison]):
    """The comparisons of two spaces, in order; also by data set.

    Where there is only one, ``difference``, ``n``, ``coverage`` and ``interval`` are its own.
    """

    @property
    def difference(self) -> float:
        """The only comparison's difference."""
        return self.only.difference

    def _repr_html_(self) -> str:
        columns = ("data set", "A", "B", "A − B", "95 % interval", *_COUNTED)
        rows = [
            (
                c.dataset,
                _bar(c.score_a),
                _bar(c.score_b),
                _number(c.difference, "+"),
                _interval(c.interval, "+"),
                *_counted(c),
            )
            for c in self
        ]
        return html_table(_tasks(self), columns, rows)


_COUNTED = ("counted", "coverage")


def _tasks(results: Iterable[Result | Comparison]) -> str:
    return ", ".join(dict.fromkeys(result.task for result in results))


def _counted(result: Result | Comparison) -> tuple[Cell, Cell]:
    return f"{result.n:,} of {result.total:,}", Bar(result.coverage, f"{result.coverage:.1%}")


def _number(value: float, sign: str = "") -> str:
    """A number with three digits; a dash where it is not defined."""
    return f"{value:{sign}.3f}" if math.isfinite(value) else "–"


def _bar(value: float) -> Bar:
    return Bar(value, _number(value))


def _interval(interval: tuple[float, float], sign: str) -> str:
    return " to ".join(_number(end, sign) for end in interval)


def _plain_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Named facts as JSON has them."""
    return {str(name): _plain(value) for name, value in facts.items()}


def _plain(value: Any) -> Any:
    """NumPy numbers, tuples and NaN as JSON has them."""
    if isinstance(value, Mapping):
        return _plain_facts(value)
    if isinstance(value, np.ndarray | list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
