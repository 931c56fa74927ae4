"""What an output may be: where wordsight writes, and what it never replaces."""

from __future__ import annotations

import os
from pathlib import Path

from wordsight.errors import WriteError


def check_replaceable(path: str | os.PathLike[str]) -> Path:
    """The path, if :func:`replace_directory` will write there; asked before long work.

    Raises:
        WriteError: something is there that wordsight did not write.
    """
    path = Path(path)
    if not path.name:
        raise WriteError(f"{str(path)!r} is no name for a new directory; choose another output")
    if path.exists() and not (path.is_dir() and ((path / "config.json").is_file() or not any(path.iterdir()))):
        raise WriteError(f"{path} exists and was not written by wordsight; choose another output directory")
    return path
