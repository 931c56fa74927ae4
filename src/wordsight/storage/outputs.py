"""What an output may be: a new path, an empty folder, or what wordsight itself wrote of the same kind.

Whatever else is there stays as it is. docs/files.md says the rules to users.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from wordsight.errors import WriteError

KNOWN_FILES = {
    "vectors": {"config.json", "vectors.safetensors", "vocab.txt", "README.md"},
    "model": {"config.json", "vectors.safetensors", "vocab.txt", "README.md", "model.safetensors"},
    "corpus": {"config.json", "ids.npy", "offsets.npy", "vocab.txt", "counts.npy"},
    "sentence-transformers": {"config.json", "model.safetensors", "tokenizer.json", "modules.json", "README.md"},
    "projector": {"config.json", "tensors.tsv", "metadata.tsv", "sprite.png", "projector_config.pbtxt"},
    "features": {"config.json", "features.npy", "ids.txt", "sources.txt", "broken.tsv"},
    "site": set(),
}
"""Kind → the files of a directory whose ``config.json`` does not list them, as wordsight 0.1 wrote it."""
TO_OVERWRITE = "give --overwrite (in Python: overwrite=True) to replace it, or choose another output"
_OF_FILE_MANAGERS = {".DS_Store", "Thumbs.db"}
"""What file managers put into every folder that they show."""


def link_target(path: str | os.PathLike[str]) -> Path:
    """The path; of a link, what it leads to, which is written in its place, so that the link stays.

    Raises:
        WriteError: the link leads in a circle.
    """
    path = Path(path)
    if not path.is_symlink():
        return path
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise WriteError(f"{path} is a link that leads in a circle; choose another output")
    return target


def kind_of(config: Mapping[str, Any]) -> str:
    """The kind of a directory by its ``config.json``: one of :data:`KNOWN_FILES`."""
    kind = str(config.get("kind"))
    return "model" if kind == "vectors" and config.get("model") else kind


def check_replaceable(path: str | os.PathLike[str]) -> dict[str, Any] | None:
    """Checks that a directory may be written here, of some kind.

    Returns:
        The ``config.json`` of what wordsight wrote there before, or None where there is nothing.

    Raises:
        WriteError: something is there that wordsight did not write; the message names it.
    """
    target = link_target(path)
    if target.name in ("", "-", ".."):
        raise WriteError(f"{str(path)!r} is no name for a new directory; choose another output")
    if not os.path.lexists(target):
        return None
    if not target.is_dir():
        raise WriteError(f"{path} exists and is no directory; choose another output directory")
    entries = sorted(target.iterdir())
    if not entries:
        return None
    config = _own_config(target)
    if config is None:
        found = f"it holds {entries[0].name}"
        raise WriteError(f"{path} exists and was not written by wordsight ({found}); choose another output directory")
    files = set(config.get("files", KNOWN_FILES[kind_of(config)]))
    strange = _strange(target, files, {str(parent) for name in files for parent in PurePosixPath(name).parents})
    if strange is not None:
        advice = "move it away or choose another output directory"
        raise WriteError(f"{path} holds {strange}, which wordsight did not write; {advice}")
    return config


def _strange(directory: Path, files: set[str], folders: set[str], within: str = "") -> str | None:
    """The first thing in a directory that is neither one of the files nor one of the folders that hold them."""
    for entry in sorted(directory.iterdir()):
        name = within + entry.name
        if name in folders and entry.is_dir() and not entry.is_symlink():
            if (found := _strange(entry, files, folders, f"{name}/")) is not None:
                return found
        elif entry.name not in _OF_FILE_MANAGERS and (name not in files or entry.is_symlink() or not entry.is_file()):
            return name
    return None


def check_directory(path: str | os.PathLike[str], kind: str, *, overwrite: bool = True) -> None:
    """Checks that a directory of this kind may be written here; asked before long work.

    Args:
        path: where to.
        kind: one of :data:`KNOWN_FILES`.
        overwrite: whether a finished directory of this kind may be replaced. One that an interrupted run left, or
            beside which an unfinished run lies, is not finished.

    Raises:
        WriteError: something is there that must not be replaced; the message names it.
    """
    config = check_replaceable(path)
    if config is None:
        return
    if kind_of(config) != kind:
        what = f"{path} is a directory of the kind {kind_of(config)}, not {kind}"
        raise WriteError(f"{what}; choose another output directory")
    goes_on = (unfinished_folder(path) / "config.json").is_file()
    if not overwrite and is_finished(path) and not goes_on:
        raise WriteError(f"{path} is finished already; {TO_OVERWRITE}")


def is_finished(path: str | os.PathLike[str]) -> bool:
    """Whether wordsight wrote a directory here, and not at the end of an interrupted run."""
    config = _own_config(link_target(path))
    return config is not None and not config.get("interrupted")


def unfinished_folder(output: str | os.PathLike[str]) -> Path:
    """Where the run that writes ``output`` keeps what it has: ``NAME.partial`` beside it."""
    target = link_target(output)
    return target.with_name(f"{target.name}.partial")


def _own_config(directory: Path) -> dict[str, Any] | None:
    """The ``config.json`` of a directory that wordsight wrote; None of any other."""
    path = directory / "config.json"
    with contextlib.suppress(OSError, ValueError, RecursionError):
        config = json.loads(path.read_text(encoding="utf-8"))
        if not path.is_symlink() and isinstance(config, dict) and kind_of(config) in KNOWN_FILES:
            files = config.get("files", [])
            if isinstance(files, list) and all(isinstance(name, str) for name in files):
                return config
    return None
