"""Passes over items in shuffled minibatches, for every model that is a torch network."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import torch

from wordsight.errors import ParameterError
from wordsight.progress import progress

FINAL_RATE = 1e-2
"""The learning rates fall linearly to this share of their first values."""


@dataclass
class Training:
    """What came of a run.

    Attributes:
        history: for each whole epoch its number, mean loss (float64, over items) and items per second.
        interrupted: whether Ctrl-C ended the run early.
    """

    history: list[dict[str, float]] = field(default_factory=list)
    interrupted: bool = False


def train(
    step: Callable[[torch.Tensor], torch.Tensor],
    optimizers: Sequence[torch.optim.Optimizer],
    n_items: int,
    *,
    epochs: int,
    batch_size: int,
    generator: torch.Generator,
    label: str,
    unit: str = "items",
) -> Training:
    """Minimises a loss; Ctrl-C ends the run early and leaves what was learned.

    Args:
        step: item numbers int64 [n_batch], on the generator's device → their mean loss, a scalar with a graph.
        optimizers: of all parameters; their learning rates fall linearly to 1 % over the run.
        n_items: how many items there are.
        epochs: passes over them.
        batch_size: items a step; the last batch of an epoch may be smaller.
        generator: draws the order of the items, anew in each epoch.
        label: the model's name, for the progress bar.
        unit: what the items are, for the progress bar and the history.

    Raises:
        ParameterError: ``epochs`` or ``batch_size`` is less than 1.
    """
    for name, value in (("epochs", epochs), ("batch_size", batch_size)):
        if value < 1:
            raise ParameterError(f"{name} is {value}; it must be at least 1")
    training = Training()
    rates = [(group, float(group["lr"])) for optimizer in optimizers for group in optimizer.param_groups]
    with progress(label, epochs * n_items, unit=unit) as advance:
        try:
            for epoch in range(epochs):
                start, total, done = time.perf_counter(), 0.0, 0
                order = torch.randperm(n_items, generator=generator, device=generator.device)
                for batch in order.split(batch_size):
                    share = (epoch + done / n_items) / epochs
                    for group, rate in rates:
                        group["lr"] = rate * max(1 - share, FINAL_RATE)
                    loss = update(step, optimizers, batch)
                    done += len(batch)
                    total += loss * len(batch)
                    advance(len(batch), loss=total / done)
                speed = n_items / (time.perf_counter() - start)
                training.history.append({"epoch": epoch + 1, "loss": total / n_items, f"{unit}_per_second": speed})
        except KeyboardInterrupt:
            training.interrupted = True
    return training


def update(
    step: Callable[[torch.Tensor], torch.Tensor], optimizers: Sequence[torch.optim.Optimizer], batch: torch.Tensor
) -> float:
    """Makes one step of all optimizers on a batch of items and returns its loss before the step."""
    loss = step(batch)
    for optimizer in optimizers:
        optimizer.zero_grad()
    loss.backward()
    for optimizer in optimizers:
        optimizer.step()
    return loss.item()


def device(name: str) -> torch.device:
    """The device of that name: ``"cpu"``, ``"cuda"``, ``"cuda:1"``; ``"auto"`` is CUDA where there is one.

    Raises:
        ParameterError: torch has no such device, or this machine has not.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        chosen = torch.device(name)
    except RuntimeError:
        raise ParameterError(f"device is {name!r}; write 'auto', 'cpu' or 'cuda'") from None
    if chosen.type == "cuda" and (chosen.index or 0) >= torch.cuda.device_count():
        raise ParameterError(f"device is {name!r}, but there are {torch.cuda.device_count()} CUDA devices; use 'cpu'")
    return chosen


@contextlib.contextmanager
def threads(n: int | None) -> Iterator[None]:
    """Lets torch use ``n`` threads within the block (None: as many as it wants), then as many as before.

    Raises:
        ParameterError: ``n`` is less than 1.
    """
    if n is not None and n < 1:
        raise ParameterError(f"workers is {n}; it must be at least 1")
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(n or before)
        yield
    finally:
        torch.set_num_threads(before)
