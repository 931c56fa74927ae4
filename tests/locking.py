"""An output that is being written by somebody else while a test runs."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

from wordsight.storage.locks import locked


@contextlib.contextmanager
def locked_elsewhere(output: Path) -> Iterator[None]:
    """Another thread has the lock of an output while the block runs."""
    held, end = threading.Event(), threading.Event()

    def hold() -> None:
        with locked(output):
            held.set()
            end.wait(60)

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(10)
    try:
        yield
    finally:
        end.set()
        thread.join()
