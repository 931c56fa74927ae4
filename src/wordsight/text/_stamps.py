"""Stamps of text files, by which a text is known to be the one that was encoded."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from wordsight.errors import DataError

Stamp = list[str | int]
"""Path, size in bytes, time of the last change in nanoseconds, and a hash of the content."""

WHOLE = 1 << 24
"""Bytes up to which all of a file is hashed; of a larger one its beginning, its end, and samples between."""
_N_SAMPLES, _SAMPLE = 64, 1 << 16


def stamp(path: Path) -> Stamp:
    """The stamp of a file, which is another one when the content is.

    Size and time alone do not tell: a file may be written anew within one tick of the clock, or its time be put back.
    Samples of a large file miss a change between them, so its hash covers the time of the last change of status too,
    which programs cannot set. Pipes and devices can be read only once and have no hash.
    """
    status = path.stat()
    return [str(path.resolve()), status.st_size, status.st_mtime_ns, _content(path, status)]


def check_unchanged(stamps: Iterable[Stamp]) -> None:
    """Does nothing as long as all files are as they were.

    Raises:
        DataError: one is not; if it was encoded meanwhile, parts may be missing.
    """
    for before in stamps:
        path = Path(str(before[0]))
        if not path.exists() or stamp(path) != before:
            raise DataError(f"{path} was changed while it was encoded; nothing is kept of it, encode it again")


def _content(path: Path, status: os.stat_result) -> str:
    if not stat.S_ISREG(status.st_mode):
        return ""
    with path.open("rb") as stream:
        if status.st_size <= WHOLE:
            return hashlib.file_digest(stream, "sha256").hexdigest()[:16]
        return _sampled(stream, status.st_size, status.st_ctime_ns)


def _sampled(stream: BinaryIO, size: int, changed: int) -> str:
    digest = hashlib.sha256(str(changed).encode())
    for number in range(_N_SAMPLES):
        stream.seek(max(size - _SAMPLE, 0) * number // (_N_SAMPLES - 1))
        digest.update(stream.read(_SAMPLE))
    return digest.hexdigest()[:16]
