"""Stopping a long loop between two of its steps, where all that it has done can be saved."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator


class Interruption:
    """A wish to stop, of which the loop under way learns at its next step.

    The command line asks when a signal arrives. Without it, Ctrl-C raises KeyboardInterrupt wherever Python is.

    Attributes:
        asked: whether a loop under way is to save and stop.
    """

    def __init__(self) -> None:
        self.asked = False
        self._loops = 0

    def ask(self) -> None:
        """Lets the loop under way stop at its next step.

        Raises:
            KeyboardInterrupt: no loop is under way.
        """
        if not self._loops:
            raise KeyboardInterrupt
        self.asked = True

    def stop_if_asked(self) -> None:
        """Ends the loop under way; it calls this when it has saved what it has done.

        Raises:
            KeyboardInterrupt: it was asked to stop.
        """
        if self.asked:
            self.asked = False
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
            asked, self.asked = self.asked, False
        if asked:
            raise KeyboardInterrupt


interruption = Interruption()
"""The process's only one, as signals are a process's."""
