"""Runs a reproduction, from the recipe to the report."""

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
    """The result of a run.

    Attributes:
        tables: tables to show.
        files: written files: JSON, Markdown, plots.
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
    """Computes the tables of a paper and writes ``NAME.json``, ``NAME.md`` and plots.

    The names of the files include a scale other than ``"standard"``, whose plots are in a folder of that name, and the
    tables if only some are made. Finished cells are stored in ``cells/NAME/`` beside the files, so that a later run
    continues an interrupted one.

    Args:
        name: name of the paper, e.g. ``"pixie"``.
        data: folder of the data.
        output: folder to write into.
        scale: a scale of the recipe, such as ``"standard"`` or ``"paper"``.
        only: tables such as ``"table1"``; empty: all that the scale makes.
        seeds: seeds of the models.
        changes: settings that replace those of the recipe.

    Raises:
        UnknownNameError: no such paper, scale, table or setting; the message suggests near ones.
        DataError: data are missing.
        WriteError: a file cannot be written.
    """
    recipe = read_recipe(name.lower(), scale, changes)
    directory = output / "cells" / recipe.name
    paper = reproduction_class(name)(recipe, directory)
    for table in only:
        if table not in recipe.tables:
            raise unknown_name(f"table of {name}", table, recipe.tables, hint=f"there are: {', '.join(recipe.tables)}")
    wanted = only or recipe.settings.get("tables", recipe.tables)
    tables = [table for table in recipe.tables if table in wanted]
    cells = paper.cells(existing(data, what="folder of data"), tables, seeds)
    stem = "-".join([recipe.stem, *only])
    check_file(output / f"{stem}.json", "report")
    check_file(output / f"{stem}.md", "page")
    with locked(directory):
        rows = paper.figures(computed(cells, directory))
    report = report_of(paper, rows, seeds)
    write_report(output / f"{stem}.json", report)
    pictures = output if scale == "standard" else output / recipe.stem
    plots = paper.plots(rows, pictures)
    page = markdown(paper, report, [plot.relative_to(output).as_posix() for plot in plots])
    with output_stream(output / f"{stem}.md", "page") as stream:
        stream.write(page.encode())
    return Outcome(tables_beside(paper, rows), [output / f"{stem}.json", output / f"{stem}.md", *plots])
