"""``wordsight data``: named public data sets, and what a file is good for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wordsight.cli import _show as show

app = typer.Typer(name="data", help="List and get public data sets; check what a file is.", no_args_is_help=True)


@app.command("list")
def list_all() -> None:
    """List the data sets that wordsight knows."""
    from wordsight.datasets.registry import listing

    table = show.table("name", "what it is", "licence", "get")
    for dataset in listing():
        table.add_row(dataset.name, dataset.what, dataset.licence, "free" if dataset.fetchable else "by hand")
    show.console().print(table)


@app.command()
def get(
    name: Annotated[str, typer.Argument(metavar="NAME", help="As wordsight data list shows it.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="DIR", help="Where to; by default the user's cache.")
    ] = None,
) -> None:
    """Fetch a data set, or say how to obtain it."""
    from wordsight.datasets.fetch import get as fetch

    for path in fetch(name, output):
        show.console().print(str(path), soft_wrap=True)


@app.command()
def check(path: Annotated[Path, typer.Argument(metavar="PATH", help="A file or a folder.")]) -> None:
    """Say what a file or folder is and what is wrong with it; exits with 1 if something is."""
    from wordsight.datasets.check import check as look

    report = look(path)
    out = show.console()
    out.print(f"{report.path}: {report.kind}; {report.found}", soft_wrap=True)
    for problem in report.problems:
        out.print(f"  problem: {problem}", soft_wrap=True)
    if report.use:
        out.print(f"  for: {report.use}", soft_wrap=True)
    if not report.ok:
        raise typer.Exit(1)
