"""Schedules, orders and early ends of the loop."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from wordsight.training.minibatches import train


def run(**options: Any) -> tuple[list[list[int]], list[float], list[dict[str, float]]]:
    weight = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=2.0)
    batches: list[list[int]] = []
    rates: list[float] = []

    def step(batch: torch.Tensor) -> torch.Tensor:
        batches.append(batch.tolist())
        rates.append(optimizer.param_groups[0]["lr"])
        return weight.sum()

    generator = torch.Generator().manual_seed(0)
    training = train(step, [optimizer], 6, epochs=4, batch_size=3, generator=generator, label="test", **options)
    return batches, rates, training.history


def test_a_schedule_multiplies_the_first_rate() -> None:
    _, rates, _ = run(schedule=lambda done, epochs: 0.1 ** (int(done) // 2) + epochs)
    assert rates == pytest.approx([2 * (1 + 4)] * 4 + [2 * (0.1 + 4)] * 4)


def test_an_order_is_cut_into_batches_as_it_is_arranged() -> None:
    batches, _, _ = run(arrange=lambda order: order.sort().values)
    assert batches == [[0, 1, 2], [3, 4, 5]] * 4


def test_an_epoch_s_end_may_add_to_the_history_and_end_the_run() -> None:
    def after(row: dict[str, float]) -> bool:
        row["double"] = 2 * row["epoch"]
        return row["epoch"] < 3

    batches, _, history = run(after_epoch=after)
    assert [row["double"] for row in history] == [2, 4, 6] and len(batches) == 6
