"""Progress bars: shown to people, not to files, and not for what is done at once."""

from __future__ import annotations

import io
import sys
import threading
import time
from collections.abc import Callable

import pytest

from wordsight.progress import progress


class Terminal(io.StringIO):
    """A terminal that keeps what is written to it."""

    def isatty(self) -> bool:
        """Somebody is watching."""
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Terminal]:
    """Makes standard error a terminal, once the test runs (pytest replaces it before)."""

    def make() -> Terminal:
        monkeypatch.setenv("TERM", "xterm")
        watched = Terminal()
        monkeypatch.setattr(sys, "stderr", watched)
        return watched

    return make


def test_a_bar_shows_label_share_speed_and_fields(
    terminal: Callable[[], Terminal], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wordsight.progress.DELAY", 0.0)
    watched = terminal()
    with progress("reading", 4_000, unit="words") as advance:
        for _ in range(4):
            advance(1_000, loss=0.25)
            time.sleep(0.05)
    written = watched.getvalue()
    assert "reading" in written and "100%" in written and "words/s" in written and "loss 0.25" in written


def test_what_is_done_at_once_needs_no_bar(terminal: Callable[[], Terminal]) -> None:
    watched = terminal()
    with progress("reading", 1) as advance:
        advance(1)
    assert watched.getvalue() == ""


def test_a_bar_that_has_not_appeared_does_not_appear_after_an_error(terminal: Callable[[], Terminal]) -> None:
    watched = terminal()
    with pytest.raises(KeyboardInterrupt), progress("reading", 1):
        raise KeyboardInterrupt
    assert watched.getvalue() == ""
    assert not [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]


def test_nothing_is_written_where_nobody_watches(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wordsight.progress.DELAY", 0.0)
    with progress("reading", 1) as advance:
        advance(1, loss=0.5)
        time.sleep(0.05)
    assert capsys.readouterr().err == ""
