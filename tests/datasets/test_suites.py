"""Suites: found in folders and the cache, else fetched from a server on this machine, else left out with a line."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from tests.datasets.conftest import CONTENT, Server

from wordsight.datasets import registry, suites
from wordsight.datasets.registry import Dataset, RemoteFile, dataset
from wordsight.datasets.suites import SUITES, suite_files
from wordsight.errors import DataError, UnknownNameError

pytest.importorskip("pooch")


@pytest.fixture(autouse=True)
def tiny(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A suite of two sets, whose files the server has; an empty cache."""
    files = [RemoteFile(f"{name}.txt", f"{server.url}/{name}.txt") for name in ("one", "two")]
    sets = [Dataset(file.name[:3], "w", "https://example.org", "l", "c", "f", "ask", (file,)) for file in files]
    monkeypatch.setattr(registry, "DATASETS", tuple(sets))
    monkeypatch.setitem(suites.SUITES, "tiny", {"one": (), "two": ("Published.csv",)})
    monkeypatch.setenv("WORDSIGHT_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("WORDSIGHT_DATA", raising=False)
    server.files = {"/one.txt": CONTENT, "/two.txt": CONTENT}


def test_fetched_once_and_kept(server: Server, tmp_path: Path) -> None:
    first = suite_files("tiny")
    assert [path.read_bytes() for path in first] == [CONTENT, CONTENT]
    assert suite_files("tiny") == first
    assert len(server.asked) == 2


def test_files_at_hand_come_first(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine/deep").mkdir(parents=True)
    (tmp_path / "mine/deep/Published.csv").write_text("sun,moon,3\n")
    (tmp_path / "data").mkdir()
    (tmp_path / "data/one.txt").write_text("sun moon 3\n")
    monkeypatch.setenv("WORDSIGHT_DATA", str(tmp_path / "data"))
    assert suite_files("TINY", [tmp_path / "mine"]) == [tmp_path / "data/one.txt", tmp_path / "mine/deep/Published.csv"]
    assert not server.asked


def test_what_cannot_be_had_is_left_out_and_said(
    server: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "two.txt").write_text("sun moon 3\n")
    server.files.clear()
    with caplog.at_level(logging.WARNING):
        assert suite_files("tiny", [tmp_path]) == [tmp_path / "two.txt"]
    assert "left out, for they are not there: one (cannot fetch" in caplog.text
    assert len(server.asked) == 1  # after one failure no other is tried
    (tmp_path / "two.txt").unlink()
    with pytest.raises(DataError, match="no file of the suite tiny is there"):
        suite_files("tiny")
    with pytest.raises(UnknownNameError, match="there are: english"):
        suite_files("deutsch")


def test_all_sets_of_suites_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    for members in SUITES.values():
        assert all(dataset(member).fetchable for member in members)
