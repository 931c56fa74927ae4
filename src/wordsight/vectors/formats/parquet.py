"""Parquet (Apache Arrow): a column of words and a column of vectors, lists of one fixed length."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from wordsight.errors import DataError
from wordsight.extras import require
from wordsight.progress import progress
from wordsight.storage.output_files import output_stream
from wordsight.storage.streams import expansion_limit
from wordsight.vectors.formats.base import Contents, VectorFormat

_ROWS = 1 << 15
"""How many rows are read or written at a time."""


def read(path: Path, *, limit: int | None = None, mmap: bool = True) -> Contents:
    """Reads the file's one column of texts and its one column of lists of numbers.

    Raises:
        DataError: the file is damaged, has none or several of these, or a value is missing; the message names the row.
        MissingExtraError: pyarrow is not installed.
    """
    arrow = require("pyarrow")
    try:
        with require("pyarrow.parquet").ParquetFile(path) as file:
            word_column, vector_column = _columns(path, file.schema_arrow)
            size = sum(file.metadata.row_group(i).total_byte_size for i in range(file.metadata.num_row_groups))
            if size > expansion_limit(path.stat().st_size):
                raise DataError(f"{path} expands beyond what vectors do; write it with less compression")
            return _rows(path, file, word_column, vector_column, limit)
    except (arrow.ArrowException, OSError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"{path} is no whole Parquet file ({error}); get or write it again") from error


def _columns(path: Path, schema: Any) -> tuple[str, str]:
    """The names of the columns of words and of vectors."""
    types = require("pyarrow.types")
    texts = [f.name for f in schema if types.is_string(f.type) or types.is_large_string(f.type)]
    lists = [
        f.name
        for f in schema
        if (types.is_fixed_size_list(f.type) or types.is_list(f.type) or types.is_large_list(f.type))
        and types.is_floating(f.type.value_type)
    ]
    if len(texts) != 1 or len(lists) != 1:
        found = ", ".join(f"{f.name} ({f.type})" for f in schema) or "nothing"
        raise DataError(f"{path} needs one column of texts and one of lists of numbers; it has {found}")
    return texts[0], lists[0]


def _rows(path: Path, file: Any, word_column: str, vector_column: str, limit: int | None) -> Contents:
    words: list[str] = []
    blocks: list[np.ndarray] = []
    wanted = min(file.metadata.num_rows, limit or file.metadata.num_rows)
    with progress(f"reading {path.name}", wanted, unit="words") as advance:
        for batch in file.iter_batches(_ROWS, columns=[word_column, vector_column]):
            batch = batch.slice(0, wanted - len(words))
            texts, lists = batch.column(word_column), batch.column(vector_column)
            values = lists.flatten()
            dim = blocks[0].shape[1] if blocks else len(values) // max(1, len(lists))
            if texts.null_count or lists.null_count or values.null_count or not _same_length(lists, dim):
                raise DataError(
                    f"{path}, rows {len(words) + 1} to {len(words) + len(batch)}: a word or number is missing, or "
                    "the vectors differ in length; write the file again"
                )
            words += texts.to_pylist()
            blocks.append(values.to_numpy(zero_copy_only=False).astype(np.float32, copy=False).reshape(-1, dim))
            advance(len(batch))
            if len(words) == wanted:
                break
    if not words:
        raise DataError(f"{path} has no rows; get or write it again")
    return Contents(words, np.concatenate(blocks))


def _same_length(lists: Any, dim: int) -> bool:
    """Whether all lists, none of them missing, have ``dim`` numbers."""
    lengths = require("pyarrow.compute").list_value_length(lists).to_numpy(zero_copy_only=False)
    return dim > 0 and bool(np.all(lengths == dim))


def write(path: Path, contents: Contents) -> None:
    """Writes the columns ``word`` and ``vector``, a list of fixed length of float32.

    Raises:
        DataError: a word is no text in Unicode.
        MissingExtraError: pyarrow is not installed.
        WriteError: the file cannot be written; nothing half-written is left.
    """
    arrow, parquet = require("pyarrow"), require("pyarrow.parquet")
    words, matrix = contents.words, contents.matrix
    dim = matrix.shape[1]
    schema = arrow.schema([("word", arrow.string()), ("vector", arrow.list_(arrow.float32(), dim))])
    with (
        output_stream(path, "vectors", overwrite=True) as stream,
        parquet.ParquetWriter(stream, schema, use_dictionary=False) as writer,
        progress(f"writing {path.name}", len(words), unit="words") as advance,
    ):
        for start in range(0, len(words), _ROWS):
            block = np.ascontiguousarray(matrix[start : start + _ROWS], dtype=np.float32)
            try:
                texts = arrow.array(words[start : start + _ROWS], arrow.string())
            except UnicodeEncodeError as error:
                raise DataError(f"the word {error.object!r} is no text in Unicode; rename it") from None
            lists = arrow.FixedSizeListArray.from_arrays(arrow.array(block.reshape(-1)), dim)
            writer.write_batch(arrow.record_batch([texts, lists], schema=schema))
            advance(len(block))


def _holds_vectors(path: Path) -> bool:
    """Whether the file's columns are those of vectors: other tables are Parquet files too."""
    try:
        _columns(path, require("pyarrow.parquet").read_schema(path))
    except (DataError, OSError, require("pyarrow").ArrowException):
        return False
    return True


FORMAT = VectorFormat(
    name="parquet",
    title="Parquet file",
    what="a column of words and a column of vectors, lists of fixed length; polars, pandas and datasets read it",
    endings=(".parquet",),
    sniff=lambda path, head: head.startswith(b"PAR1") and _holds_vectors(path),
    read=read,
    write=write,
)
