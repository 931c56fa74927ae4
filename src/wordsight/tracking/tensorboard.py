"""Curves of a run for TensorBoard."""

from __future__ import annotations

import os

from wordsight.extras import require
from wordsight.progress import ProgressReport


class TensorBoard:
    """A callback that writes event files for TensorBoard; needs the extra ``tensorboard``.

    The figures of a loop are the scalars ``LOOP/FIGURE``, over the units done. Those of finished epochs are
    ``LOOP/epoch/FIGURE``, over the epoch. Look at them with ``tensorboard --logdir DIR``.

    Args:
        directory: folder of the event files.

    Raises:
        MissingExtraError: tensorboardX is not installed.
    """

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        self._directory = os.fspath(directory)
        self._writer = require("tensorboardX").SummaryWriter(self._directory)

    def __call__(self, report: ProgressReport) -> None:
        """Writes the scalars of a report."""
        is_epoch = report.event == "epoch"
        start = f"{report.loop}/epoch" if is_epoch else report.loop
        figures = {name: value for name, value in report.figures.items() if isinstance(value, int | float)}
        step = int(figures.pop("epoch")) if is_epoch else int(report.done)
        if report.speed is not None and not is_epoch:
            figures[f"{report.unit or 'units'}_per_second"] = report.speed
        for name, value in figures.items():
            self._writer.add_scalar(f"{start}/{name}", value, step)
        self._writer.flush()

    def close(self) -> None:
        """Closes the event file."""
        self._writer.close()

    def __repr__(self) -> str:
        return f"TensorBoard({self._directory!r})"
