"""The tables of ImageVec from rows: a line for each model, means over seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wordsight.papers import report_rows as show
from wordsight.papers.base import ReportTable, Row
from wordsight.papers.recipes import PaperRecipe

Columns = Mapping[str, Mapping[str, Any]]
"""Heading of a column → values of its rows."""


def tables(recipe: PaperRecipe, rows: Sequence[Row]) -> list[ReportTable]:
    """All tables that have rows."""
    languages = recipe.settings["languages"]
    made = [
        _table(recipe, rows, "translation", _translation(languages), intervals=True),
        _table(recipe, rows, "table1", _datasets(rows, "crosslingual"), coverage=True),
        _on_shared_pairs(recipe, rows),
        _table(recipe, rows, "table2", _classification(rows)),
        _table(recipe, rows, "table3", _datasets(rows, "monolingual"), coverage=True),
    ]
    return [table for table in made if table.rows]


def _on_shared_pairs(recipe: PaperRecipe, rows: Sequence[Row]) -> ReportTable:
    """Table 1 for models of text and images, on the pairs of two words with images."""
    kind = "crosslingual, words with images"
    table = _table(recipe, rows, "table1", _datasets(rows, kind), coverage=True)
    return ReportTable(f"{table.title}, pairs of two words with images", table.header, table.rows, table.note)


def _translation(languages: Sequence[str]) -> Columns:
    _, *others = languages
    names = {f"names {lang}": {"kind": "names", "retrieval": "nearest", "dataset": lang} for lang in others}
    dictionary = {f"dictionary {lang}": {"kind": "dictionary", "retrieval": "csls", "dataset": lang} for lang in others}
    return names | dictionary | {f"naming {lang}": {"kind": "naming", "dataset": lang} for lang in languages}


def _datasets(rows: Sequence[Row], kind: str) -> Columns:
    sets = show.distinct(show.select(rows, kind=kind), "dataset")
    return {_short(name): {"kind": kind, "dataset": name} for name in sets}


def _short(dataset: str) -> str:
    """The short name of a set: ``en+de.rg65.dev`` → ``en–de``; ``EN-WS-353-ALL`` → ``WS-353-ALL``."""
    return dataset.removesuffix(".rg65.dev").replace("+", "–").removeprefix("EN-")


def _classification(rows: Sequence[Row]) -> Columns:
    found = show.distinct(show.select(rows, kind="classification"), "classifier", "dataset")
    return {
        f"{classifier}, {dataset.rpartition(' ')[2].replace('-', '→')}": {
            "kind": "classification",
            "classifier": classifier,
            "dataset": dataset,
        }
        for classifier, dataset in found
    }


def _table(
    recipe: PaperRecipe,
    rows: Sequence[Row],
    name: str,
    columns: Columns,
    *,
    intervals: bool = False,
    coverage: bool = False,
) -> ReportTable:
    """Makes a table with a line for each model that has any column; then, where it is known, chance."""
    about = recipe.tables[name]
    lines = []
    for run in show.distinct(rows, "run"):
        cells = [show.select(rows, run=run, **wanted) for wanted in columns.values()]
        if any(r["score"] is not None for cell in cells for r in cell):
            lines.append([run, *(_cell(cell, intervals, coverage) for cell in cells)])
    if lines:
        lines += [line for line in (_commonest(rows, columns), _chance(rows, columns)) if line]
    return ReportTable(about["title"], ["", *columns], lines, about["note"], name)


def _cell(rows: Sequence[Row], intervals: bool, coverage: bool) -> str:
    """The mean over seeds, with interval or coverage on request."""
    rows = [row for row in rows if row["score"] is not None]
    text = show.score_and_interval(rows) if intervals else show.score(rows)
    return f"{text} ({rows[0]['coverage']:.0%})" if rows and (intervals or coverage) else text


def _first(rows: Sequence[Row], wanted: Mapping[str, Any], name: str) -> Any:
    return next((row[name] for row in show.select(rows, **wanted) if row.get(name) is not None), None)


def _chance(rows: Sequence[Row], columns: Columns) -> list[str]:
    found = [_first(rows, wanted, "chance") for wanted in columns.values()]
    return ["*chance*", *(f"{shares['1']:.4f}" if shares else show.NONE for shares in found)] if any(found) else []


def _commonest(rows: Sequence[Row], columns: Columns) -> list[str]:
    found = [_first(rows, wanted, "commonest_label") for wanted in columns.values()]
    return ["*commonest label*", *(show.written(s) if s else show.NONE for s in found)] if any(found) else []
