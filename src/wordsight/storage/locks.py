"""One process at a time writes an output: a lock that the system itself lets go when its owner dies."""

from __future__ import annotations

import contextlib
import glob
import logging
import os
import re
import shutil
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path

from wordsight.errors import WriteError
from wordsight.storage.outputs import link_target

try:
    import fcntl
except ImportError:  # Windows, where two runs are not kept apart
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger(__name__)

_held: ContextVar[frozenset[tuple[int, str]]] = ContextVar("held", default=frozenset())
"""Process and lock file of the locks that this thread holds."""


@contextlib.contextmanager
def locked(output: str | os.PathLike[str], *, wait: bool = False) -> Iterator[None]:
    """Keeps other processes from writing ``output`` within the block, by a lock on ``.NAME.lock`` beside it.

    The file holds the owner's process number. What processes that were killed left of half-written output is deleted.
    Within the block, the same thread may lock the same output again. Of a link, what it leads to is locked.

    Args:
        output: a file or directory, which need not be there yet.
        wait: wait for another owner to end instead of raising an error.

    Raises:
        WriteError: another process has the lock (the message names it), or the place cannot be written.
    """
    asked, output = Path(output), link_target(output)
    path = output.with_name(f".{output.name}.lock")
    mine = (os.getpid(), str(path.absolute()))
    if mine in _held.get():
        yield
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = _acquired(path, asked, wait)
    except OSError as error:
        if isinstance(error, WriteError):
            raise
        advice = "free some space or choose another place"
        raise WriteError(f"cannot write {asked}: {error.strerror or error}; {advice}") from error
    token = _held.set(_held.get() | {mine})
    try:
        _sweep(output)
        yield
    finally:
        _held.reset(token)
        with contextlib.suppress(OSError):
            path.unlink()
        os.close(descriptor)


def _acquired(path: Path, output: Path, wait: bool) -> int:
    """The descriptor of the locked file; who waits for it finds another one when the owner has deleted it."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
        try:
            if fcntl is not None:
                _lock(descriptor, output, wait)
            if _is_at(descriptor, path):
                _sign(descriptor, path)
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _sign(descriptor: int, path: Path) -> None:
    if os.pread(descriptor, 32, 0).strip(b"0123456789\n"):
        raise WriteError(f"{path} is no lock of wordsight; move it away or choose another output")
    try:
        os.truncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
    except OSError:
        path.unlink()
        raise


def _lock(descriptor: int, output: Path, wait: bool) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.pread(descriptor, 32, 0).decode(errors="replace").strip() or "that is starting"
        if not wait:
            advice = "wait for it, stop it, or choose another output"
            raise WriteError(f"{output} is being written by process {owner}; {advice}") from None
        log.info("waiting for process %s, which is writing %s", owner, output)
        fcntl.flock(descriptor, fcntl.LOCK_EX)


def _sweep(output: Path) -> None:
    """Deletes the temporary files and directories of dead processes beside and in it."""
    for path in [*output.parent.glob(f".{glob.escape(output.name)}.*.tmp"), *output.glob(".*.tmp")]:
        process = re.search(r"\.(\d{1,9})\.tmp$", path.name)
        if process and not _alive(int(process[1])):
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True
