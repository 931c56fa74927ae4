"""Progress bars: shown to people, not to files, and not for what is done at once."""

from __future__ import annotations

import io
import logging
import sys
import threading
import time
from collections.abc import Callable

import numpy as np
import pytest

from wordsight.progress import Meter, duration, progress


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


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """The time in seconds."""
        return self.now


def constant(done: float) -> float:
    return 1.0


def slower(done: float) -> float:
    return 1.0 + 0.2 * done


def bursts(done: float) -> float:
    return 0.5 if int(done * 200) % 2 else 1.5


def pauses(done: float) -> float:
    return 5.0 if round(done * 1000) % 25 == 0 else 1.0


@pytest.mark.parametrize("pace", [constant, slower, bursts, pauses])
@pytest.mark.parametrize("before", [0, 400])
def test_time_left_is_right_within_a_fifth_after_a_tenth(pace: Callable[[float], float], before: int) -> None:
    """Steps take different times, the first one long (compiling); the run may go on from a checkpoint."""
    total = 1_000
    noise = np.random.default_rng(0).uniform(0.7, 1.3, total)
    seconds = [20.0 if step == before else pace(step / total) * noise[step] for step in range(before, total)]
    clock = Clock()
    meter = Meter("reading", total, "words", clock)
    if before:
        meter.add(before)
    for number, taken in enumerate(seconds):
        clock.now += taken
        meter.add(1)
        left, expected = meter.report("progress").seconds_left, sum(seconds[number + 1 :])
        if number + 1 >= len(seconds) / 10 and number + 1 <= 0.95 * len(seconds):
            assert left is not None and abs(left - expected) <= 0.2 * expected, (number, left, expected)


def test_without_a_terminal_there_is_a_line_every_thirty_seconds(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    monkeypatch.setattr(time, "monotonic", clock)
    caplog.set_level(logging.INFO, "wordsight")
    with progress("SGNS", 400_000, unit="words") as advance:
        for _ in range(400):
            clock.now += 0.5
            advance(1_000, loss=0.25)
    lines = [record.message for record in caplog.records]
    assert lines[0] == "SGNS: 2%, loss 0.25, 2 k words/s, 3 minutes left", "early, as it takes long"
    assert lines[1].startswith("SGNS: 18%, loss 0.25, 2 k words/s, ") and len(lines) == 7
    caplog.clear()
    with progress("SGNS", 50_000, unit="words") as advance:
        for _ in range(50):
            clock.now += 0.5
            advance(1_000, loss=0.25)
    assert not caplog.records, "what takes 25 seconds needs no line"


def test_durations_are_said_in_the_nearest_unit() -> None:
    said = {40: "40 seconds", 600: "10 minutes", 5_400: "1.5 hours", 90_000 * 2: "2.1 days"}
    assert {seconds: duration(seconds) for seconds in said} == said
