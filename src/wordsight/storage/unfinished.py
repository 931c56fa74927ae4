"""The folder of an unfinished run, ``NAME.partial`` beside its output: it says what the run was begun with."""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from wordsight.errors import DataError, WriteError
from wordsight.storage.atomic import delete_directory, replace_file
from wordsight.storage.config import read_config
from wordsight.storage.json_toml import write_json

log = logging.getLogger(__name__)

KIND = "unfinished run"
FORMAT_VERSION = 1
FILES = (
    "config.json", "interrupted",  # of every run
    "[0-9]*.safetensors",  # checkpoints of training
    "scan.safetensors", "ids.bin", "ends.bin",  # of encoding
    "ids.txt", "rows.bin", "progress.json",  # of extraction
    ".*.tmp",  # what a kill left half-written
)  # fmt: skip
"""What a run may have in its folder, as patterns; whatever else lies there is not deleted."""
_LONGEST = 60
"""Characters of a setting's value in a message."""


class UnfinishedRun:
    """A folder that is there from the beginning of a run to its end.

    Attributes:
        directory: the folder.
        resumed: whether an earlier run left it.
    """

    def __init__(self, directory: Path, work: str, facts: Mapping[str, Any]) -> None:
        """Opens what an earlier run left, or makes a new folder.

        Args:
            directory: the folder.
            work: what the run does: ``"extraction"``, ``"encoding"``, ``"training"``.
            facts: all that determines the result, as JSON values by name, perhaps nested.

        Raises:
            DataError: it holds another run; the message names the first difference.
            WriteError: it cannot be written.
        """
        self.directory = directory
        facts = json.loads(json.dumps({"work": work, **facts}, default=str))
        self.resumed = (directory / "config.json").is_file()
        if self.resumed:
            self._compare(facts)
            return
        for entry in sorted(directory.iterdir()) if directory.is_dir() else [directory] * directory.exists():
            if not entry.match("*.tmp") and entry != interrupted_model(directory):
                found = f"{directory} exists and was not written by wordsight"
                raise WriteError(f"{found} (it holds {entry.name}); move it or choose another output")
        with replace_file(directory / "config.json") as temporary:
            write_json(temporary, {"kind": KIND, "format_version": FORMAT_VERSION, "begun_with": facts})

    def _compare(self, facts: Mapping[str, Any]) -> None:
        begun = dict(_flat(read_config(self.directory, KIND, version=FORMAT_VERSION).get("begun_with")))
        now = dict(_flat(facts))
        for name in [*now, *begun]:
            old, new = _shown(begun.get(name)), _shown(now.get(name))
            if begun.get(name) != now.get(name):
                raise DataError(f"{self.directory} was begun with {name} {old}, not {new}; {self.advice}")

    @property
    def advice(self) -> str:
        """What to do where a run is not the one that was begun."""
        return f"give the same settings again to go on, or delete {self.directory} to begin anew"

    def discard(self) -> None:
        """Deletes the folder; see :func:`discard`."""
        discard(self.directory)


def interrupted_model(unfinished: Path) -> Path:
    """Where an interrupted run puts what it learned if there is a finished output, which it must not replace."""
    return unfinished / "interrupted"


def discard(unfinished: Path) -> None:
    """Deletes an unfinished folder; what somebody else put there stays, with a warning."""
    ours = [path for pattern in FILES for path in unfinished.glob(pattern)]
    for path in sorted(ours, key=lambda path: path.name == "config.json"):  # last, as without it nobody knows the rest
        with contextlib.suppress(OSError):
            delete_directory(path) if path.is_dir() else path.unlink()
    try:
        unfinished.rmdir()
    except FileNotFoundError:
        pass
    except OSError:
        log.warning("%s stays, as it holds files that wordsight did not write", unfinished)


def _flat(facts: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Nested facts by dotted name."""
    if isinstance(facts, Mapping):
        for name, value in facts.items():
            yield from _flat(value, f"{prefix}.{name}" if prefix else name)
    elif isinstance(facts, list) and any(isinstance(item, list | dict) for item in facts):
        yield from _flat({str(number): item for number, item in enumerate(facts, start=1)}, prefix)
    else:
        yield prefix, facts


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def cannot_write(directory: Path, error: OSError) -> WriteError:
    """The error for a folder of an unfinished run that the system cannot write; what it holds is still good."""
    if isinstance(error, WriteError):
        return error
    return WriteError(f"cannot write {directory}: {error.strerror or error}; free some space and run it again to go on")
