"""Finished cells on disk, which are not computed again."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable
from pathlib import Path

from wordsight import kernels
from wordsight.errors import DataError
from wordsight.papers.base import Cell, Row, checkpoints_in
from wordsight.storage.atomic import replace_file
from wordsight.storage.json_toml import parse_json

log = logging.getLogger(__name__)


def path_of(directory: Path, cell: Cell) -> Path:
    """The file of a cell; its name is a hash of the key and of the kernels' version."""
    key = json.dumps([kernels.VERSION, cell.key], sort_keys=True, ensure_ascii=False)
    return directory / f"{hashlib.sha256(key.encode()).hexdigest()[:20]}.json"


def computed(cells: Iterable[Cell], directory: Path) -> list[Row]:
    """The rows of all cells, in order. Cells on disk are read; the others are computed, and each is stored at once.

    Args:
        cells: the cells; those with the same key are computed once.
        directory: folder of the finished cells; damaged ones are computed again.

    Raises:
        WriteError: a finished cell cannot be written.
    """
    wanted = {path_of(directory, cell): cell for cell in cells}
    found = {path: rows for path in wanted if (rows := _read(path)) is not None}
    if found:
        log.info("%d of %d cells are finished already", len(found), len(wanted))
    for number, (path, cell) in enumerate(wanted.items(), start=1):
        if path not in found:
            what = ", ".join(f"{name} {value}" for name, value in cell.key.items() if _is_short(value))
            log.info("%d of %d: %s", number, len(wanted), what)
            with checkpoints_in(path.with_suffix(".partial")):
                found[path] = cell.compute()
                with replace_file(path) as temporary:  # in one line: cells may have thousands of numbers
                    text = json.dumps({"key": dict(cell.key), "rows": found[path]}, ensure_ascii=False)
                    temporary.write_text(text, encoding="utf-8")
    return [row for path in wanted for row in found[path]]


def _read(path: Path) -> list[Row] | None:
    try:
        rows: list[Row] = parse_json(path.read_bytes(), path)["rows"]
    except (OSError, DataError, KeyError, TypeError):
        return None
    return rows if isinstance(rows, list) and all(isinstance(row, dict) for row in rows) else None


def _is_short(value: object) -> bool:
    return isinstance(value, str | int | float) and len(str(value)) <= 24
