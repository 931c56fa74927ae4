"""NumPy's archives of words and a matrix."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wordsight.errors import DataError
from wordsight.vectors.word_vectors import WordVectors


def test_what_numpy_reads(tmp_path: Path) -> None:
    vectors = WordVectors(["ice cream", "漢字"], np.array([[1, 2.5], [3, 4]]))
    vectors.save(tmp_path / "v.npz")
    with np.load(tmp_path / "v.npz") as archive:
        assert archive["words"].tolist() == vectors.words
        np.testing.assert_array_equal(archive["matrix"], vectors.matrix)
        assert archive["matrix"].dtype == np.float32


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_what_others_write_under_whatever_names(tmp_path: Path, save: Any) -> None:
    save(tmp_path / "v.npz", vectors=np.eye(2, 3, dtype=np.float16), vocab=np.array([b"a", "ü".encode()]), year=2014)
    found = WordVectors.load(tmp_path / "v.npz")
    assert found.words == ["a", "ü"]
    np.testing.assert_array_equal(found.matrix, np.eye(2, 3))


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"matrix": np.eye(2)}, r"needs one array of words \[n\] .* it has matrix float64 \[2, 2\]"),
        ({"words": ["a", "b"]}, "needs one array of words"),
        ({"words": ["a"], "matrix": np.eye(2)}, "needs one array of words"),
        ({"words": ["a", "b"], "matrix": np.eye(2), "more": np.eye(2)}, "needs one array of words"),
        ({"words": ["a", "b"], "matrix": np.eye(2, dtype=np.int64)}, "needs one array of words"),
        ({"words": np.array(["a", None], dtype=object), "matrix": np.eye(2)}, "no whole .npz archive of plain arrays"),
        ({"words": [b"a", b"\xff"], "matrix": np.eye(2)}, "is not UTF-8"),
        ({"words": ["a", "b"], "matrix": np.full((2, 2), np.nan)}, "'a' is not finite"),
    ],
)
def test_archives_that_cannot_be_used(tmp_path: Path, arrays: dict[str, Any], message: str) -> None:
    np.savez(tmp_path / "v.npz", **arrays)
    with pytest.raises(DataError, match=message):
        WordVectors.load(tmp_path / "v.npz", format="npz")


def test_an_archive_that_expands_beyond_measure(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "v.npz", words=["a"], matrix=np.zeros((1, 20_000_000), np.float32))
    with pytest.raises(DataError, match="expands beyond"):
        WordVectors.load(tmp_path / "v.npz")


def test_every_cut_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "v.npz"
    WordVectors(["a", "b"], np.eye(2)).save(path)
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        with pytest.raises(DataError, match=r"v\.npz"):
            WordVectors.load(path)


def test_words_that_numpy_cannot_hold(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"'a\\x00' ends in NUL"):
        WordVectors(["a\0", "b"], np.eye(2)).save(tmp_path / "v.npz")
    assert not any(tmp_path.iterdir())
