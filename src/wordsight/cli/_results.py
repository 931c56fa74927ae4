"""How results of evaluations look, and how they are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wordsight.cli import _show as show

if TYPE_CHECKING:
    from rich.table import Table

    from wordsight.evaluation.result import Comparisons, Result, Results

RESULTS = "results"
"""What such a file is called where it is asked whether it may be replaced."""
RANKED = {"precision": "P", "recall": "R"}
"""Metrics that are given at several ranks, and their usual letters."""


def write_results(path: Path, rows: Sequence[Mapping[str, Any]], *, overwrite: bool) -> None:
    """Writes results as JSON, a list with one object a data set.

    Args:
        path: where to.
        rows: the results.
        overwrite: whether whatever file is there may be replaced; results always are.

    Raises:
        WriteError: it cannot be written, or something else is there.
    """
    from wordsight.storage.json_toml import json_text
    from wordsight.storage.output_files import output_stream

    with output_stream(path, RESULTS, overwrite=overwrite) as stream:
        stream.write(json_text(rows).encode())


def results_table(task: str, results: Results) -> Table:
    """A row a data set: score with its interval, further ranks and chance where there are any, and coverage."""
    ranks = _at_ranks(results[0])
    score = next(iter(ranks), None) or results[0].details["metric"].partition(" of ")[0]
    table = show.table(task)
    for title in (score, "95 % interval", *list(ranks)[1:], *(["chance"] if ranks else []), "counted", "coverage"):
        table.add_column(title, justify="right", no_wrap=True)
    for result in results:
        further = list(_at_ranks(result).values())[1:]
        chance = [show.number(next(iter(result.details["chance"].values())), 4)] if ranks else []
        table.add_row(
            result.dataset,
            show.number(result.score),
            _interval(result.interval),
            *map(show.number, further),
            *chance,
            f"{result.n:,} of {result.total:,}",
            f"{result.coverage:.1%}",
        )
    return table


def _at_ranks(result: Result) -> dict[str, float]:
    """``P@1`` → its value, for metrics at ranks."""
    return {
        f"{letter}@{k}": value
        for metric, letter in RANKED.items()
        for k, value in result.details.get(metric, {}).items()
    }


def comparisons_table(comparisons: Comparisons) -> Table:
    """A row a data set: both scores, their difference with its interval, and what both cover."""
    table = show.table("word similarity")
    for title in ("A", "B", "A − B", "95 % interval", "", "counted", "coverage"):
        table.add_column(title, justify="right", no_wrap=True)
    for c in comparisons:
        low, high = c.interval
        table.add_row(
            c.dataset,
            show.number(c.score_a),
            show.number(c.score_b),
            show.signed(c.difference),
            f"{show.signed(low)} to {show.signed(high)}",
            "*" if low > 0 or high < 0 else "",
            f"{c.n:,} of {c.total:,}",
            f"{c.coverage:.1%}",
        )
    return table


def _interval(interval: tuple[float, float]) -> str:
    return " to ".join(map(show.number, interval))
