"""Renaming that survives a power cut, and two directories that change places in one step."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

_AT_FDCWD = -100
_SWAP = 2  # RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS


def flush(path: Path) -> None:
    """Makes sure that a file, or a directory with all that is in it, is on the disk and not only on its way there."""
    if path.is_dir():
        for entry in path.iterdir():
            flush(entry)
        if os.name != "posix":
            return  # directories cannot be flushed there
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put_in_place(temporary: Path, path: Path) -> None:
    """Renames a file or directory, flushed before, to a path where there may be another, which is deleted.

    Whoever opens the path sees the old one or the new one. (A directory that is replaced on a system or file system
    that cannot exchange two is not there for a moment.)
    """
    flush(temporary)
    if not path.is_dir():
        temporary.replace(path)
    elif _exchanged(temporary, path):
        shutil.rmtree(temporary)
    else:
        old = temporary.with_suffix(".old.tmp")
        path.replace(old)
        temporary.replace(path)
        shutil.rmtree(old)
    if os.name == "posix":
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)  # the parent alone: what else is in it is not ours
        finally:
            os.close(descriptor)


def _exchanged(one: Path, other: Path) -> bool:
    """Exchanges two directories in one step; False where that is not possible."""
    exchange = _exchange()
    if exchange is None:
        return False
    if exchange(os.fsencode(one), os.fsencode(other)) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        return False
    raise OSError(number, os.strerror(number), str(other))


def _exchange() -> Callable[[bytes, bytes], int] | None:
    """The system's function, if it has one."""
    if os.name != "posix":
        return None
    library = ctypes.CDLL(None, use_errno=True)
    if sys.platform == "linux" and hasattr(library, "renameat2"):
        return lambda one, other: int(library.renameat2(_AT_FDCWD, one, _AT_FDCWD, other, ctypes.c_uint(_SWAP)))
    if sys.platform == "darwin" and hasattr(library, "renamex_np"):
        return lambda one, other: int(library.renamex_np(one, other, ctypes.c_uint(_SWAP)))
    return None
