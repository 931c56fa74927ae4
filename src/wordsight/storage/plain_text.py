"""Whole text files and files of lines, in UTF-8."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from wordsight.errors import DataError
from wordsight.storage.streams import existing, reading


def read_text(path: str | os.PathLike[str]) -> str:
    """A whole text file (plain, .gz, .xz or .bz2) in UTF-8, without its byte order mark.

    Raises:
        DataError: missing, damaged or not UTF-8; the message names the line.
    """
    with reading(path) as stream:
        data = stream.read()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DataError(f"{path}, line {line}: not UTF-8; convert the file to UTF-8") from error


def write_lines(path: Path, lines: Iterator[str] | list[str]) -> None:
    """Writes UTF-8 lines; every line ends with a newline."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(f"{line}\n" for line in lines)


def read_lines(path: Path) -> list[str]:
    """The lines of a UTF-8 file without their ends; only newline ends a line.

    Raises:
        DataError: missing or not UTF-8.
    """
    try:
        text = existing(path).read_bytes().decode("utf-8")
    except IsADirectoryError:
        raise DataError(f"{path} is a directory; a file is needed here") from None
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8 (byte {error.start}); convert it to UTF-8") from error
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines
