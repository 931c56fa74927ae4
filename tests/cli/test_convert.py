"""``wordsight convert``."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.cli.conftest import Refused, Run

from wordsight.vectors.word_vectors import WordVectors


def test_convert_goes_through_all_formats_without_a_loss(run: Run, tmp_path: Path, vectors: Path) -> None:
    steps = [("vectors", "v.bin"), ("v.bin", "v.txt"), ("v.txt", "v.vec"), ("v.vec", "v.npz"), ("v.npz", "v.glove")]
    for source, target in [*steps, ("v.glove", "again")]:
        result = run("convert", source, target)
        assert result.code == 0 and f"{target}: 16 words, dim 2" in result.out
    original, again = WordVectors.load(vectors), WordVectors.load(tmp_path / "again")
    assert again.words == original.words
    np.testing.assert_array_equal(again.matrix, original.matrix)
    assert (tmp_path / "v.txt").read_bytes() == (tmp_path / "v.vec").read_bytes()
    assert (tmp_path / "v.txt").read_bytes() == b"16 2\n" + (tmp_path / "v.glove").read_bytes()
    assert (tmp_path / "v.bin").read_bytes().startswith(b"16 2\ngoose ")


def test_convert_to_a_named_format_and_a_few_words(run: Run, tmp_path: Path, vectors: Path) -> None:
    result = run("convert", vectors, "few.txt", "--format", "glove", "--limit", 3)
    assert result.code == 0 and "few.txt: 3 words, dim 2" in result.out
    assert [line.split()[0] for line in (tmp_path / "few.txt").read_text().splitlines()] == ["goose", "duck", "swan"]


def test_convert_to_what_other_libraries_load(run: Run, tmp_path: Path, vectors: Path) -> None:
    original = WordVectors.load(vectors)
    WordVectors([f"{lang}:{w}" for lang in ("en", "de") for w in original], np.tile(original.matrix, (2, 1))).save(
        tmp_path / "two"
    )
    assert run("convert", "two", "static", "--format", "sentence-transformers", "--language", "de").code == 0
    assert run("convert", "two", "static", "--format", "sentence-transformers", "--language", "en").code == 2
    again = run("convert", "two", "static", "--format", "sentence-transformers", "--language", "en", "--overwrite")
    assert again.code == 0 and "static: 16 words, dim 2" in again.out
    assert run("convert", "static", "v.parquet").code == 0
    found = WordVectors.load(tmp_path / "v.parquet")
    assert found.words == [f"en:{word}" for word in original]
    np.testing.assert_array_equal(found.matrix, original.matrix)


def test_convert_refuses_bad_input(refused: Refused, run: Run, tmp_path: Path, vectors: Path) -> None:
    refused("convert", vectors, "v.foo", because="the ending .foo stands for no format")
    refused("convert", vectors, "v.txt.gz", because="leave out .gz")
    refused("convert", vectors, "-", because="not written to standard output")
    refused("convert", vectors, "v.txt", "--format", "golve", because="did you mean 'glove'?")
    refused("convert", vectors, "v.txt", "--format", "fasttext-binary", because="is only read; choose another")
    refused("convert", vectors, "v.txt", "--language", "de", because="unknown language 'de'")
    refused("convert", vectors, "v.txt", "--limit", 0, because="limit is 0")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").touch()
    refused("convert", vectors, "mine", because="was not written by wordsight")
    assert run("convert", vectors, "v.bin").code == 0
    (tmp_path / "v.bin").write_bytes((tmp_path / "v.bin").read_bytes()[:-40])
    refused("convert", "v.bin", "v.txt", because="v.bin is cut off")
    assert {path.name for path in tmp_path.iterdir()} == {"vectors", "mine", "v.bin"}


def test_convert_to_a_full_disk_leaves_nothing(
    refused: Refused, vectors: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("wordsight.vectors.formats.native.write_tensors", full)
    refused("convert", vectors, "copy", because="cannot write copy: No space left on device")
