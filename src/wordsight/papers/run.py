"""Runs a reproduction from its recipe to its report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from wordsight.errors import unknown_name
from wordsight.papers.base import ReportTable
from wordsight.papers.finished_cells import computed
from wordsight.papers.published import tables_beside
from wordsight.papers.recipes import read_recipe
from wordsight.papers.registry import reproduction_class
from wordsight.papers.report import markdown, report_of, write_report
from wordsight.storage.locks import locked
from wordsight.storage.output_files import check_file, output_stream
from wordsight.storage.streams import existing


class Outcome(NamedTuple):
    """What a run left.

    Attributes:
        tables: to be shown.
        files: that were written: JSON, Markdown, pictures.
    """

    tables: list[ReportTable]
    files: list[Path]


def reproduce(
    name: str,
    data: Path,
    output: Path,
    *,
    scale: str = "standard",
    only: Sequence[str] = (),
    seeds: Sequence[int] = (0, 1, 2),
    changes: Mapping[str, Any] | None = None,
) -> Outcome:
    """Computes what a paper's tables need and writes ``NAME.json``, ``NAME.md`` and pictures.

    The files of another scale, or of some tables only, have these in their names.

    Every finished cell is kept in ``cells/NAME/`` beside them and never computed again, so that a run that was stopped
    goes on where it was.

    Args:
        name: of the paper, e.g. ``"pixie"``.
        data: the folder of data.
        output: the folder to write into.
        scale: ``"standard"`` or ``"paper"``.
        only: tables such as ``"table1"``; none: all.
        seeds: of the models.
        changes: settings in place of the recipe's.

    Raises:
        UnknownNameError: no such paper, scale, table or setting; the message suggests near ones.
        DataError: something is not there.
        WriteError: a file cannot be written.
    """
    paper = reproduction_class(name)(read_recipe(name.lower(), scale, changes))
    recipe = paper.recipe
    for table in only:
        if table not in recipe.tables:
            raise unknown_name(f"table of {name}", table, recipe.tables, hint=f"there are: {', '.join(recipe.tables)}")
    tables = [table for table in recipe.tables if not only or table in only]
    paper.directory = output / "cells" / recipe.name
    cells = paper.cells(existing(data, what="folder of data"), tables, seeds)
    stem = "-".join([recipe.name, *([scale] if scale != "standard" else []), *only])
    check_file(output / f"{stem}.json", "report")
    check_file(output / f"{stem}.md", "page")
    with locked(paper.directory):
        rows = paper.figures(computed(cells, paper.directory))
    report = report_of(paper, rows, seeds)
    write_report(output / f"{stem}.json", report)
    plots = paper.plots(rows, output)
    page = markdown(paper, report, [plot.name for plot in plots])
    with output_stream(output / f"{stem}.md", "page") as stream:
        stream.write(page.encode())
    return Outcome(tables_beside(paper, rows), [output / f"{stem}.json", output / f"{stem}.md", *plots])
