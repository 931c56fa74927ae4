"""Progress of long loops: a bar on a terminal, lines in a log elsewhere, and reports to callbacks.

    with tracked_by(print):
        model.fit(corpus)

Every loop of the library reports through :func:`progress`; a callback hears of all loops within its block.
"""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

Advance = Callable[..., None]
"""``advance(n, **figures)``: n more units are done; figures such as ``loss=.31`` are shown and reported."""

log = logging.getLogger(__name__)

EVERY = 30.0
"""Seconds between two lines of the log, where no bar is shown."""
EARLY = 5.0
"""Seconds after which the first line says how long a run takes, if that is :data:`LONG`."""
LONG = 120.0
"""Seconds left that make an early line worth while."""
DELAY = 0.5
"""Seconds until a bar appears; shorter work shows none."""


@dataclass(frozen=True)
class ProgressReport:
    """What a callback is told of a loop.

    Attributes:
        loop: name of the loop, such as ``"SGNS"``.
        event: ``"progress"``, ``"epoch"`` when a pass over the data is complete, or ``"end"``.
        done: finished units.
        total: all units; None where that is not known.
        unit: what is counted, such as ``"words"``.
        seconds: time since the loop began.
        speed: units per second, lately; None at first.
        seconds_left: estimate; None where it is not known.
        figures: numbers such as the loss; of an epoch, its entry of ``history_``.
    """

    loop: str
    event: str
    done: float
    total: float | None
    unit: str
    seconds: float
    speed: float | None = None
    seconds_left: float | None = None
    figures: Mapping[str, float | str] = field(default_factory=dict)


Callback = Callable[[ProgressReport], None]
"""Called with each report. One that has a method ``close`` is closed at the end of the block."""


class _Tracking:
    """The callbacks of a block; one that raises an error is told of no more, and the work goes on."""

    def __init__(self, callbacks: tuple[Callback, ...], seconds: float) -> None:
        self._callbacks, self.seconds = list(callbacks), seconds
        self.loop: Meter | None = None

    def tell(self, report: ProgressReport) -> None:
        """Calls all callbacks."""
        for callback in list(self._callbacks):
            try:
                callback(report)
            except Exception as error:
                self._callbacks.remove(callback)
                log.warning("%s hears no more of this run: %s; the run goes on", callback, error)

    def close(self) -> None:
        """Closes the callbacks that can be closed."""
        for callback in self._callbacks:
            if hasattr(callback, "close"):
                try:
                    callback.close()
                except Exception as error:
                    log.warning("%s could not be closed: %s", callback, error)


_tracking: ContextVar[_Tracking | None] = ContextVar("tracking", default=None)


@contextlib.contextmanager
def tracked_by(*callbacks: Callback, seconds: float = 5.0) -> Iterator[None]:
    """Tells callbacks of the progress of all loops within the block.

    Args:
        callbacks: called with a :class:`ProgressReport` every few seconds, after each epoch, and when a loop ends.
        seconds: time between two reports of a loop.
    """
    tracking = _Tracking(callbacks, seconds)
    token = _tracking.set(tracking)
    try:
        yield
    finally:
        _tracking.reset(token)
        tracking.close()


class Meter:
    """Counts what is done, and estimates speed and time left from the later half of the time so far.

    Args:
        label: what is being done.
        total: how many units there are; None when that is not known.
        unit: what is counted.
        clock: returns the time in seconds; None: the system's.
    """

    def __init__(
        self, label: str, total: float | None, unit: str = "", clock: Callable[[], float] | None = None
    ) -> None:
        self._label, self._total, self._unit, self._clock = label, total, unit, clock or time.monotonic
        self._began = self._clock()
        self._done = 0.0
        self._marks: deque[tuple[float, float]] = deque()  # times and what was done then
        self._first = 0.0
        self.figures: dict[str, float | str] = {}

    def add(self, n: float) -> None:
        """Counts n more units."""
        now = self._clock()
        self._done += n
        if not self._marks:
            # What came with the first call may have been done in an earlier run.
            self._marks.append((now, self._done))
            self._first = now
            return
        elapsed = now - self._first
        if now - self._marks[-1][0] >= elapsed / 100:
            self._marks.append((now, self._done))
        while len(self._marks) > 2 and self._marks[1][0] <= now - elapsed / 2:
            self._marks.popleft()

    @property
    def seconds(self) -> float:
        """Time since the beginning."""
        return self._clock() - self._began

    def report(self, event: str, figures: Mapping[str, float | str] | None = None) -> ProgressReport:
        """The report of this moment; with the last figures unless others are given."""
        speed = left = None
        if len(self._marks) > 1:
            (then, before), (now, done) = self._marks[0], self._marks[-1]
            speed = (done - before) / (now - then) if now > then and done > before else None
        if speed and self._total is not None:
            left = max(self._total - self._done, 0.0) / speed
        shown = dict(self.figures if figures is None else figures)
        counts = (self._done, self._total, self._unit, self.seconds)
        return ProgressReport(self._label, event, *counts, speed, left, shown)


