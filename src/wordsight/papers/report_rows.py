"""Selection of rows, and their text in a table's cells: means over seeds, scores, intervals, differences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from wordsight.papers.base import Row

NONE = "–"
"""Text of a cell without a figure."""


class Unit(NamedTuple):
    """The format of figures: factor and number of decimals."""

    factor: float
    decimals: int


PLAIN, PERCENT = Unit(1, 3), Unit(100, 1)


def select(rows: Iterable[Row], **wanted: Any) -> list[Row]:
    """The rows with these values; None also matches a missing field."""
    return [row for row in rows if all(row.get(name) == value for name, value in wanted.items())]


def distinct(rows: Iterable[Row], *fields: str) -> list[Any]:
    """The distinct values of a field, or tuples of several fields, in the order of the rows."""
    found = (tuple(row[name] for name in fields) for row in rows)
    return list(dict.fromkeys(values if len(fields) > 1 else values[0] for values in found))


def mean(rows: Iterable[Row], field: str = "score") -> float:
    """The mean of a field."""
    return float(np.mean([row[field] for row in rows]))


def leaves_out_zero(row: Row) -> bool:
    """Tells whether the interval of a difference leaves out zero."""
    return bool(row["low"] > 0 or row["high"] < 0)


def written(value: float, unit: Unit = PLAIN) -> str:
    """A number."""
    return f"{unit.factor * value:.{unit.decimals}f}"


def signed(value: float, unit: Unit = PLAIN) -> str:
    """A number with its sign."""
    return f"{unit.factor * value:+.{unit.decimals}f}"


def score(rows: Sequence[Row], unit: Unit = PLAIN) -> str:
    """The mean score."""
    return written(mean(rows), unit) if rows else NONE


def score_and_deviation(rows: Sequence[Row], unit: Unit = PLAIN) -> str:
    """The mean score and its standard deviation over the rows."""
    return f"{score(rows, unit)} ± {written(float(np.std([r['score'] for r in rows])), unit)}" if rows else NONE


def interval(rows: Sequence[Row], unit: Unit = PLAIN) -> str:
    """The interval of the score, both ends averaged over the rows."""
    return f"[{written(mean(rows, 'low'), unit)}, {written(mean(rows, 'high'), unit)}]"


def score_and_interval(rows: Sequence[Row], unit: Unit = PLAIN) -> str:
    """The mean score with its interval."""
    return f"{score(rows, unit)} {interval(rows, unit)}" if rows else NONE


def gain(
    rows: Sequence[Row], field: str = "difference", ends: tuple[str, str] = ("low", "high"), unit: Unit = PLAIN
) -> str:
    """The mean difference and its interval, with signs."""
    if not rows:
        return NONE
    value, low, high = (signed(mean(rows, name), unit) for name in (field, *ends))
    return f"{value} [{low}, {high}]"


def difference(row: Row | None, unit: Unit = PLAIN) -> str:
    """A difference and its interval, in bold if the interval leaves out zero."""
    if row is None:
        return NONE
    value, low, high = (signed(row[name], unit) for name in ("difference", "low", "high"))
    text = f"{value} [{low}, {high}]"
    return f"**{text}**" if leaves_out_zero(row) else text


def coverage(row: Row) -> str:
    """The number of covered pairs or questions, and their share of all."""
    return f"{row['n']:,} ({row['coverage']:.0%})"
