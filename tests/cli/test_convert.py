"""``convert``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.cli.conftest import Run

from wordsight.vectors.word_vectors import WordVectors

Refused = Callable[..., None]


def test_convert_goes_through_all_formats_without_a_loss(run: Run, tmp_path: Path, vectors: Path) -> None:
    for source, target in (("vectors", "v.bin"), ("v.bin", "v.txt"), ("v.txt", "v.vec"), ("v.vec", "again")):
        result = run("convert", source, target)
        assert result.code == 0 and f"{target}: 16 words, dim 2" in result.out
    original, again = WordVectors.load(vectors), WordVectors.load(tmp_path / "again")
    assert again.words == original.words
    np.testing.assert_array_equal(again.matrix, original.matrix)
    assert (tmp_path / "v.txt").read_bytes() == (tmp_path / "v.vec").read_bytes()
    assert (tmp_path / "v.bin").read_bytes().startswith(b"16 2\ngoose ")


def test_convert_refuses_bad_input(refused: Refused, run: Run, tmp_path: Path, vectors: Path) -> None:
    refused("convert", vectors, "v.foo", because="ending .foo names no format")
    refused("convert", vectors, "v.txt.gz", because="leave out .gz")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").touch()
    refused("convert", vectors, "mine", because="was not written by wordsight")
    assert run("convert", vectors, "v.bin").code == 0
    truncate(tmp_path / "v.bin")
    refused("convert", "v.bin", "v.txt", because="v.bin is cut off")


def test_convert_to_a_full_disk_leaves_nothing(
    refused: Refused, tmp_path: Path, vectors: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("wordsight.vectors.formats.native.write_tensors", full)
    refused("convert", vectors, "copy", because="cannot write copy: No space left on device")


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])
