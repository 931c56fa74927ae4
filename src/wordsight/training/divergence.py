"""Training that has gone out of bounds is stopped, with what is needed to mend it."""

from __future__ import annotations

import math

from wordsight.errors import DivergenceError

GREATEST = 1e6
"""No number that is learned is ever this large, unless the steps are too long and make each other longer."""


def check_loss(loss: float, label: str, where: str, rate: float, checkpoint: str | None) -> None:
    """Does nothing for a finite loss.

    Args:
        loss: as it was read anyway, so that the check costs nothing.
        label: the loop's name.
        where: the loop is, such as ``"step 12 of epoch 3"``.
        rate: the learning rate.
        checkpoint: the last one in words, or None.

    Raises:
        DivergenceError: it is NaN or infinite.
    """
    if not math.isfinite(loss):
        raise _diverged(f"the loss is {loss}", label, where, rate, checkpoint)


def check_size(size: float, label: str, where: str, rate: float, checkpoint: str | None) -> None:
    """Does nothing as long as the greatest of the learned numbers, by its absolute value, is in bounds.

    Args:
        size: that greatest number; NaN where any of them is.
        label: the loop's name.
        where: the loop is.
        rate: the learning rate.
        checkpoint: the last one in words, or None.

    Raises:
        DivergenceError: it is :data:`GREATEST` or more, or NaN.
    """
    if not size < GREATEST:
        raise _diverged(f"a learned number is {size:.3g}", label, where, rate, checkpoint)


def _diverged(what: str, label: str, where: str, rate: float, checkpoint: str | None) -> DivergenceError:
    last = f"; the last good checkpoint is {checkpoint}" if checkpoint else ""
    return DivergenceError(
        f"{label} diverged in {where}, at a learning rate of {rate:.3g}: {what}; lower learning_rate{last}"
    )
