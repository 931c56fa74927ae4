"""What Ctrl-C, SIGTERM and SIGHUP do: save, say where, and exit; a second signal ends at once."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType

from wordsight.interruption import interruption

CTRL_C = 128 + signal.SIGINT
"""With what verbs end that were stopped."""
_STOPPING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


@contextlib.contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Within the block the first signal interrupts the work, and the exit code says which one it was.

    The exit code is 128 and the signal's number: 130 after Ctrl-C, 143 after SIGTERM, 129 after SIGHUP. A signal that
    was ignored when the program began, as SIGHUP is after ``nohup``, stays ignored.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread can say what signals do
        return
    stop = _Stop()
    heeded = [number for number in _STOPPING if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, stop) for number in heeded}
    try:
        yield
    except SystemExit as end:
        if end.code == CTRL_C and stop.first is not None:
            raise SystemExit(128 + stop.first) from None
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Stop:
    """The handler of all signals.

    Attributes:
        first: the signal that came first, or None.
    """

    def __init__(self) -> None:
        self.first: int | None = None
        self._terminals = [stream.fileno() for stream in (sys.stdout, sys.stderr) if stream.isatty()]

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self.first is not None:
            if number == getattr(signal, "SIGHUP", None):
                return  # a terminal that is closed sends it twice: by the system and by the shell
            os._exit(128 + number)
        self.first = number
        if number == getattr(signal, "SIGHUP", None):
            self._write_nowhere()
        interruption.ask()

    def _write_nowhere(self) -> None:
        """Lets what is still said go nowhere, as writing to a closed terminal is an error."""
        for terminal in self._terminals:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, terminal)
            os.close(nowhere)
