"""The application: its verbs, its messages, and how it ends."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from wordsight.cli import align, convert, data, demo, doctor, encode_text, explain, extract, reproduce, train, vectors
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
app.command()(demo.demo)
app.command()(encode_text.encode_text)
app.command()(extract.extract)
app.command()(train.train)
app.command()(align.align)
app.command("eval")(vectors.evaluate)
app.command()(vectors.neighbors)
app.command()(convert.convert)
app.command()(explain.explain)
app.command()(explain.name)
app.command()(reproduce.reproduce)
app.add_typer(data.app)
app.command()(doctor.doctor)


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line and exits.

    Exit codes: 0; 1 when a check found problems; 2 after an error, which is one line on standard error; 130 after
    Ctrl-C.

    Args:
        arguments: what stands after ``wordsight``; None: what the shell gave.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show an emoji shows a question mark
    try:
        app(arguments, prog_name="wordsight")
    except (WordsightError, OSError) as error:
        typer.echo(f"wordsight: error: {_in_one_line(error)}", err=True)
        sys.exit(2)


def _in_one_line(error: WordsightError | OSError) -> str:
    message = str(error)
    if not isinstance(error, WordsightError) and error.strerror:
        message = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return " ".join(message.split())


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
        typer.echo(f"{level}{record.getMessage()}", err=True)
