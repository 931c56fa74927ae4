"""The papers' own figures beside ours: lines under ours, or a table of their own where the columns are others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wordsight.papers.base import ReportTable, Reproduction, Row
from wordsight.papers.recipes import PaperRecipe
from wordsight.papers.report_rows import NONE

Figure = float | list[float] | str
"""A figure of a paper, a figure and its coverage, or words."""


def tables_beside(paper: Reproduction, rows: Sequence[Row]) -> list[ReportTable]:
    """The tables of a reproduction, each with the paper's figures."""
    return [shown for table in paper.tables(rows) for shown in beside(table, paper.recipe)]


def beside(table: ReportTable, recipe: PaperRecipe) -> list[ReportTable]:
    """A table with the paper's figures.

    Under each line of ours comes the paper's, where it has one; lines and columns that the paper alone has come last.
    Where no column is in both, the paper's figures are a second table.

    Args:
        table: of our figures; its ``name`` says which of the recipe's it is.
        recipe: has the paper's figures.
    """
    about = recipe.tables.get(table.name, {})
    published: Mapping[str, Mapping[str, Figure]] = about.get("published", {})
    if not published:
        return [table]
    columns = list(dict.fromkeys(column for figures in published.values() for column in figures))
    sources = f"*Paper*: measured on {recipe.measured_on}. {about.get('not_comparable', '')}".strip()
    shown = {label: _line(figures, columns, _decimals(published, label)) for label, figures in published.items()}
    if not set(columns) & set(table.header):
        theirs = [[label.replace(" | ", ", "), *line] for label, line in shown.items()]
        title = f"{table.title.partition(':')[0]}, the paper's figures"
        return [table, ReportTable(title, ["", *columns], theirs, sources)]
    header = [*table.header, *(column for column in columns if column not in table.header)]
    cells = {label: dict(zip(columns, line, strict=True)) for label, line in shown.items()}
    lines = {label: [line.get(column, NONE) for column in header[1:]] for label, line in cells.items()}
    note = " ".join(filter(None, (table.note, sources)))
    return [ReportTable(table.title, header, _merged(table.rows, lines, len(header)), note, table.name)]


def _merged(rows: Sequence[Sequence[str]], theirs: dict[str, list[str]], width: int) -> list[Sequence[str]]:
    """Our lines, each with the paper's below it; those of the paper alone come last."""
    left = dict(theirs)
    lines: list[Sequence[str]] = []
    for row in rows:
        lines.append([*row, *[NONE] * (width - len(row))])
        for label in [one for one in left if one.partition(" | ")[0] == row[0].strip("*")]:
            variant = label.partition(" | ")[2]
            lines.append([f"*paper, {variant}*" if variant else "*paper*", *left.pop(label)])
    return lines + [[f"*paper: {label.replace(' | ', ', ')}*", *line] for label, line in left.items()]


def _line(figures: Mapping[str, Figure], columns: Sequence[str], decimals: int) -> list[str]:
    return [_written(figures[column], decimals) if column in figures else NONE for column in columns]


def _decimals(published: Mapping[str, Mapping[str, Figure]], label: str) -> int:
    """How many decimals the most exact figure has in the lines of a label's kind: what stands behind ``" | "``."""
    kind = label.partition(" | ")[2]
    alike = [figures for other, figures in published.items() if other.partition(" | ")[2] == kind]
    numbers = [first_of(figure) for figures in alike for figure in figures.values() if not isinstance(figure, str)]
    return max((len(f"{number:.10g}".partition(".")[2]) for number in numbers), default=0)


def _written(figure: Figure, decimals: int) -> str:
    if isinstance(figure, str):
        return figure
    if isinstance(figure, list):
        return f"{figure[0]:.{decimals}f} ({figure[1]:.0%})"
    return f"{figure:,.{decimals}f}"


def first_of(figure: Any) -> float:
    """The figure itself, where its coverage may stand behind it."""
    return float(figure[0] if isinstance(figure, list) else figure)
