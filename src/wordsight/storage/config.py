"""``config.json``: what a directory that wordsight wrote says of itself."""

from __future__ import annotations

import os
from typing import Any

from wordsight.errors import DataError
from wordsight.storage.json_toml import parse_json
from wordsight.storage.streams import existing


def read_config(directory: str | os.PathLike[str], kind: str, *, version: int) -> dict[str, Any]:
    """Reads ``config.json`` of a directory that wordsight wrote and checks its kind and format version.

    Args:
        directory: a corpus, features or vectors directory.
        kind: the expected value of ``config["kind"]``.
        version: the newest format version this code reads.

    Raises:
        DataError: no such directory, not of that kind, damaged, or written by a newer wordsight.
    """
    directory = existing(directory, what="directory")
    path = directory / "config.json"
    if not path.is_file():
        raise DataError(f"{directory} is not a {kind} directory: it has no config.json")
    config = parse_json(path.read_bytes(), path)
    if not isinstance(config, dict) or config.get("kind") != kind:
        found = config.get("kind") if isinstance(config, dict) else type(config).__name__
        raise DataError(f"{directory} is not a {kind} directory: its config.json says {found!r}")
    found = config.get("format_version", 0)
    if not isinstance(found, int):
        raise DataError(f"{path} is damaged: format_version is {found!r}, not a number")
    if found > version:
        raise DataError(f"{directory} was written by a newer wordsight (format {found}); upgrade")
    return config
