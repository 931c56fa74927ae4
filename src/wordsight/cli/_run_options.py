"""Options of a long run: its time limit, and what keeps its progress."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wordsight.errors import ParameterError

if TYPE_CHECKING:
    from wordsight.progress import Callback

OUT_OF_TIME = 124
"""With what a verb ends whose time limit was reached, as with ``timeout``."""
_UNITS = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
_CLOCK = re.compile(r"(?:(\d+)-)?(\d+):(\d\d):(\d\d)")

TimeLimit = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="Such as 2h, 1h30m or 1-12:00:00: save and stop then, with exit code 124."),
]
LogFile = Annotated[Path | None, typer.Option("--log", metavar="FILE.jsonl", help="Progress as lines of JSON.")]
TensorBoardFolder = Annotated[Path | None, typer.Option("--tensorboard", metavar="DIR", help="Curves for TensorBoard.")]
WandbProject = Annotated[
    str | None,
    typer.Option("--wandb", metavar="PROJECT", help="Curves for Weights & Biases; WANDB_MODE=offline keeps them here."),
]


def seconds_of(limit: str | None) -> float | None:
    """The seconds of a time such as ``2h``, ``1h30m`` or, as Slurm writes it, ``1-12:00:00``; None of None.

    Raises:
        ParameterError: it is no such time.
    """
    if limit is None:
        return None
    match = _CLOCK.fullmatch(limit) or _UNITS.fullmatch(limit)
    parts = [int(part or 0) for part in match.groups()] if match else [0]
    if not any(parts):
        raise ParameterError(f"--time-limit {limit}: write a time such as 2h, 90m, 1h30m, 45s or 1-12:00:00")
    return float(sum(part * size for part, size in zip(parts, (86400, 3600, 60, 1), strict=True)))


def callbacks(log: Path | None, tensorboard: Path | None, wandb: str | None) -> list[Callback]:
    """The callbacks that the options ask for.

    Raises:
        WriteError: the log cannot be written.
        MissingExtraError: an optional package is not installed.
    """
    from wordsight.tracking.json_lines import JSONLines
    from wordsight.tracking.tensorboard import TensorBoard
    from wordsight.tracking.weights_and_biases import WeightsAndBiases

    found: list[Callback] = [] if log is None else [JSONLines(log)]
    found += [] if tensorboard is None else [TensorBoard(tensorboard)]
    return found + ([] if wandb is None else [WeightsAndBiases(wandb)])
