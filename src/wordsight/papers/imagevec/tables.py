"""ImageVec's rows as tables: a line a model, means over seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from wordsight.papers.base import Row, Table
from wordsight.papers.recipes import Recipe

NONE = "–"
Columns = Mapping[str, Mapping[str, Any]]
"""Header → the values that its rows have."""


def tables(recipe: Recipe, rows: Sequence[Row]) -> list[Table]:
    """All tables for which there are rows."""
    languages = recipe.settings["languages"]
    made = [
        _table(recipe, rows, "translation", _translation(languages), intervals=True),
        _table(recipe, rows, "table1", _datasets(rows, "crosslingual"), coverage=True),
        _on_shared_pairs(recipe, rows),
        _table(recipe, rows, "table2", _classification(rows)),
        _table(recipe, rows, "table3", _datasets(rows, "monolingual"), coverage=True),
    ]
    return [table for table in made if table.rows]


def _on_shared_pairs(recipe: Recipe, rows: Sequence[Row]) -> Table:
    """Table 1 again for models of text and images, on the pairs that images alone cover too."""
    kind = "crosslingual, words with images"
    table = _table(recipe, rows, "table1", _datasets(rows, kind), coverage=True)
    return Table(f"{table.title}, pairs of two words with images", table.header, table.rows, table.note)


def _translation(languages: Sequence[str]) -> Columns:
    _, *others = languages
    names = {f"names {lang}": {"kind": "names", "retrieval": "nearest", "dataset": lang} for lang in others}
    dictionary = {f"dictionary {lang}": {"kind": "dictionary", "retrieval": "csls", "dataset": lang} for lang in others}
    return names | dictionary | {f"naming {lang}": {"kind": "naming", "dataset": lang} for lang in languages}


def _datasets(rows: Sequence[Row], kind: str) -> Columns:
    sets = dict.fromkeys(row["dataset"] for row in rows if row["kind"] == kind)
    return {_short(name): {"kind": kind, "dataset": name} for name in sets}


def _short(dataset: str) -> str:
    """``en+de.rg65.dev`` → ``en–de``; ``EN-WS-353-ALL`` → ``WS-353-ALL``."""
    return dataset.removesuffix(".rg65.dev").replace("+", "–").removeprefix("EN-")


def _classification(rows: Sequence[Row]) -> Columns:
    found = dict.fromkeys((row["classifier"], row["dataset"]) for row in rows if row["kind"] == "classification")
    return {
        f"{classifier}, {dataset.rpartition(' ')[2].replace('-', '→')}": {
            "kind": "classification",
            "classifier": classifier,
            "dataset": dataset,
        }
        for classifier, dataset in found
    }


def _table(
    recipe: Recipe,
    rows: Sequence[Row],
    name: str,
    columns: Columns,
    *,
    intervals: bool = False,
    coverage: bool = False,
) -> Table:
    """A line a model that has any of the columns, then, where they are known, chance and the paper's figures."""
    about = recipe.tables[name]
    lines = []
    for run in dict.fromkeys(row["run"] for row in rows):
        cells = [[r for r in rows if {"run": run, **wanted}.items() <= r.items()] for wanted in columns.values()]
        if any(r["score"] is not None for cell in cells for r in cell):
            lines.append([run, *(_cell(cell, intervals, coverage) for cell in cells)])
    if lines:
        lines += [line for line in (_commonest(rows, columns), _chance(rows, columns)) if line]
        for model, figures in about["published"].items():
            lines.append([f"{model} (paper)", *(str(figures.get(column, NONE)) for column in columns)])
    return Table(about["title"], ["", *columns], lines, about.get("note", ""))


def _cell(rows: Sequence[Row], intervals: bool, coverage: bool) -> str:
    """The mean over seeds, with its interval or the coverage."""
    rows = [row for row in rows if row["score"] is not None]
    if not rows:
        return NONE
    text = f"{np.mean([row['score'] for row in rows]):.3f}"
    if intervals:
        low, high = (np.mean([row[end] for row in rows]) for end in ("low", "high"))
        text += f" [{low:.2f}, {high:.2f}] ({rows[0]['coverage']:.0%})"
    return f"{text} ({rows[0]['coverage']:.0%})" if coverage else text


def _first(rows: Sequence[Row], wanted: Mapping[str, Any], name: str) -> Any:
    return next((row[name] for row in rows if wanted.items() <= row.items() and row.get(name) is not None), None)


def _chance(rows: Sequence[Row], columns: Columns) -> list[str]:
    found = [_first(rows, wanted, "chance") for wanted in columns.values()]
    return ["*chance*", *(f"{of['1']:.4f}" if of else NONE for of in found)] if any(found) else []


def _commonest(rows: Sequence[Row], columns: Columns) -> list[str]:
    found = [_first(rows, wanted, "commonest_label") for wanted in columns.values()]
    return ["*commonest label*", *(f"{of:.3f}" if of else NONE for of in found)] if any(found) else []
