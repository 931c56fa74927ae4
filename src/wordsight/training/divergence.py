"""Checks that training has not diverged."""

from __future__ import annotations

import math

from wordsight.errors import DivergenceError

GREATEST = 1e6
"""Bound of the absolute values of parameters. Only diverging training reaches it."""


def check_loss(loss: float, label: str, where: str, rate: float, checkpoint: str | None) -> None:
    """Checks that the loss is finite.

    Args:
        loss: current loss.
        label: name of the loop.
        where: position of the loop, such as ``"step 12 of epoch 3"``.
        rate: learning rate.
        checkpoint: description of the last checkpoint, or None.

    Raises:
        DivergenceError: the loss is NaN or infinite.
    """
    if not math.isfinite(loss):
        raise _diverged(f"the loss is {loss}", label, where, rate, checkpoint)


def check_size(size: float, label: str, where: str, rate: float, checkpoint: str | None) -> None:
    """Checks that the greatest absolute value of the parameters is in bounds.

    Args:
        size: greatest absolute value; NaN if any parameter is NaN.
        label: name of the loop.
        where: position of the loop.
        rate: learning rate.
        checkpoint: description of the last checkpoint, or None.

    Raises:
        DivergenceError: the value is :data:`GREATEST` or more, or NaN.
    """
    if not size < GREATEST:
        raise _diverged(f"a learned number is {size:.3g}", label, where, rate, checkpoint)


def _diverged(what: str, label: str, where: str, rate: float, checkpoint: str | None) -> DivergenceError:
    last = f"; the last good checkpoint is {checkpoint}" if checkpoint else ""
    return DivergenceError(
        f"{label} diverged in {where}, at a learning rate of {rate:.3g}: {what}; lower learning_rate{last}"
    )
