import math

import pytest
import torch

from wordsight.errors import ParameterError
from wordsight.training.minibatches import MINIBATCH_FINAL_RATE, Training, train


class Recorder:
    """A step that keeps what it was given: the loss of a batch is the mean of its item numbers."""

    def __init__(self) -> None:
        self.weight = torch.zeros(1, dtype=torch.float64, requires_grad=True)
        self.optimizer = torch.optim.SGD([self.weight], lr=1.0)
        self.batches: list[list[int]] = []
        self.rates: list[float] = []

    def __call__(self, batch: torch.Tensor) -> torch.Tensor:
        self.batches.append(batch.tolist())
        self.rates.append(self.optimizer.param_groups[0]["lr"])
        return self.weight.sum() * 0 + batch.double().mean()


def run(step: Recorder, n_items: int = 10, epochs: int = 3, batch_size: int = 4, seed: int = 0) -> Training:
    generator = torch.Generator().manual_seed(seed)
    return train(
        step,
        [step.optimizer],
        n_items,
        epochs=epochs,
        batch_size=batch_size,
        generator=generator,
        label="test",
        unit="pairs",
    )


def test_every_epoch_visits_every_item_once_in_its_own_order() -> None:
    step = Recorder()
    run(step)
    assert [len(batch) for batch in step.batches] == [4, 4, 2] * 3
    epochs = [[*a, *b, *c] for a, b, c in (step.batches[i : i + 3] for i in (0, 3, 6))]
    assert all(sorted(epoch) == list(range(10)) for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) == 3


def test_the_generator_decides_the_order() -> None:
    first, again, other = Recorder(), Recorder(), Recorder()
    run(first)
    run(again)
    run(other, seed=1)
    assert first.batches == again.batches != other.batches


def test_history_has_the_mean_loss_over_items() -> None:
    training = run(Recorder())
    assert [row["epoch"] for row in training.history] == [1, 2, 3]
    # Of items, not of batches: the mean of 0 … 9, though the last batch is smaller.
    assert [row["loss"] for row in training.history] == pytest.approx([4.5] * 3, rel=1e-15)
    assert all(row["pairs_per_second"] > 0 for row in training.history)
    assert not training.interrupted


def test_the_rate_falls_linearly_from_its_first_value() -> None:
    step = Recorder()
    run(step, n_items=200, epochs=2, batch_size=1)
    assert step.rates[0] == 1
    assert step.rates[100] == pytest.approx(0.75)
    assert step.rates[200] == pytest.approx(0.5)
    assert step.rates[-1] == MINIBATCH_FINAL_RATE
    assert all(later <= earlier for earlier, later in zip(step.rates, step.rates[1:], strict=False))


def test_finds_the_least_squares_solution() -> None:
    random = torch.Generator().manual_seed(0)
    x = torch.randn(200, 3, generator=random, dtype=torch.float64)
    y = x @ torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64) + 0.1 * torch.randn(
        200, generator=random, dtype=torch.float64
    )
    weights = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    training = train(
        lambda batch: ((x[batch] @ weights - y[batch]) ** 2).mean(),
        [torch.optim.Adam([weights], lr=0.05)],
        200,
        epochs=60,
        batch_size=20,
        generator=random,
        label="test",
    )
    expected = torch.linalg.lstsq(x, y[:, None]).solution[:, 0]
    assert weights.detach().numpy() == pytest.approx(expected.numpy(), abs=0.01)
    assert training.history[-1]["loss"] < 0.02 < training.history[0]["loss"]


def test_ctrl_c_keeps_what_was_learned() -> None:
    step = Recorder()

    def interrupted(batch: torch.Tensor) -> torch.Tensor:
        if len(step.batches) == 5:
            raise KeyboardInterrupt
        return step(batch)

    generator = torch.Generator().manual_seed(0)
    training = train(
        interrupted, [step.optimizer], 10, epochs=3, batch_size=4, generator=generator, label="test", unit="pairs"
    )
    assert training.interrupted
    assert [row["epoch"] for row in training.history] == [1]
    assert math.isfinite(training.history[0]["loss"])


@pytest.mark.parametrize("wrong", [{"epochs": 0}, {"batch_size": 0}, {"batch_size": -1}])
def test_refuses_nonsense(wrong: dict[str, int]) -> None:
    name, value = next(iter(wrong.items()))
    with pytest.raises(ParameterError, match=f"{name} is {value}; it must be at least 1"):
        run(Recorder(), **wrong)
