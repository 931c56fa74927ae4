"""Progress bars: one look everywhere, on standard error, only where a person is watching."""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator

Advance = Callable[..., None]
"""``advance(n, **fields)``: n more units are done; fields such as ``loss=.31`` appear beside the bar."""

log = logging.getLogger(__name__)

EARLY = 5.0
"""Seconds after which it is said how long a run takes, where no bar says it."""
LONG = 120.0
"""Seconds: what ends sooner is not worth a line."""
DELAY = 0.5
"""Seconds until a bar appears; shorter work shows none."""


@contextlib.contextmanager
def progress(label: str, total: float | None, *, unit: str = "") -> Iterator[Advance]:
    """Shows a progress bar on a terminal and yields ``advance(n, **fields)``.

    Args:
        label: what is being done.
        total: how many units there are; None when that is not known.
        unit: what is counted ("words", "images", ...), shown with the speed.
    """
    if not sys.stderr.isatty():
        yield _Forecast(label, total, unit)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        TaskProgressColumn(),
        TextColumn("{task.fields[speed]}"),
        TextColumn("{task.fields[note]}", style="dim"),
        TimeRemainingColumn(compact=True),
    )
    bar = Progress(*columns, console=Console(stderr=True), transient=False)
    task = bar.add_task(label, total=total, speed="", note="")

    def advance(n: float = 1, **fields: float | str) -> None:
        bar.update(task, advance=n)
        speed = bar.tasks[0].speed
        note = "  ".join(f"{k} {v:.4g}" if isinstance(v, float) else f"{k} {v}" for k, v in fields.items())
        bar.update(task, speed=f"{_human(speed)} {unit}/s" if speed and unit else "", note=note)

    appearance = threading.Timer(DELAY, bar.start)
    appearance.start()
    try:
        yield advance
    finally:
        appearance.cancel()
        appearance.join()
        bar.stop()


class _Forecast:
    """Counts what is done where no bar is shown, and says once, early, how long the rest takes."""

    def __init__(self, label: str, total: float | None, unit: str) -> None:
        self._label, self._total, self._unit = label, total, unit
        self._done, self._start, self._said = 0.0, (0.0, 0.0), total is None

    def __call__(self, n: float = 1, **fields: float | str) -> None:
        self._done += n
        if self._said or self._total is None:
            return
        now = time.monotonic()
        if not self._start[0]:
            self._start = now, self._done  # what came with the first call may have been done in an earlier run
            return
        began, before = self._start
        if now - began >= EARLY and self._done > before:
            self._said = True
            speed = (self._done - before) / (now - began)
            if (left := (self._total - self._done) / speed) >= LONG:
                log.info("%s: about %s to go, at %s %s/s", self._label, _duration(left), _human(speed), self._unit)


def _duration(seconds: float) -> str:
    """5_400 → '1.5 hours'."""
    for length, unit in ((86400 * 365, "years"), (86400, "days"), (3600, "hours")):
        if seconds >= length:
            return f"{seconds / length:,.1f} {unit}"
    return f"{seconds / 60:.0f} minutes"


def _human(number: float) -> str:
    """Shortens a number: 12_345_678 becomes ``12.3 M``."""
    for factor, suffix in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if number >= factor:
            return f"{number / factor:.3g}{suffix}"
    return f"{number:.3g}"
