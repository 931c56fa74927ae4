"""Stopping a long loop between two of its steps, where all that it has done can be saved."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator


class Interruption:
    """A wish to stop, of which the loop under way learns at its next step.

    The command line asks when a signal arrives, or sets a time limit. Without it, Ctrl-C raises KeyboardInterrupt
    wherever Python is.
    """

    def __init__(self) -> None:
        self._asked = False
        self._loops = 0
        self._deadline: float | None = None

    @property
    def asked(self) -> bool:
        """Whether a loop under way is to save and stop."""
        return self._asked or self.out_of_time

    @property
    def out_of_time(self) -> bool:
        """Whether the time limit is reached; every loop then stops at its first step."""
        return self._deadline is not None and time.monotonic() >= self._deadline

    @contextlib.contextmanager
    def within(self, seconds: float | None) -> Iterator[None]:
        """Limits the time of the block: a loop that is under way then is to save and stop.

        Args:
            seconds: the limit; None: no limit.
        """
        self._deadline = None if seconds is None else time.monotonic() + seconds
        try:
            yield
        finally:
            self._deadline = None

    def ask(self) -> None:
        """Lets the loop under way stop at its next step.

        Raises:
            KeyboardInterrupt: no loop is under way.
        """
        if not self._loops:
            raise KeyboardInterrupt
        self._asked = True

    def stop_if_asked(self) -> None:
        """Ends the loop under way; it calls this when it has saved what it has done.

        Raises:
            KeyboardInterrupt: it was asked to stop.
        """
        if self.asked:
            self._asked = False
            raise KeyboardInterrupt

    @contextlib.contextmanager
    def between_steps(self) -> Iterator[None]:
        """The block is a loop that looks at :attr:`asked` after each step.

        Raises:
            KeyboardInterrupt: it was asked to stop during its last step.
        """
        self._loops += 1
        try:
            yield
        finally:
            self._loops -= 1
            asked, self._asked = self._asked, False
        if asked:
            raise KeyboardInterrupt


interruption = Interruption()
"""The process's only one, as signals are a process's."""
