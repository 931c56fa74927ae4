"""Parquet: what polars, datasets and pyarrow read of ours, and what of theirs is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wordsight.errors import DataError
from wordsight.vectors.word_vectors import WordVectors

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

WORDS = ["ice cream", "漢字", "line\nend", "", "en:goose"]


@pytest.fixture
def vectors() -> WordVectors:
    return WordVectors(WORDS, np.random.default_rng(0).standard_normal((5, 3)))


def test_polars_reads_the_same_words_and_numbers(tmp_path: Path, vectors: WordVectors) -> None:
    polars = pytest.importorskip("polars")
    vectors.save(tmp_path / "v.parquet")
    frame = polars.read_parquet(tmp_path / "v.parquet")
    assert frame.schema == {"word": polars.String, "vector": polars.Array(polars.Float32, 3)}
    assert frame["word"].to_list() == WORDS
    np.testing.assert_array_equal(frame["vector"].to_numpy(), vectors.matrix)


def test_what_polars_writes_is_read(tmp_path: Path, vectors: WordVectors) -> None:
    polars = pytest.importorskip("polars")
    matrix = vectors.matrix.astype(np.float64)
    polars.DataFrame({"rank": [1, 2, 3, 4, 5], "vector": matrix, "word": WORDS}).write_parquet(tmp_path / "v.parquet")
    found = WordVectors.load(tmp_path / "v.parquet")
    assert found.words == WORDS
    np.testing.assert_array_equal(found.matrix, vectors.matrix)


def test_datasets_reads_the_same_words_and_numbers(tmp_path: Path, vectors: WordVectors) -> None:
    datasets = pytest.importorskip("datasets")
    vectors.save(tmp_path / "v.parquet")
    found = datasets.Dataset.from_parquet(str(tmp_path / "v.parquet"), cache_dir=str(tmp_path / "cache"))
    assert found["word"][:] == WORDS
    np.testing.assert_array_equal(np.array(found["vector"][:], np.float32), vectors.matrix)


def test_many_blocks_and_a_limit(tmp_path: Path) -> None:
    matrix = np.random.default_rng(1).standard_normal((70_000, 2)).astype(np.float32)
    WordVectors(map(str, range(70_000)), matrix).save(tmp_path / "v.parquet")
    np.testing.assert_array_equal(WordVectors.load(tmp_path / "v.parquet").matrix, matrix)
    np.testing.assert_array_equal(WordVectors.load(tmp_path / "v.parquet", limit=40_000).matrix, matrix[:40_000])


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"word": ["a", "b"]}, r"one column of texts and one of lists of numbers; it has word \(string\)"),
        ({"word": ["a"], "other": ["b"], "vector": [[1.0]]}, "needs one column of texts"),
        ({"word": ["a", "b"], "vector": [[1.0], [1.0, 2.0]]}, "rows 1 to 2: .*differ in length"),
        ({"word": ["a", None], "vector": [[1.0], [1.0]]}, "rows 1 to 2: a word or number is missing"),
        ({"word": ["a", "b"], "vector": [[1.0], None]}, "is missing"),
        ({"word": ["a", "b"], "vector": [[1.0], [None]]}, "is missing"),
        ({"word": ["a", "a"], "vector": [[1.0], [2.0]]}, "the word 'a' comes twice"),
        ({"word": ["a"], "vector": [[float("nan")]]}, "'a' is not finite"),
    ],
)
def test_tables_that_cannot_be_used(tmp_path: Path, columns: dict[str, Any], message: str) -> None:
    parquet.write_table(pyarrow.table(columns), tmp_path / "v.parquet")
    with pytest.raises(DataError, match=message):
        WordVectors.load(tmp_path / "v.parquet", format="parquet")


def test_a_table_without_rows(tmp_path: Path) -> None:
    schema = pyarrow.schema([("word", pyarrow.string()), ("vector", pyarrow.list_(pyarrow.float32(), 2))])
    parquet.write_table(schema.empty_table(), tmp_path / "v.parquet")
    with pytest.raises(DataError, match="has no rows"):
        WordVectors.load(tmp_path / "v.parquet")


def test_every_cut_is_noticed(tmp_path: Path, vectors: WordVectors) -> None:
    path = tmp_path / "v.parquet"
    vectors.save(path)
    whole = path.read_bytes()
    for length in range(0, len(whole), 37):
        path.write_bytes(whole[:length])
        with pytest.raises(DataError, match=r"v\.parquet"):
            WordVectors.load(path, format="parquet")


def test_a_word_that_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no text in Unicode"):
        WordVectors(["a", "\ud800"], np.eye(2)).save(tmp_path / "v.parquet")
    assert not any(tmp_path.iterdir())
