"""How results look on standard output."""

from __future__ import annotations

import math
import os
import shlex
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table


def console() -> Console:
    """Standard output; where no person is watching, it is wide enough that nothing is cut."""
    return Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else 120)


def table(*columns: str) -> Table:
    """An empty table in the one look of all tables; its first column stands out."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for i, column in enumerate(columns):
        table.add_column(column, style="" if i else "bold", no_wrap=i == 0, overflow="fold")
    return table


def section(out: Console, title: str, table: Table) -> None:
    """A table under its title."""
    out.print(f"\n{title}", style="bold cyan")
    out.print(table)


def number(value: float) -> str:
    """A score with three digits; a dash where it is not defined."""
    return f"{value:.3f}" if math.isfinite(value) else "–"


def next_steps(commands: Sequence[Sequence[object]]) -> None:
    """What to type next, ready to be copied."""
    out = console()
    out.print("\nNext:", style="bold")
    for command in commands:
        out.print(f"  {program()} {shlex.join(map(str, command))}", soft_wrap=True)


def program() -> str:
    """What to type to run this program: its path where its name alone would not be found."""
    started = Path(sys.argv[0])
    if started.name == "wordsight" and shutil.which("wordsight") is None:
        return shlex.quote(os.path.relpath(started))
    return "wordsight"
