from __future__ import annotations

import logging
from pathlib import Path

import pytest

from wordsight.errors import DataError, WriteError
from wordsight.storage.unfinished import UnfinishedRun, discard, interrupted_model


def test_it_goes_on_with_the_same_settings_alone(tmp_path: Path) -> None:
    folder = tmp_path / "out.partial"
    assert not UnfinishedRun(folder, "training", {"model": {"dim": 3, "seed": 0}}).resumed
    assert UnfinishedRun(folder, "training", {"model": {"dim": 3, "seed": 0}}).resumed
    advice = f"give the same settings again to go on, or delete {folder} to begin anew"
    for work, facts, difference in (
        ("training", {"model": {"dim": 4, "seed": 0}}, "model.dim 3, not 4"),
        ("training", {"model": {"dim": 3}}, "model.seed 0, not None"),
        ("encoding", {"model": {"dim": 3, "seed": 0}}, "work 'training', not 'encoding'"),
    ):
        with pytest.raises(DataError) as caught:
            UnfinishedRun(folder, work, facts)
        assert str(caught.value) == f"{folder} was begun with {difference}; {advice}"


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/thesis.txt").touch()
    for name, found in (("file", "file"), ("folder", "thesis.txt")):
        message = rf"was not written by wordsight \(it holds {found}\); move it or choose another output"
        with pytest.raises(WriteError, match=message):
            UnfinishedRun(tmp_path / name, "training", {})


def test_what_an_interrupted_run_without_checkpoints_left_is_no_hindrance(tmp_path: Path) -> None:
    folder = tmp_path / "out.partial"
    interrupted_model(folder).mkdir(parents=True)
    (folder / ".config.json.1.tmp").touch()
    assert not UnfinishedRun(folder, "training", {}).resumed


def test_only_what_a_run_wrote_is_deleted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = tmp_path / "out.partial"
    run = UnfinishedRun(folder, "training", {})
    kept = ["mine.safetensors", "thesis.txt"]
    for name in ("0.safetensors", "12.safetensors", "scan.safetensors", "rows.bin", *kept):
        (folder / name).touch()
    photos = interrupted_model(folder)
    photos.mkdir()
    (photos / "cat.jpg").touch()
    with caplog.at_level(logging.WARNING, "wordsight"):
        run.discard()
    assert sorted(path.name for path in folder.rglob("*")) == ["cat.jpg", "interrupted", *kept]
    assert caplog.messages == [f"{folder} stays, as it holds files that wordsight did not write"]
    for path in [photos / "cat.jpg", *(folder / name for name in kept)]:
        path.unlink()
    photos.rmdir()
    discard(folder)
    discard(folder)
    assert not folder.exists()
