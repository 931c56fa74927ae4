"""Checkpoints of loops: what is saved, when, and what is refused. (That every model goes on bit for bit is in
tests/models/test_conformance.py; that processes survive being killed, in tests/robustness/test_kills.py.)"""

from __future__ import annotations

import itertools
import logging
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from wordsight.errors import DataError, WriteError
from wordsight.storage.tensors import read_metadata, write_tensors
from wordsight.training.checkpoint import checkpointing, stage
from wordsight.training.minibatches import Training, train
from wordsight.training.state import joined, put_back, split


class Regression:
    """Least squares by minibatches, which can be stopped after some steps."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.weights = torch.zeros(3, requires_grad=True)
        self.generator = torch.Generator().manual_seed(1)
        self._x = torch.randn(20, 3, generator=torch.Generator().manual_seed(0))
        self._calls, self._stop_after = itertools.count(1), stop_after
        self.epochs: list[int] = []

    def step(self, batch: torch.Tensor) -> dict[str, torch.Tensor]:
        if next(self._calls) == self._stop_after:
            raise RuntimeError("stopped")
        noise = torch.randn(len(batch), generator=self.generator)
        error = (self._x[batch] @ (self.weights - 1) + 0.1 * noise).square().mean()
        return {"loss": error + 0.01 * self.weights.square().sum(), "error": error}

    def state_dict(self) -> dict[str, object]:
        return {"epochs": self.epochs}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.epochs[:] = state["epochs"]

    def after_epoch(self, row: dict[str, float]) -> bool:
        self.epochs.append(int(row["epoch"]))
        row["so_far"] = len(self.epochs)
        return row["epoch"] < 4

    def run(self, label: str = "Regression", batch_size: int = 6) -> Training:
        return train(
            self.step,
            [torch.optim.Adam([self.weights], lr=0.1)],
            20,
            epochs=9,
            batch_size=batch_size,
            generator=self.generator,
            label=label,
            after_epoch=self.after_epoch,
            changing={"regression": self},
        )


def timeless(training: Training) -> list[dict[str, float]]:
    return [{name: value for name, value in row.items() if "second" not in name} for row in training.history]


@pytest.mark.parametrize("stop_after", range(2, 17))
def test_a_loop_goes_on_bit_for_bit_from_any_step(tmp_path: Path, stop_after: int) -> None:
    whole = Regression()
    expected = whole.run()
    assert [row["epoch"] for row in expected.history] == [1, 2, 3, 4], "after_epoch ends the run"
    with pytest.raises(RuntimeError, match="stopped"), checkpointing(tmp_path / "run", {"a": 1}, minutes=0):
        Regression(stop_after).run()
    again = Regression()
    with checkpointing(tmp_path / "run", {"a": 1}, minutes=0) as checkpoints:
        found = again.run()
        assert next(again._calls) == 16 - (stop_after - 1) + 1, "no step is made twice"
    assert torch.equal(whole.weights, again.weights) and whole.epochs == again.epochs
    assert timeless(found) == timeless(expected)
    checkpoints.discard()
    assert not (tmp_path / "run").exists()


def test_stages_that_ended_are_not_run_again(tmp_path: Path) -> None:
    whole = [Regression(), Regression()]
    for run, label in zip(whole, ("first", "second"), strict=True):
        run.run(label)
    with pytest.raises(RuntimeError), checkpointing(tmp_path / "run", {}, minutes=0):
        Regression().run("first")
        Regression(stop_after=7).run("second")
    again = [Regression(), Regression()]
    with checkpointing(tmp_path / "run", {}, minutes=0):
        for run, label in zip(again, ("first", "second"), strict=True):
            run.run(label)
    assert [next(run._calls) for run in again] == [1, 11]
    assert all(torch.equal(a.weights, b.weights) for a, b in zip(whole, again, strict=True))


def test_nothing_is_saved_outside_or_too_early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Regression().run()
    assert not list(tmp_path.iterdir())
    with pytest.raises(RuntimeError), checkpointing(tmp_path / "run", {}, minutes=60):
        Regression(stop_after=8).run()
    assert not list(tmp_path.iterdir()), "a folder without checkpoints is deleted"
    with checkpointing(tmp_path / "run", {}, minutes=60):
        Regression().run()
    assert [path.name for path in (tmp_path / "run").glob("*.safetensors")] == ["0.safetensors"], "its end is saved"


def test_the_first_checkpoint_comes_after_a_minute_and_others_every_five(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, saved = [0.0], list[int]()
    monkeypatch.setattr("wordsight.training.checkpoint.time.monotonic", lambda: now[0])
    with checkpointing(tmp_path / "run", {}):
        loop = stage("loop", {}, {})
        for minute in range(1, 14):
            now[0] = 60.0 * minute
            if loop.due:
                saved.append(minute)
                loop.save({}, where="here")
    assert saved == [1, 6, 11]


def test_what_follows_an_interruption_is_not_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends a loop early, but fit goes on to read out; the next loops are not those of a whole run."""
    interrupted = Regression()
    interrupted._stop_after = 5
    step = interrupted.step

    def ctrl_c(batch: torch.Tensor) -> dict[str, torch.Tensor]:
        try:
            return step(batch)
        except RuntimeError:
            raise KeyboardInterrupt from None

    monkeypatch.setattr(interrupted, "step", ctrl_c)
    with checkpointing(tmp_path / "run", {}, minutes=0):
        assert interrupted.run("first").interrupted
        Regression().run("second")
    assert [path.name for path in (tmp_path / "run").glob("*.safetensors")] == ["0.safetensors"]


