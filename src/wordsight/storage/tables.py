"""Tables that users bring: CSV, TSV, JSON lines or Parquet; the delimiter is found, errors name columns and lines."""

from __future__ import annotations

import array
import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path

from wordsight.errors import DataError
from wordsight.extras import require
from wordsight.storage.json_toml import parse_json
from wordsight.storage.plain_text import read_text
from wordsight.storage.streams import expansion_limit, reading

csv.field_size_limit(2**24)

IMAGE_COLUMNS = ("image", "path", "file_name")
"""The names that a column of images may have; the last is that of Hugging Face's image folders."""


class Table:
    """A table in memory, column by column, every value a string (missing ones are empty)."""

    def __init__(self, path: Path, columns: dict[str, list[str]], lines: Sequence[int] | None = None) -> None:
        """Keeps the columns, and the line of the file that each row ends on; None: the rows are no lines."""
        self.path = path
        self.columns = columns
        self._lines = lines

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), []))

    def __contains__(self, name: str) -> bool:
        return name in self.columns

    def where(self, row: int) -> str:
        """Where a row is, for messages: the file and the line, or the row where the file has no lines (Parquet)."""
        return f"{self.path}, row {row + 1}" if self._lines is None else f"{self.path}, line {self._lines[row]}"

    def column(self, *names: str) -> list[str]:
        """The first of the named columns that the table has.

        Raises:
            DataError: none of them is there; the message lists the columns found.
        """
        for name in names:
            if name in self.columns:
                return self.columns[name]
        wanted = " or ".join(repr(n) for n in names)
        raise DataError(f"{self.path} has no column {wanted}; its header has: {', '.join(self.columns) or 'nothing'}")

    def numbers(self, name: str, *, default: float) -> list[float]:
        """A column as finite numbers; ``default`` where the column or a value is missing.

        Raises:
            DataError: a value is not a finite number; the message names the line.
        """
        if name not in self.columns:
            return [default] * len(self)
        values = []
        for row, text in enumerate(self.columns[name]):
            try:
                value = float(text) if text else default
            except ValueError:
                value = float("nan")
            if not abs(value) < float("inf"):
                raise DataError(f"{self.where(row)}: {name} is {text!r}, not a finite number")
            values.append(value)
        return values


def read_table(path: str | os.PathLike[str]) -> Table:
    """Reads a table by its ending: ``.parquet``, ``.jsonl``, else delimited text (tab, comma, semicolon or bar).

    Texts may be compressed (.gz, .xz, .bz2).

    Raises:
        DataError: missing, empty, not UTF-8, damaged, without rows, or a row with too many or too few fields.
        MissingExtraError: Parquet without pyarrow.
    """
    path = Path(path)
    if path.suffix == ".parquet":
        table = Table(path, _read_parquet(path))
    else:
        table = _read_json_lines(path) if ".jsonl" in path.suffixes[-2:] else _read_delimited(path)
    if not len(table):
        raise DataError(f"{path} has a header but no rows")
    return table


def _read_delimited(path: Path) -> Table:
    text = read_text(path)
    if not text.strip():
        raise DataError(f"{path} is empty; a header and rows are needed")
    delimiter = sniff_delimiter(text.split("\n", 1)[0])
    rows = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        # Tab-separated files of the field quote nothing: an apostrophe or quotation mark there is text.
        quoting=csv.QUOTE_NONE if delimiter == "\t" else csv.QUOTE_MINIMAL,
    )
    header: list[str] = []
    lines = array.array("q")
    columns: list[list[str]] = []
    try:
        header = [name.strip() for name in next(rows)]
        columns = [[] for _ in header]
        for row in filter(None, rows):
            if len(row) != len(header):
                raise DataError(f"{path}, line {rows.line_num}: {len(row)} fields, but the header has {len(header)}")
            lines.append(rows.line_num)
            for values, value in zip(columns, row, strict=True):
                values.append(value)
    except csv.Error as error:
        raise DataError(f"{path}, line {rows.line_num}: {error}; correct the line") from None
    twice = next((name for i, name in enumerate(header) if name in header[:i]), None)
    if twice is not None:
        raise DataError(f"{path}, line 1: two columns are called {twice!r}; rename one")
    return Table(path, dict(zip(header, columns, strict=True)), lines)


def sniff_delimiter(header: str, candidates: Sequence[str] = "\t,;|") -> str:
    """The candidate that occurs most often in the header line; a comma when there is one column only."""
    return max(candidates, key=header.count) if any(c in header for c in candidates) else ","


def _read_json_lines(path: Path) -> Table:
    """One JSON object a line, as ``metadata.jsonl`` has it; what an object lacks is empty."""
    rows: list[dict[str, object]] = []
    lines = array.array("q")
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if line.strip():
            row = parse_json(line, f"{path}, line {number}")
            if not isinstance(row, dict):
                raise DataError(f'{path}, line {number}: a JSON object is needed, such as {{"file_name": …}}')
            rows.append(row)
            lines.append(number)
    names = dict.fromkeys(name for row in rows for name in row)
    return Table(path, {name: [_as_text(row.get(name)) for row in rows] for name in names}, lines)


def _as_text(value: object) -> str:
    return "" if value is None else str(value)


def _read_parquet(path: Path) -> dict[str, list[str]]:
    parquet = require("pyarrow.parquet")
    with reading(path) as stream:
        try:
            file = parquet.ParquetFile(stream)
            if file.metadata.num_rows * file.metadata.num_columns > expansion_limit(path.stat().st_size):
                raise DataError(f"{path} announces {file.metadata.num_rows:,} rows, more than its size can hold")
            table = file.read()
        except (require("pyarrow").ArrowException, OSError) as error:
            raise DataError(f"{path} is not a whole Parquet file ({' '.join(str(error).split())})") from error
    columns = dict(zip(table.column_names, table.columns, strict=True))
    if len(columns) < len(table.column_names):
        raise DataError(f"{path} has two columns of the same name; rename one")
    return {name: [_as_text(value) for value in column.to_pylist()] for name, column in columns.items()}
