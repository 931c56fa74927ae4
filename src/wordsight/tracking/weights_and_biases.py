"""Curves of a run for Weights & Biases."""

from __future__ import annotations

from typing import Any

from wordsight.extras import require
from wordsight.progress import ProgressReport


class WeightsAndBiases:
    """A callback that logs to Weights & Biases; needs the extra ``wandb``.

    Nothing leaves this machine with ``mode="offline"``, or where the variable WANDB_MODE says so.

    Args:
        project: name of the project.
        settings: other arguments of ``wandb.init``, such as ``name``, ``mode`` or ``config``.

    Raises:
        MissingExtraError: wandb is not installed.
    """

    def __init__(self, project: str, **settings: Any) -> None:
        self._project = project
        self._run = require("wandb").init(project=project, **settings)

    def __call__(self, report: ProgressReport) -> None:
        """Logs the figures of a report, with the units done of its loop."""
        start = f"{report.loop}/epoch" if report.event == "epoch" else report.loop
        figures = {f"{start}/{name}": v for name, v in report.figures.items() if isinstance(v, int | float)}
        if report.speed is not None:
            figures[f"{report.loop}/{report.unit or 'units'}_per_second"] = report.speed
        self._run.log({f"{report.loop}/done": report.done, **figures})

    def close(self) -> None:
        """Ends the run."""
        self._run.finish()

    def __repr__(self) -> str:
        return f"WeightsAndBiases({self._project!r})"
