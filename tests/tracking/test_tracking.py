"""Callbacks: what they are told of a run, and what the files for other programs hold."""

from __future__ import annotations

import importlib
import json
import logging
import struct
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from wordsight.errors import MissingExtraError, WriteError
from wordsight.models.sgns import SGNS
from wordsight.progress import ProgressReport, epoch_ended, progress, tracked_by
from wordsight.text.corpus import Corpus
from wordsight.tracking.json_lines import JSONLines
from wordsight.tracking.tensorboard import TensorBoard
from wordsight.tracking.weights_and_biases import WeightsAndBiases


def corpus() -> Corpus:
    return Corpus.from_documents([["a", "b", "c", "d"] * 10] * 20)


def test_callbacks_hear_of_each_epoch_and_of_the_end() -> None:
    heard: list[ProgressReport] = []
    with tracked_by(heard.append, seconds=0.0):
        model = SGNS(dim=4, epochs=3, subsample=0, workers=1).fit(corpus())
    own = [report for report in heard if report.loop == "SGNS"]
    assert [report.figures for report in own if report.event == "epoch"] == model.history_
    assert [report.event for report in own][-1] == "end" and own[-1].done == own[-1].total == 3 * 800
    assert {report.event for report in own} == {"progress", "epoch", "end"} and own[0].unit == "words"
    SGNS(dim=4, epochs=1, subsample=0, workers=1).fit(corpus())
    assert own == [report for report in heard if report.loop == "SGNS"], "nothing is told outside the block"


def test_reports_keep_their_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    heard: list[ProgressReport] = []
    with tracked_by(heard.append, seconds=5.0), progress("reading", 100, unit="words") as advance:
        for _ in range(100):
            now[0] += 0.5
            advance(1, loss=0.5)
    assert [report.done for report in heard if report.event == "progress"] == list(range(10, 101, 10))


def test_a_callback_that_fails_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def failing(report: ProgressReport) -> None:
        raise OSError("the disk is full")

    heard: list[ProgressReport] = []
    with tracked_by(failing, heard.append), progress("reading", 2) as advance:
        advance(1)
        epoch_ended({"epoch": 1})
        advance(1)
    assert [report.event for report in heard] == ["epoch", "end"]
    assert [r.message for r in caplog.records if r.levelno == logging.WARNING and "the disk is full" in r.message]
    assert len(caplog.records) == 1


def test_lines_of_json_go_on_in_one_log(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    for _ in range(2):
        with tracked_by(JSONLines(path)):
            model = SGNS(dim=4, epochs=2, subsample=0, workers=1).fit(corpus())
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["kind"] for line in lines if "kind" in line] == ["training log"] * 2
    epochs = [line["figures"] for line in lines if line.get("event") == "epoch"]
    assert epochs[2:] == model.history_ and len(epochs) == 4
    assert all(line["time"] > 1e9 for line in lines)


def test_a_log_does_not_spoil_other_files(tmp_path: Path) -> None:
    for name, content in (("thesis.txt", "Chapter 1\n"), ("other.jsonl", '{"kind": "results"}\n'), ("list", "[1]\n")):
        path = tmp_path / name
        path.write_text(content)
        with pytest.raises(WriteError, match="is no training log of wordsight"):
            JSONLines(path)
        assert path.read_text() == content
    with pytest.raises(WriteError, match=r"cannot write .*nowhere"):
        JSONLines(tmp_path / "nowhere" / "log.jsonl")


def records(path: Path) -> list[bytes]:
    """The records of a file of TensorFlow's: length, checksum, content, checksum."""
    data, found = path.read_bytes(), []
    while data:
        (length,) = struct.unpack("<Q", data[:8])
        found.append(data[12 : 12 + length])
        data = data[16 + length :]
    return found


def test_tensorboard_reads_the_curves(tmp_path: Path) -> None:
    events = pytest.importorskip("tensorboardX.proto.event_pb2")
    with tracked_by(TensorBoard(tmp_path)):
        model = SGNS(dim=4, epochs=2, subsample=0, workers=1).fit(corpus())
    (path,) = tmp_path.iterdir()
    parsed = [events.Event.FromString(record) for record in records(path)]
    curve = {(v.tag, event.step): v.simple_value for event in parsed for v in event.summary.value}
    for row in model.history_:
        assert curve["SGNS/epoch/loss", int(row["epoch"])] == pytest.approx(row["loss"], rel=1e-6)
    assert ("SGNS/loss", 1600) in curve


class Run:
    """A run of wandb, as far as it is used."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.finished = False

    def log(self, data: dict[str, Any]) -> None:
        self.rows.append(data)

    def finish(self) -> None:
        self.finished = True


def test_weights_and_biases_gets_the_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    run, given = Run(), dict[str, Any]()
    module = types.ModuleType("wandb")
    module.init = lambda **settings: given.update(settings) or run  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "wandb", module)
    with tracked_by(WeightsAndBiases("geese", mode="offline", name="first")):
        model = SGNS(dim=4, epochs=2, subsample=0, workers=1).fit(corpus())
    assert given == {"project": "geese", "mode": "offline", "name": "first"} and run.finished
    losses = [row["SGNS/epoch/loss"] for row in run.rows if "SGNS/epoch/loss" in row]
    assert losses == [row["loss"] for row in model.history_]


@pytest.mark.parametrize(("make", "package"), [(TensorBoard, "tensorboardX"), (WeightsAndBiases, "wandb")])
def test_a_missing_package_names_its_extra(make: Any, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def without(name: str) -> types.ModuleType:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(importlib, "import_module", without)
    with pytest.raises(MissingExtraError, match=rf"needs the package {package}.*wordsight\[(tensorboard|wandb)\]"):
        make("place")
