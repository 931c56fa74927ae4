"""A log of a run as JSON, one object a line."""

from __future__ import annotations

import json
import math
import os
import time
from pathlib import Path
from typing import Any

from wordsight.errors import WriteError
from wordsight.progress import ProgressReport
from wordsight.storage.atomic import write_errors
from wordsight.version import __version__

KIND = "training log"


class JSONLines:
    """A callback that appends a line of JSON for each report.

    A log of an earlier run is appended to, so that a run that goes on keeps one log. The first line of each run says
    the version; each other line has the fields of :class:`~wordsight.progress.ProgressReport` and the time in seconds
    since 1970.

    Args:
        path: file; a pipe or device is written to.

    Raises:
        WriteError: the file cannot be written, or is one that wordsight did not write.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = Path(path)
        with write_errors(self._path):
            _check(self._path)
            self._stream = self._path.open("a", encoding="utf-8")
        self._write({"kind": KIND, "wordsight": __version__})

    def __call__(self, report: ProgressReport) -> None:
        """Appends a line."""
        self._write({**vars(report), "figures": dict(report.figures)})

    def _write(self, facts: dict[str, Any]) -> None:
        finite = {name: None if isinstance(v, float) and not math.isfinite(v) else v for name, v in facts.items()}
        with write_errors(self._path):
            self._stream.write(json.dumps({"time": round(time.time(), 3), **finite}, ensure_ascii=False) + "\n")
            self._stream.flush()

    def close(self) -> None:
        """Closes the file."""
        self._stream.close()

    def __repr__(self) -> str:
        return f"JSONLines({str(self._path)!r})"


def _check(path: Path) -> None:
    """Refuses a file that wordsight did not write."""
    if not path.is_file() or not path.stat().st_size:
        return
    with path.open(encoding="utf-8", errors="replace") as stream:
        line = stream.readline(1000)
    try:
        ours = json.loads(line)["kind"] == KIND
    except (ValueError, TypeError, KeyError):
        ours = False
    if not ours:
        raise WriteError(f"{path} exists and is no training log of wordsight; choose another file for the log")
