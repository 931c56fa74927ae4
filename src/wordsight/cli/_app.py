"""The application: its verbs, its messages, and how it ends."""

from __future__ import annotations

import io
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from wordsight.cli import (
    align,
    compare,
    convert,
    data,
    demo,
    doctor,
    encode_text,
    eval,
    explain,
    explore,
    extract,
    models,
    name,
    neighbors,
    plot,
    reproduce,
    train,
)
from wordsight.cli._options import paragraphs
from wordsight.cli._show import end_unread, printable
from wordsight.cli._signals import stopped_by_signals
from wordsight.errors import WordsightError
from wordsight.version import __version__

app = typer.Typer(
    name="wordsight",
    help="Word vectors learned from text and from the pictures that go with words.",
    epilog="Begin with: wordsight demo",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
BEGIN, PREPARE, TRAIN = "Begin", "Prepare text and images", "Train"
LOOK, JUDGE, FILES = "Look", "Judge", "Papers, data and files"


def _add(panel: str, verb: Callable[..., None], name: str | None = None, **settings: Any) -> None:
    """Adds a verb to a panel of the help; its docstring is its help, whose lines are broken anew."""
    help = "\n\n".join(paragraphs(verb))
    app.command(name, rich_help_panel=panel, help=help, **settings)(verb)


_add(BEGIN, demo.demo)
_add(BEGIN, doctor.doctor)
_add(PREPARE, encode_text.encode_text)
_add(PREPARE, extract.extract)
_add(TRAIN, train.train)
_add(TRAIN, align.align)
_add(TRAIN, models.models)
_add(LOOK, explore.explore)
_add(LOOK, neighbors.neighbors)
_add(LOOK, explain.explain)
_add(LOOK, name.name)
_add(JUDGE, eval.evaluate, "eval", context_settings=eval.CONTEXT)
_add(JUDGE, compare.compare)
_add(FILES, reproduce.reproduce)
_add(FILES, convert.convert)
app.add_typer(plot.app, rich_help_panel=LOOK)
app.add_typer(data.app, rich_help_panel=FILES)


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line and exits.

    Exit codes: 0; 1 when a check found problems; 2 after an error, which is one line on standard error; 130 after
    Ctrl-C, 143 after SIGTERM, 129 after SIGHUP; 124 at a time limit; 141 when nobody reads the output any more, as
    after ``| head -1``.

    Args:
        arguments: what stands after ``wordsight``; None: what the shell gave.
    """
    sys.stdout, sys.stderr = _opened(sys.stdout), _opened(sys.stderr)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show an emoji shows a question mark
    try:
        try:
            with stopped_by_signals():
                app(arguments, prog_name="wordsight")
        finally:
            sys.stdout.flush()  # here, where a reader that is gone can be caught, and not while Python ends
    except BrokenPipeError:
        end_unread()
    except (WordsightError, OSError) as error:
        typer.echo(f"wordsight: error: {_in_one_line(error)}", err=True)
        sys.exit(2)
    except MemoryError as error:
        typer.echo(f"wordsight: error: {printable(str(error)) or 'there is not enough memory'}", err=True)
        sys.exit(2)


def _opened(stream: TextIO | None) -> TextIO:
    """The stream, or one that swallows all where the shell closed it (``>&-``)."""
    return stream if stream is not None else Path(os.devnull).open("w")


def _in_one_line(error: WordsightError | OSError) -> str:
    message = str(error)
    if not isinstance(error, WordsightError) and error.strerror:
        message = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return printable(" ".join(message.split()))


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"wordsight {__version__}")
        raise typer.Exit


@app.callback()
def _start(
    _version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version and exit.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show warnings and results only.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show every message of the library.")] = False,
) -> None:
    log = logging.getLogger("wordsight")
    log.setLevel(logging.WARNING if quiet else logging.DEBUG if verbose else logging.INFO)
    log.handlers = [_Messages()]


class _Messages(logging.Handler):
    """The library's messages on standard error, above a progress bar if one is running."""

    def emit(self, record: logging.LogRecord) -> None:
        level = "" if record.levelno < logging.WARNING else f"{record.levelname.lower()}: "
        typer.echo(f"{level}{printable(record.getMessage())}", err=True)
