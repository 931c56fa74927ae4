"""Training of torch networks in shuffled minibatches."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import torch

from wordsight.errors import check_at_least_1
from wordsight.interruption import interruption
from wordsight.progress import epoch_ended, progress
from wordsight.training.checkpoint import Stage, stage
from wordsight.training.divergence import check_loss, check_size
from wordsight.training.state import AllChanging

MINIBATCH_FINAL_RATE = 1e-2
"""The learning rates fall linearly to this share of their first values."""

Schedule = Callable[[float, int], float]
"""Function ``schedule(done, epochs)``: factor of the learning rates after ``done`` epochs, which may be a fraction."""


def falling(done: float, epochs: int) -> float:
    """The schedule that falls linearly from 1 to :data:`MINIBATCH_FINAL_RATE`."""
    return max(1 - done / epochs, MINIBATCH_FINAL_RATE)


Step = Callable[[torch.Tensor], torch.Tensor | Mapping[str, torch.Tensor]]
"""Function: item numbers int64 [n_batch] → mean loss, a scalar with gradient; or a dict of this as ``"loss"`` and its
parts."""


@dataclass
class Training:
    """The result of a run.

    Attributes:
        history: for each complete epoch its number, the mean loss over the items, the means of its parts, and the items
            per second.
        interrupted: whether Ctrl-C ended the run early.
    """

    history: list[dict[str, float]] = field(default_factory=list)
    interrupted: bool = False


@dataclass
class _Position:
    """The position of a run.

    Attributes:
        epoch: number of finished epochs.
        done: number of finished items of the current epoch.
        order: order of the items in the current epoch; None before it is drawn.
        sums: summed losses of the current epoch, by part.
        seconds: time spent on the current epoch.
        stopped: whether ``after_epoch`` has ended the run.
        history: one entry for each finished epoch.
    """

    epoch: int = 0
    done: int = 0
    order: torch.Tensor | None = None
    sums: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    stopped: bool = False
    history: list[dict[str, float]] = field(default_factory=list)

    def count(self, n: int, losses: Mapping[str, float]) -> None:
        """Adds a step over n items with some mean losses."""
        self.done += n
        self.sums = {name: self.sums.get(name, 0.0) + loss * n for name, loss in losses.items()}

    def row(self, unit: str, speed: float) -> dict[str, float]:
        """The entry of the history for the current epoch, once it is finished."""
        means = {name: total / self.done for name, total in self.sums.items()}
        return {"epoch": self.epoch + 1, **means, f"{unit}_per_second": speed}

    def __str__(self) -> str:
        return f"epoch {self.epoch + 1} after {self.done:,} items"


def train(
    step: Step,
    optimizers: Sequence[torch.optim.Optimizer],
    n_items: int,
    *,
    epochs: int,
    batch_size: int,
    generator: torch.Generator,
    label: str,
    unit: str = "items",
    schedule: Schedule = falling,
    arrange: Callable[[torch.Tensor], torch.Tensor] | None = None,
    after_epoch: Callable[[dict[str, float]], bool] | None = None,
    changing: AllChanging | None = None,
) -> Training:
    """Minimises a loss; Ctrl-C ends this early and keeps what was learned. Without items nothing changes.

    This is a stage of :mod:`~wordsight.training.checkpoint`.

    Args:
        step: computes the loss of a batch; the history has the means of all parts.
        optimizers: optimizers of all parameters; the schedule multiplies their learning rates.
        n_items: number of items.
        epochs: passes over the items.
        batch_size: items in each step; the last batch of an epoch may be smaller.
        generator: draws a new order of the items for each epoch.
        label: label of the progress bar, such as the model's name.
        unit: name of the items in the progress bar and the history.
        schedule: schedule of the learning rates.
        arrange: rearranges the random order of an epoch, int64 [n_items], before it is cut into batches.
        after_epoch: called with the history's entry for each epoch, to which it may add; False ends the run.
        changing: further objects that ``step`` and ``after_epoch`` change, by name, for the checkpoints.

    Raises:
        ParameterError: ``epochs`` or ``batch_size`` is less than 1.
        DivergenceError: the loss is not finite, or a parameter is out of bounds.
    """
    if not n_items:
        return Training()
    steps = _Steps(step, optimizers, label, epochs=epochs, batch_size=batch_size)
    learned = {"parameters": steps.parameters, "optimizers": optimizers, "generator": generator, **(changing or {})}
    saved = stage(label, {"items": n_items, "epochs": epochs, "batch_size": batch_size}, learned)
    position = saved.position(_Position)
    training = Training(position.history)
    with progress(label, epochs * n_items, unit=unit) as advance:
        if saved.resumed:
            position.order = None if position.order is None else torch.as_tensor(position.order)
            advance(position.epoch * n_items + position.done)
        try:
            with interruption.between_steps():
                while position.epoch < epochs and not position.stopped:
                    began = time.perf_counter() - position.seconds
                    if position.order is None:
                        drawn = torch.randperm(n_items, generator=generator, device=generator.device)
                        position.order = drawn if arrange is None else arrange(drawn)
                    for start in range(position.done, n_items, batch_size):
                        batch = position.order[start : start + batch_size].to(generator.device)
                        steps.make(position, batch, schedule(position.epoch + start / n_items, epochs), saved)
                        advance(len(batch), loss=position.sums["loss"] / position.done)
                        if saved.due:
                            steps.save(position, time.perf_counter() - began, saved)
                    steps.check_parameters(position, saved)
                    training.history.append(position.row(unit, n_items / (time.perf_counter() - began)))
                    stopped = after_epoch is not None and not after_epoch(training.history[-1])
                    epoch_ended(training.history[-1])
                    position = _Position(position.epoch + 1, stopped=stopped, history=training.history)
                saved.finish(vars(position))
        except KeyboardInterrupt:
            training.interrupted = True
    return training


class _Steps:
    """The steps of a run, with their learning rates and checks for divergence."""

    def __init__(
        self, step: Step, optimizers: Sequence[torch.optim.Optimizer], label: str, *, epochs: int, batch_size: int
    ) -> None:
        check_at_least_1(epochs=epochs, batch_size=batch_size)
        self._step, self._optimizers, self._label, self._batch_size = step, optimizers, label, batch_size
        self._first = [[float(group["lr"]) for group in optimizer.param_groups] for optimizer in optimizers]
        self.parameters = [p for optimizer in optimizers for group in optimizer.param_groups for p in group["params"]]

    @property
    def _rate(self) -> float:
        return max(float(group["lr"]) for optimizer in self._optimizers for group in optimizer.param_groups)

    def make(self, position: _Position, batch: torch.Tensor, share: float, saved: Stage) -> None:
        """Makes a step at a share of the initial learning rates, and counts it.

        Raises:
            DivergenceError: the loss is not finite.
        """
        for optimizer, first in zip(self._optimizers, self._first, strict=True):
            for group, rate in zip(optimizer.param_groups, first, strict=True):
                group["lr"] = rate * share
        losses = _updated(self._step, self._optimizers, batch)
        where = f"step {position.done // self._batch_size + 1:,} of epoch {position.epoch + 1}"
        check_loss(losses["loss"], self._label, where, self._rate, saved.last)
        position.count(len(batch), losses)

    def save(self, position: _Position, seconds: float, saved: Stage) -> None:
        """Makes a checkpoint, after a check of the parameters."""
        self.check_parameters(position, saved)
        saved.save({**vars(position), "seconds": seconds}, where=str(position))

    def check_parameters(self, position: _Position, saved: Stage) -> None:
        """Checks that all parameters are in bounds.

        Raises:
            DivergenceError: one is not.
        """
        greatest = [torch.linalg.vector_norm(p.detach(), torch.inf) for p in self.parameters if p.numel()]
        size = torch.stack([g.double().cpu() for g in greatest]).max().item() if greatest else 0.0
        check_size(size, self._label, str(position), self._rate, saved.last)


def update(step: Step, optimizers: Sequence[torch.optim.Optimizer], batch: torch.Tensor) -> float:
    """Makes one step of all optimizers on a batch of items and returns its loss before the step."""
    return _updated(step, optimizers, batch)["loss"]


def _updated(step: Step, optimizers: Sequence[torch.optim.Optimizer], batch: torch.Tensor) -> dict[str, float]:
    """Makes one step and returns all parts of the loss before it."""
    found = step(batch)
    losses = found if isinstance(found, Mapping) else {"loss": found}
    for optimizer in optimizers:
        optimizer.zero_grad()
    losses["loss"].backward()
    for optimizer in optimizers:
        optimizer.step()
    return {name: loss.item() for name, loss in losses.items()}
