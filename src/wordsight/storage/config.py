"""``config.json``: what a directory that wordsight wrote says of itself."""

from __future__ import annotations

import os
from pathlib import Path
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
        DataError: no such directory, not of that kind, damaged, written by a newer wordsight, or something in it is
            a link to a place outside of it, a pipe or a device.
    """
    directory = existing(directory, what="directory")
    _check_entries(directory)
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


def _check_entries(directory: Path) -> None:
    """Raises a DataError where a directory has something in it that leads out of it, or that would never end."""
    if not directory.is_dir():
        return
    inside = Path(os.path.realpath(directory))
    for entry in directory.iterdir():
        if entry.is_symlink() and not Path(os.path.realpath(entry)).is_relative_to(inside):
            raise DataError(f"{entry} is a link to a place outside of its directory; put the file itself there")
        if entry.exists() and not entry.is_file() and not entry.is_dir():
            raise DataError(f"{entry} is a pipe or a device, not a file; take it out")
