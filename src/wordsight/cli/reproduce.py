"""``wordsight reproduce``: a paper's tables, ours beside theirs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wordsight.cli import _show as show

if TYPE_CHECKING:
    from rich.console import Console

    from wordsight.papers.base import ReportTable

COLUMNS = 5
"""Beside the first, that fit a terminal; a wider table is shown in parts."""


def reproduce(
    name: Annotated[str, typer.Argument(metavar="PAPER", help="pixie, iesg, wield, imagevec or retrieval.")],
    data: Annotated[
        Path, typer.Option(metavar="DIR", envvar="WORDSIGHT_DATA", help="Folder of data, as docs/reproduce.md says.")
    ],
    scale: Annotated[
        str,
        typer.Option(help="standard; wikipedia: its kind of text (pixie, iesg); paper: its settings, your data."),
    ] = "standard",
    only: Annotated[list[str] | None, typer.Option(metavar="TABLE", help="Only this table; may be repeated.")] = None,
    seeds: Annotated[str, typer.Option(metavar="N,N,…", help="Of the models; figures are means over them.")] = "0,1,2",
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A setting in place of the recipe's.")
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Folder to write into.")] = Path(
        "reproduced"
    ),
) -> None:
    """Draw a paper's tables again on data at hand, with the paper's figures beside ours.

    What is finished is kept: a run that was stopped goes on where it was.
    """
    from wordsight.cli._training_recipe import parse_assignment
    from wordsight.errors import ParameterError
    from wordsight.papers.run import reproduce

    try:
        numbers = [int(seed) for seed in seeds.split(",")]
    except ValueError:
        raise ParameterError(f"--seeds {seeds}: write whole numbers with commas between, such as 0,1,2") from None
    changes = dict(map(parse_assignment, set_ or ()))
    outcome = reproduce(name, data, output, scale=scale, only=only or (), seeds=numbers, changes=changes)
    out = show.console()
    for table in outcome.tables:
        _show(out, table)
    out.print(f"\nwritten: {', '.join(map(str, outcome.files))}", soft_wrap=True)


def _show(out: Console, table: ReportTable) -> None:
    out.print(f"\n{table.title}", style="bold cyan")
    for start in range(1, len(table.header), COLUMNS):
        columns = slice(start, start + COLUMNS)
        part = show.table(table.header[0], *table.header[columns])
        for row in table.rows:
            part.add_row(row[0], *row[columns])
        out.print(part)
    if table.note:
        out.print(table.note)