def test_other_facts_loops_and_shapes_are_refused(tmp_path: Path) -> None:
    facts = {"model": {"dim": 3, "rates": [0.1, 0.2]}, "data": "abc"}
    with checkpointing(tmp_path / "run", facts, minutes=0):
        Regression().run()
    for other, difference in (
        ({**facts, "data": "abd"}, "with data 'abc', not 'abd'; give the same settings again to go on, or delete"),
        ({**facts, "model": {"dim": 4}}, "with model.dim 3, not 4"),
        ({**facts, "new": True}, "with new None, not True"),
        ({"model": facts["model"]}, "with data 'abc', not None"),
    ):
        with pytest.raises(DataError, match=f"run was begun {difference}"), checkpointing(tmp_path / "run", other):
            pytest.fail("the block must not run")
    message = r"is a checkpoint of .*'Regression'.*'batch_size': 6.*, not of .*"
    with pytest.raises(DataError, match=f"{message}'Other'"), checkpointing(tmp_path / "run", facts):
        Regression().run("Other")
    with pytest.raises(DataError, match=f"{message}'batch_size': 7"), checkpointing(tmp_path / "run", facts):
        Regression().run(batch_size=7)
    larger = Regression()
    larger.weights = torch.zeros(4, requires_grad=True)
    with pytest.raises(DataError, match="does not fit the model"), checkpointing(tmp_path / "run", facts):
        larger.run()


@pytest.mark.parametrize("damage", ["cut", "metadata", "position"])
def test_a_damaged_checkpoint_is_one_clear_error(tmp_path: Path, damage: str) -> None:
    with checkpointing(tmp_path / "run", {}, minutes=0):
        Regression().run()
    path = tmp_path / "run/0.safetensors"
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-8])
    elif damage == "metadata":
        write_tensors(path, {}, {"facts": "{"})
    else:
        metadata = read_metadata(path)
        data = path.read_bytes().replace(b'[\\"epoch\\", 4]', b'[\\"ep\\u00f6\\", 4]')
        assert metadata and data != path.read_bytes()
        path.write_bytes(data)
    with pytest.raises(DataError, match=r"0\.safetensors"), checkpointing(tmp_path / "run", {}):
        Regression().run()


def test_a_full_disk_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise WriteError("cannot write x: No space left on device")

    monkeypatch.setattr("wordsight.training.checkpoint.write_tensors", full)
    with caplog.at_level(logging.WARNING), checkpointing(tmp_path / "run", {}, minutes=0):
        assert len(Regression().run().history) == 4
    assert "no checkpoint: cannot write x: No space left on device; the run goes on" in caplog.text


def test_states_of_all_kinds_are_put_back_in_place() -> None:
    generator, table = torch.Generator().manual_seed(3), np.arange(6.0).reshape(2, 3)
    module = torch.nn.Linear(2, 2)
    optimizer = torch.optim.SparseAdam([torch.zeros(2, requires_grad=True)])
    things = {"table": table, "all": [module.weight, generator], "module": module, "optimizer": optimizer}
    tree, arrays = split({"things": things, "position": {"epoch": 3, "order": torch.arange(3), "nothing": None}})
    expected, weight = torch.rand(4, generator=generator), module.weight.detach().clone()
    state = joined(tree, {name: array.copy() for name, array in arrays.items()})
    table[:] = -1
    with torch.no_grad():
        module.weight.zero_()
    put_back(things, state["things"])
    assert table.tolist() == [[0, 1, 2], [3, 4, 5]] and torch.equal(module.weight, weight)
    assert torch.equal(torch.rand(4, generator=generator), expected)
    assert state["position"]["epoch"] == 3 and state["position"]["order"].tolist() == [0, 1, 2]
    with pytest.raises(ValueError, match=r"an array has the shape \[2, 3\], not \[3\]"):
        put_back(np.zeros(3), state["things"]["table"])


def test_a_stage_without_checkpoints_costs_nothing() -> None:
    idle = stage("loop", {}, {})
    assert not idle.due and not idle.resumed and idle.last is None and idle.position(dict) == {}
    idle.save({"cannot": object()}, where="")
    idle.finish({"cannot": object()})
