"""Files that a user names as outputs: which may be replaced, and what is written to rather than replaced."""

from __future__ import annotations

import contextlib
import json
import os
import re
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from wordsight.errors import WriteError
from wordsight.storage.atomic import replace_file, write_errors
from wordsight.storage.locks import locked
from wordsight.storage.outputs import TO_OVERWRITE, link_target


@contextlib.contextmanager
def output_stream(path: str | os.PathLike[str], kind: str, *, overwrite: bool = False) -> Iterator[IO[bytes]]:
    """Opens a file that a user named, for writing; it appears, whole, when the block ends without an error.

    A pipe or device is written to. Of a link, what it leads to is replaced, and the link stays. No other process of
    wordsight writes the file meanwhile.

    Args:
        path: where to.
        kind: of what is written, as for :func:`check_file`.
        overwrite: whether whatever file is there may be replaced.

    Raises:
        WriteError: something is there that must not be replaced, or it cannot be written.
    """
    if _takes_all(Path(path)):
        with write_errors(Path(path)), _opened(Path(path)) as stream:
            yield stream
        return
    check_file(path, kind, overwrite=overwrite)
    target = link_target(path)
    with locked(target), replace_file(target) as temporary, temporary.open("wb") as stream:
        yield stream


_OWN_STREAM = re.compile(r"/dev/std(out|err)|/(?:dev|proc/self)/fd/(\d+)")


def _takes_all(path: Path) -> bool:
    """Whether this is a pipe, a device or one of this process's own streams, which hold nothing to be replaced."""
    if _OWN_STREAM.fullmatch(str(path)):
        return True
    with write_errors(path):
        return path.exists() and not stat.S_ISREG(mode := path.stat().st_mode) and not stat.S_ISDIR(mode)


def _opened(path: Path) -> IO[bytes]:
    """The stream of such a thing; an own one is shared, as the file behind it may be written by others too."""
    own = _OWN_STREAM.fullmatch(str(path))
    if own is None:
        return path.open("wb")
    sys.stdout.flush()
    return os.fdopen(os.dup(int(own[2]) if own[2] else {"out": 1, "err": 2}[own[1]]), "wb")


def check_file(path: str | os.PathLike[str], kind: str, *, overwrite: bool = False) -> None:
    """Checks that a file of this kind may be written here.

    Args:
        path: where to.
        kind: one of :data:`FILE_KINDS`, whose files say themselves that wordsight wrote them, or any other name.
        overwrite: whether whatever file is there may be replaced.

    Raises:
        WriteError: it is a directory, or a file that wordsight did not write.
    """
    if _takes_all(Path(path)):
        return
    target = link_target(path)
    if not target.name or target.is_dir():
        raise WriteError(f"{path} is a directory; choose the name of a file as output")
    if not target.exists() or target.stat().st_size == 0 or overwrite:
        return
    if kind not in FILE_KINDS or not FILE_KINDS[kind](target.read_bytes()):
        what = f"{path} exists and does not say that wordsight wrote it" if kind in FILE_KINDS else f"{path} exists"
        raise WriteError(f"{what}; {TO_OVERWRITE}")


def _is_results(data: bytes) -> bool:
    """Whether this is JSON of an evaluation or a comparison."""
    found = json.loads(data)
    rows = found if isinstance(found, list) else [found]
    return bool(rows) and all(isinstance(row, dict) and {"task", "dataset", "interval"} <= row.keys() for row in rows)


def _is_report(data: bytes) -> bool:
    """Whether this is JSON of a paper's reproduction or of a benchmark."""
    found = json.loads(data)
    return isinstance(found, dict) and {"versions", "machine", "commit", "rows"} <= found.keys()


def _is_candidates(data: bytes) -> bool:
    """Whether these are the candidates of a matching task."""
    found = json.loads(data)
    return isinstance(found, dict) and found.get("kind") == "matching candidates"


def _tolerant(recognise: Callable[[bytes], bool]) -> Callable[[bytes], bool]:
    """The same; what cannot be read is nothing of ours."""

    def tolerant(data: bytes) -> bool:
        try:
            return recognise(data)
        except (ValueError, RecursionError):
            return False

    return tolerant


PICTURE_MARK = {"Software": "wordsight"}
"""What a picture of ours says in its header, as PNG has it."""

FILE_KINDS: dict[str, Callable[[bytes], bool]] = {
    "results": _tolerant(_is_results),
    "report": _tolerant(_is_report),
    "candidates": _tolerant(_is_candidates),
    "picture": lambda data: b"tEXtSoftware\0wordsight" in data[:4096],
    "page": lambda data: b"\n`wordsight reproduce " in data,
}
"""Kind of file → whether a file's content says that wordsight wrote it."""
