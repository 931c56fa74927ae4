"""How results look on standard output."""

from __future__ import annotations

import math
import os
import shlex
import shutil
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Characters that force the direction of what follows."""


class _Console(Console):
    """A console on which nothing that a file holds can give the terminal orders."""

    def render_str(self, text: str, **how: Any) -> Text:
        """Every string that is printed, in tables too, comes through here."""
        return super().render_str(printable(text), **how)

    def on_broken_pipe(self) -> None:
        """Ends the program quietly."""
        end_unread()


def console() -> Console:
    """Standard output; where no person is watching, it is wide enough that nothing is cut."""
    return _Console(highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else 120)


def end_unread() -> NoReturn:
    """Ends the program because nobody reads its output any more, as after ``| head -1``; what is left goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise SystemExit(128 + 13)  # what a shell says of a program that SIGPIPE ended


def printable(text: str) -> str:
    r"""The text with control characters as escapes, such as ``\x1b``; line ends and tabs stay.

    ESC begins orders to the terminal (to move, to write the clipboard, to change the title), and marks of writing
    direction can make a word look like another.
    """
    return "".join(c if c in "\n\t" or not _is_control(c) else c.encode("unicode_escape").decode() for c in text)


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or character in DIRECTIONS


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


def nearest_table(title: str, found: Sequence[tuple[str, float]]) -> Table:
    """Words or images with their cosines, best first."""
    columns = table(title)
    columns.add_column("cosine", justify="right")
    for name, cosine in found:
        columns.add_row(name, number(cosine))
    return columns


def number(value: float, digits: int = 3) -> str:
    """A score with so many digits; a dash where it is not defined."""
    return f"{value:.{digits}f}" if math.isfinite(value) else "–"


def signed(value: float) -> str:
    """A difference with its sign; a dash where it is not defined."""
    return f"{value:+.3f}" if math.isfinite(value) else "–"


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
