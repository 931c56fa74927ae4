"""VectorFormat: the declaration of a file format of word vectors, which all reading and writing goes by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from wordsight.vectors.buckets import Buckets
from wordsight.vectors.subwords import Subwords

Facts = Mapping[str, Any]
"""What is known of vectors beside themselves, such as their model and its hyperparameters, as JSON values by name."""


@dataclass(frozen=True)
class Contents:
    """The contents of a file of word vectors.

    Attributes:
        words: all different, in the order of the rows.
        matrix: float32 ``[n_words, dim]``, one row a word; perhaps memory-mapped.
        buckets: vectors for other words, or None; only wordsight's own directories and fastText's files have them.
        facts: what else is known, such as the model and its hyperparameters; only wordsight's own directories keep it.
    """

    words: list[str]
    matrix: np.ndarray
    buckets: Buckets | Subwords | None = None
    facts: Facts = field(default_factory=dict)


class Read(Protocol):
    """The function that reads a format."""

    def __call__(self, path: Path, *, limit: int | None, mmap: bool) -> Contents:
        """Reads the words and their vectors.

        Args:
            path: the file or directory.
            limit: read only that many words from the beginning, at least 1; None: all.
            mmap: map the matrix into memory where the format allows it, instead of reading it.

        Raises:
            DataError: missing, damaged or cut off; the message says where.
        """


@dataclass(frozen=True)
class VectorFormat:
    """A file format of word vectors.

    Attributes:
        name: what it is called in options, e.g. ``"word2vec-text"``.
        title: what a file of it is called, e.g. ``"word2vec text file"``.
        what: one sentence that says what such a file looks like.
        endings: the endings of file names that stand for it in writing, in lower case; ``""`` is no ending.
        sniff: tells from a path and its first bytes, decompressed, whether it is of this format (a directory has none).
        read: the function that reads it.
        write: the function that writes it, whole or not at all, over whatever is there; None where it is only read.
        directory: the kind of directory it is, which replaces only directories of this kind; None: a file.
    """

    name: str
    title: str
    what: str
    endings: tuple[str, ...]
    sniff: Callable[[Path, bytes], bool]
    read: Read
    write: Callable[[Path, Contents], None] | None = None
    directory: str | None = None
