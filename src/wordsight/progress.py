"""Progress bars: one look everywhere, on standard error, only where a person is watching."""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Callable, Iterator

Advance = Callable[..., None]
"""``advance(n, **fields)``: n more units are done; fields such as ``loss=.31`` appear beside the bar."""

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
        yield lambda n=1, **fields: None
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


def _human(number: float) -> str:
    """Shortens a number: 12_345_678 becomes ``12.3 M``."""
    for factor, suffix in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if number >= factor:
            return f"{number / factor:.3g}{suffix}"
    return f"{number:.3g}"
