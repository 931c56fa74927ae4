"""Files and directories that appear whole or not at all, also after a power cut."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from wordsight.errors import WriteError
from wordsight.storage import _exchange
from wordsight.storage.json_toml import parse_json, write_json
from wordsight.storage.locks import locked
from wordsight.storage.outputs import check_directory, check_replaceable, kind_of, link_target
from wordsight.storage.streams import existing

T = TypeVar("T")


@contextlib.contextmanager
def write_errors(path: Path) -> Iterator[None]:
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
        with write_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            yield temporary
            put_in_place(temporary, path)
    finally:
        with contextlib.suppress(OSError):  # such as a parent that is a file: said already
            temporary.unlink()


@contextlib.contextmanager
def replace_directory(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Yields a temporary directory; renames it into place when the block ends without an error.

    The block writes a ``config.json`` that says the ``kind``; the names of all files, also in folders, are added to it.
    An older directory of that name is replaced only then, and only if wordsight wrote it, it is of the same kind, and
    nothing else lies in it (see :mod:`wordsight.storage.outputs`). Of a link, what it leads to is replaced. No other
    process of wordsight writes the directory meanwhile. Readers see the old one or the new one; see
    :func:`unchanging` for those that open several of its files.

    Raises:
        WriteError: it cannot be written, or ``path`` is something that must not be replaced.
    """
    check_replaceable(path)
    target = link_target(path)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    with locked(path):
        try:
            with write_errors(Path(path)):
                temporary.mkdir(parents=True)
                yield temporary
                check_directory(path, _sealed(temporary))
                put_in_place(temporary, target)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


def delete_directory(path: Path) -> None:
    """Deletes a directory that wordsight wrote.

    Raises:
        WriteError: wordsight did not write it, or something in it.
    """
    if path.is_symlink():
        raise WriteError(f"{path} is a link; delete it yourself if it is not needed")
    check_replaceable(path)
    shutil.rmtree(path)


def _sealed(directory: Path) -> str:
    """Adds the names of all files to the ``config.json`` of a finished directory; returns its kind."""
    path = directory / "config.json"
    config = parse_json(path.read_bytes(), path)
    config["files"] = sorted(file.relative_to(directory).as_posix() for file in directory.rglob("*") if file.is_file())
    write_json(path, config)
    return kind_of(config)


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
    elif _exchange.exchanged(temporary, path):
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
