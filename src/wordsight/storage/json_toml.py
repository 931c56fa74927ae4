"""JSON and TOML, and what becomes of values in them that are not as they should be."""

from __future__ import annotations

import contextlib
import json
import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from wordsight.errors import DataError, WordsightError
from wordsight.storage.streams import reading


def read_toml(path: str | os.PathLike[str]) -> dict[str, Any]:
    """A TOML file as nested dicts.

    Raises:
        DataError: missing or not valid TOML; the message names the line.
    """
    with reading(path) as stream:
        try:
            return tomllib.loads(stream.read().decode())
        except (ValueError, RecursionError) as error:
            raise DataError(f"{path} is not valid TOML ({_reason(error)}); correct it") from None


def parse_json(data: bytes | str, path: object) -> Any:
    """JSON as Python values.

    Args:
        data: UTF-8, perhaps with a byte order mark.
        path: where it is from, for the message.

    Raises:
        DataError: it is not valid JSON, nested too deeply, or not UTF-8.
    """
    try:
        return json.loads(data if isinstance(data, str) else data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path} is not valid JSON ({_reason(error)}); it is damaged, get or write it again") from error


def _reason(error: Exception) -> str:
    """What a parser says; Python's own words for a nesting that is too deep differ from call to call."""
    return "nested too deeply" if isinstance(error, RecursionError) else str(error)


@contextlib.contextmanager
def content_of(path: object, kind: str) -> Iterator[None]:
    """Turns what comes of values that are not as they should be, such as a missing one, into a DataError.

    Args:
        path: where the values are from.
        kind: what they should be.
    """
    try:
        yield
    except WordsightError:
        raise
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError, RuntimeError) as error:
        what = f"lacks {error}" if isinstance(error, KeyError) else f"is built otherwise ({error})"
        raise DataError(f"{path} is not {kind}: it {what}; get or write it again") from error


def json_text(value: Any) -> str:
    """Readable JSON with a final newline."""
    return json.dumps(value, indent=2, ensure_ascii=False, default=_plain) + "\n"


def write_json(path: Path, value: Any) -> None:
    """Writes readable JSON with a final newline."""
    path.write_text(json_text(value), encoding="utf-8")


def _plain(value: Any) -> Any:
    """NumPy scalars, tuples and paths as JSON values."""
    import numpy as np  # only here, so that the command line's help does not wait for it

    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    raise TypeError(f"cannot write {type(value).__name__} as JSON")
