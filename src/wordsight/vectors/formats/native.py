"""The vectors directory: ``vectors.safetensors``, ``vocab.txt``, ``config.json`` and a model card, ``README.md``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from wordsight.errors import DataError
from wordsight.storage.atomic import unchanging
from wordsight.storage.config import read_config
from wordsight.storage.json_toml import content_of, write_json
from wordsight.storage.plain_text import read_lines, write_lines
from wordsight.storage.tensors import read_tensors as read_tensors
from wordsight.storage.tensors import write_tensors as write_tensors
from wordsight.vectors.buckets import Buckets
from wordsight.vectors.formats.card import model_card

if TYPE_CHECKING:
    from wordsight.vectors.word_vectors import WordVectors

KIND = "vectors"
FORMAT_VERSION = 1


def write(directory: Path, vectors: WordVectors, config: Mapping[str, Any]) -> None:
    """Writes the files of a vectors directory into an existing directory.

    Args:
        directory: where to; usually the temporary one of ``replace_directory``.
        vectors: what to write.
        config: facts for ``config.json`` and the model card; kind, format version and sizes are added.

    Raises:
        DataError: a word cannot be a line of UTF-8 text.
        OSError: the disk is full or the place cannot be written.
    """
    _check_lines(vectors.words)
    sizes = {"kind": KIND, "format_version": FORMAT_VERSION, "n_words": len(vectors), "dim": vectors.dim}
    config = {**config, **sizes}
    buckets = vectors.buckets.tensors() if vectors.buckets else {}
    write_tensors(directory / "vectors.safetensors", {"vectors": vectors.matrix, **buckets})
    write_lines(directory / "vocab.txt", vectors.words)
    write_json(directory / "config.json", config)
    (directory / "README.md").write_text(model_card(config, vectors.languages), encoding="utf-8")


def read(directory: Path, *, mmap: bool = True) -> tuple[list[str], np.ndarray, Buckets | None]:
    """Reads the words, the matrix, memory-mapped by default, and the buckets, if any, of a vectors directory.

    A directory that is replaced meanwhile is read anew, so that all are of one and the same.

    Raises:
        DataError: missing, cut off, or its files do not belong together.
    """
    return unchanging(directory, lambda here: _read(here, mmap=mmap))


def _read(directory: Path, *, mmap: bool) -> tuple[list[str], np.ndarray, Buckets | None]:
    read_config(directory, KIND, version=FORMAT_VERSION)
    words = read_lines(directory / "vocab.txt")
    path = directory / "vectors.safetensors"
    tensors = read_tensors(path, mmap=mmap)
    matrix = tensors.get("vectors")
    if matrix is None or matrix.ndim != 2:
        raise DataError(f"{path} has no matrix 'vectors'; get or write the directory again")
    if len(matrix) != len(words):
        raise DataError(f"{directory} has {len(words)} words in vocab.txt but {len(matrix)} vectors; get it again")
    with content_of(path, "a whole vectors file"):
        return words, matrix, Buckets.of_tensors(tensors)


def _check_lines(words: Sequence[str]) -> None:
    for word in words:
        if "\n" in word:
            raise DataError(f"the word {word!r} has a line end in it and cannot be a line of vocab.txt; rename it")
    try:
        "".join(words).encode()
    except UnicodeEncodeError as error:
        raise DataError(f"a word has {error.object[error.start]!r} in it, which is no text; rename it") from None
