"""Files and directories that appear whole or not at all, also after a power cut."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from wordsight.errors import WriteError
from wordsight.storage._exchange import exchanged
from wordsight.storage.outputs import check_replaceable
from wordsight.storage.streams import existing

T = TypeVar("T")


@contextlib.contextmanager
def _write_errors(path: Path) -> Iterator[None]:
    """Turns what the operating system says while ``path`` is written into a WriteError."""
    try:
        yield
    except WriteError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        advice = "free some space or choose another place"
        raise WriteError(f"cannot write {path}: {reason}; {advice}") from error


@contextlib.contextmanager
def replace_file(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yields a temporary path beside ``path``; flushes and renames it into place when the block ends without an error.

    Raises:
        WriteError: the file cannot be written, for example because the disk is full.
    """
    path = Path(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with _write_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            yield temporary
            put_in_place(temporary, path)
    finally:
        with contextlib.suppress(OSError):  # such as a parent that is a file: said already
            temporary.unlink()


@contextlib.contextmanager
def replace_directory(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yields a temporary directory beside ``path``; renames it into place when the block ends without an error.

    An older directory of that name is replaced only then, and only if wordsight wrote it (it holds a
    ``config.json``) or it is empty: a user's own folder is never deleted. Readers see the old one or the new one;
    see :func:`unchanging` for those that open several of its files.

    Raises:
        WriteError: it cannot be written, or ``path`` is something that must not be replaced.
    """
    path = check_replaceable(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with _write_errors(path):
            temporary.mkdir(parents=True)
            yield temporary
            put_in_place(temporary, path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


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
    elif exchanged(temporary, path):
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


def unchanging(directory: str | os.PathLike[str], read: Callable[[Path], T]) -> T:
    """What ``read(directory)`` gives, read anew if the directory was replaced meanwhile, so that no two are mixed."""
    directory = existing(directory, what="directory")
    while True:
        before = _identity(directory)
        try:
            result = read(directory)
        except Exception:  # whatever comes of two halves
            if _identity(directory) == before:
                raise
            continue
        if _identity(directory) == before:
            return result


def _identity(directory: Path) -> tuple[int, int, int] | None:
    with contextlib.suppress(FileNotFoundError):
        facts = directory.stat()
        return facts.st_dev, facts.st_ino, facts.st_mtime_ns
    return None
