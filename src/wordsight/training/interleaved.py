"""Minibatches of one task that are interleaved with the loop of another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from wordsight.training.corpus_passes import Segment
from wordsight.training.minibatches import Step, falling, update


class Interleaved:
    """Passes over items in shuffled minibatches, in step with another loop.

    Args:
        step: as for :func:`wordsight.training.minibatches.train`.
        optimizers: optimizers of all parameters; their learning rates fall linearly.
        n_items: number of items.
        epochs: passes over the items in the whole run.
        batch_size: items in each step.
        generator: draws a new order of the items for each epoch.
    """

    def __init__(
        self,
        step: Step,
        optimizers: Sequence[torch.optim.Optimizer],
        n_items: int,
        *,
        epochs: int,
        batch_size: int,
        generator: torch.Generator,
    ) -> None:
        self._step, self._optimizers = step, optimizers
        self._rates = [(group, float(group["lr"])) for optimizer in optimizers for group in optimizer.param_groups]
        self._n_items, self._epochs, self._batch_size = n_items, epochs, batch_size
        self._generator = generator
        self._done = 0
        self._order = torch.zeros(n_items, dtype=torch.int64)

    def turn(self, segment: Segment) -> dict[str, float]:
        """Makes the steps that are due after a segment of the other loop; returns their mean loss, if any."""
        due, total, made = round(segment.done * self._epochs * self._n_items), 0.0, 0
        while self._done < due:
            first = self._done % self._n_items
            if first == 0:
                self._order = torch.randperm(self._n_items, generator=self._generator)
            batch = self._order[first : first + self._batch_size]
            for group, rate in self._rates:
                group["lr"] = rate * falling(self._done / self._n_items, self._epochs)
            total += update(self._step, self._optimizers, batch) * len(batch)
            made += len(batch)
            self._done += len(batch)
        return {"joint_loss": total / made} if made else {}

    def state_dict(self) -> dict[str, Any]:
        """The position in the items, for the checkpoints."""
        return {"done": self._done, "order": self._order}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restores the position of a checkpoint."""
        self._done, self._order = int(state_dict["done"]), state_dict["order"]
