"""A corpus that is kept is used again for the very same text only."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from wordsight.text import _stamps
from wordsight.text.corpus import Corpus


def words_after(path: Path, content: bytes, times: os.stat_result) -> list[str]:
    """The words of a text that was written anew in its place, with its times put back."""
    path.write_bytes(content)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    return sorted(Corpus.from_text(path, min_count=1).vocabulary.words)


@pytest.mark.parametrize("whole", [1 << 24, 0], ids=["hashed", "sampled"])
def test_other_content_of_the_same_size_and_time_is_encoded_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: int
) -> None:
    monkeypatch.setattr(_stamps, "WHOLE", whole)
    path = tmp_path / "text.txt"
    path.write_bytes(b"goose duck")
    times = path.stat()
    assert sorted(Corpus.from_text(path, min_count=1).vocabulary.words) == ["duck", "goose"]
    assert words_after(path, b"goose swan", times) == ["goose", "swan"]
    assert len(list((tmp_path / "text.txt.wordsight").iterdir())) == 1, "what was kept of the older text is deleted"


@pytest.mark.parametrize("position", [0, 1 << 21, (1 << 22) - 1], ids=["beginning", "middle", "end"])
def test_samples_see_the_beginning_the_middle_and_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, position: int
) -> None:
    """Not by the time of the last change of status, which is held."""
    monkeypatch.setattr(_stamps, "WHOLE", 0)
    content = bytearray(b"goose " * (1 << 20))[: 1 << 22]
    path = tmp_path / "text.txt"
    found = []
    for letter in (content[position], ord("x")):
        content[position] = letter
        path.write_bytes(content)
        with path.open("rb") as stream:
            found.append(_stamps._sampled(stream, len(content), changed=0))
    assert found[0] != found[1]


def test_what_changed_between_the_samples_is_seen_by_the_time_of_the_change(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(b"goose duck")
    with path.open("rb") as stream:
        assert _stamps._sampled(stream, 10, changed=1) != _stamps._sampled(stream, 10, changed=2)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes that have a name")
def test_a_pipe_is_not_read_for_its_stamp(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert _stamps.stamp(tmp_path / "pipe")[-1] == ""