@contextlib.contextmanager
def progress(label: str, total: float | None, *, unit: str = "") -> Iterator[Advance]:
    """Shows the progress of a loop, reports it, and yields ``advance(n, **figures)``.

    Args:
        label: what is being done.
        total: how many units there are; None when that is not known.
        unit: what is counted ("words", "images", ...), shown with the speed.
    """
    meter, tracking = Meter(label, total, unit), _tracking.get()
    told, outer = 0.0, None if tracking is None else tracking.loop
    with _bar(label, total, unit) if sys.stderr.isatty() else contextlib.nullcontext(_Lines()) as show:

        def advance(n: float = 1, **figures: float | str) -> None:
            nonlocal told
            meter.add(n)
            meter.figures.update(figures)
            show(meter, n)
            if tracking is not None and meter.seconds - told >= tracking.seconds:
                told = meter.seconds
                tracking.tell(meter.report("progress"))

        if tracking is not None:
            tracking.loop = meter
        try:
            yield advance
        finally:
            if tracking is not None:
                tracking.loop = outer
                tracking.tell(meter.report("end"))


def epoch_ended(row: Mapping[str, float]) -> None:
    """Reports that the loop under way has finished an epoch.

    Args:
        row: its entry of the history.
    """
    tracking = _tracking.get()
    if tracking is not None and tracking.loop is not None:
        tracking.tell(tracking.loop.report("epoch", row))


class _Lines:
    """Writes a line to the log every :data:`EVERY` seconds."""

    def __init__(self) -> None:
        self._said = 0.0

    def __call__(self, meter: Meter, _: float) -> None:
        if meter.seconds - self._said < (EVERY if self._said else EARLY):
            return
        report = meter.report("progress")
        if not self._said and meter.seconds < EVERY and (report.seconds_left or 0.0) < LONG:
            return
        self._said = meter.seconds
        log.info("%s: %s", report.loop, ", ".join(_parts(report)))


def _parts(report: ProgressReport) -> Iterator[str]:
    """What a line says of a loop."""
    yield f"{report.done / report.total:.0%}" if report.total else f"{_human(report.done)} {report.unit}".strip()
    yield from _shown(report.figures)
    if report.speed and report.unit:
        yield f"{_human(report.speed)} {report.unit}/s"
    if report.seconds_left is not None:
        yield f"{duration(report.seconds_left)} left"


def _shown(figures: Mapping[str, float | str]) -> Iterator[str]:
    for name, value in figures.items():
        yield f"{name.replace('_', ' ')} {value:.4g}" if isinstance(value, float) else f"{name} {value}"


@contextlib.contextmanager
def _bar(label: str, total: float | None, unit: str) -> Iterator[Callable[[Meter, float], None]]:
    """A progress bar on the terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    columns: tuple[Any, ...] = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        TaskProgressColumn(),
        TextColumn("{task.fields[speed]}"),
        TextColumn("{task.fields[note]}", style="dim"),
        TextColumn("{task.fields[left]}", style="cyan"),
    )
    bar = Progress(*columns, console=Console(stderr=True), transient=False)
    task = bar.add_task(label, total=total, speed="", note="", left="")

    def show(meter: Meter, n: float) -> None:
        report = meter.report("progress")
        speed = f"{_human(report.speed)} {unit}/s" if report.speed and unit else ""
        left = "" if report.seconds_left is None else f"{duration(report.seconds_left)} left"
        bar.update(task, advance=n, speed=speed, note="  ".join(_shown(report.figures)), left=left)

    appearance = threading.Timer(DELAY, bar.start)
    appearance.start()
    try:
        yield show
    finally:
        appearance.cancel()
        appearance.join()
        bar.stop()


def duration(seconds: float) -> str:
    """5_400 → '1.5 hours'."""
    for length, unit in ((86400 * 365, "years"), (86400, "days"), (3600, "hours")):
        if seconds >= length:
            return f"{seconds / length:,.1f} {unit}"
    return f"{seconds / 60:.0f} minutes" if seconds >= 90 else f"{seconds:.0f} seconds"


def _human(number: float) -> str:
    """Shortens a number: 12_345_678 becomes ``12.3 M``."""
    for factor, suffix in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if number >= factor:
            return f"{number / factor:.3g}{suffix}"
    return f"{number:.3g}"
