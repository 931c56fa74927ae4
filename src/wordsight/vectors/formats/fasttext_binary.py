"""fastText's own ``.bin`` (Bojanowski et al., TACL 2017): words, and the vectors of words and of their n-grams.

Little-endian: magic number and version, twelve int32 and a double of hyperparameters, the dictionary, and the matrix of
input vectors: one row a word, then one row a bucket of n-grams. The output matrix, which follows, is not read.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path
from typing import IO, Any, NamedTuple

import numpy as np

from wordsight.errors import DataError
from wordsight.vectors.formats.base import Contents, VectorFormat
from wordsight.vectors.subwords import Subwords

_MAGIC = struct.pack("<i", 793712314)
_VERSIONS = (11, 12)
_SUPERVISED = 3
_WHOLE = frozenset({"</s>"})
"""Words that have no n-grams: the end of a sentence."""
_LONGEST_WORD = 2**20
"""Bytes of a word, at most."""


class _Settings(NamedTuple):
    """The hyperparameters in the order of the file."""

    dim: int
    window: int
    epochs: int
    min_count: int
    negatives: int
    word_ngrams: int
    loss: int
    model: int
    n_buckets: int
    shortest: int
    longest: int
    update_rate: int
    subsample: float


def read(path: Path, *, limit: int | None = None, mmap: bool = True) -> Contents:
    """Reads the words, with the vectors that fastText gives them; other words get one from their n-grams.

    Raises:
        DataError: the file is damaged, cut off, quantised (``.ftz``), or no such file; the message says what is wrong.
    """
    try:
        with path.open("rb") as stream:
            settings = _settings(stream, path)
            words = _words(stream, path)
            matrix = _matrix(stream, path, mmap)
    except (struct.error, UnicodeDecodeError) as error:
        raise DataError(f"{path} is damaged or cut off ({error}); get the file again") from None
    n_rows = len(words) + settings.n_buckets
    if matrix.shape not in ((n_rows, settings.dim), (len(words), settings.dim)):
        wanted = f"{len(words):,} words and {settings.n_buckets:,} buckets of dimension {settings.dim}"
        raise DataError(f"{path} announces {wanted}, but has a matrix {list(matrix.shape)}; get the file again")
    own, kept = matrix[: len(words)][:limit], words[:limit]
    if settings.longest < 1 or len(matrix) == len(words):
        return Contents(kept, own)
    subwords = Subwords(max(1, settings.shortest), settings.longest, matrix[len(words) :])
    return Contents(kept, subwords.word_vectors(kept, own, _WHOLE), subwords)


def _settings(stream: IO[bytes], path: Path) -> _Settings:
    magic, version, *numbers = _unpack(stream, "<4si12id")
    if magic != _MAGIC or version not in _VERSIONS:
        known = " and ".join(map(str, _VERSIONS))
        raise DataError(f"{path} is no binary file of fastText in the versions {known}; get it again")
    settings = _Settings(*numbers)
    if settings.dim < 1 or settings.n_buckets < 0:
        raise DataError(f"{path} announces vectors of {settings.dim} numbers; it is damaged, get it again")
    # Classifiers of version 11 have no n-grams of characters, whatever their settings say.
    return settings._replace(longest=0) if version == 11 and settings.model == _SUPERVISED else settings


def _words(stream: IO[bytes], path: Path) -> list[str]:
    """The words of the dictionary; labels of a classifier are no words and come after them."""
    size, n_words, _, _, n_pruned = _unpack(stream, "<3i2q")
    room = os.fstat(stream.fileno()).st_size // 10  # an entry has ten bytes and more
    if not 0 < n_words <= size <= room:
        raise DataError(f"{path} announces {n_words:,} words, which it cannot hold; get the file again")
    if n_pruned > 0:
        raise DataError(f"{path} is pruned and quantised (.ftz), which is not read; take the .bin or the .vec")
    words = []
    for row in range(size):
        word = b""
        while not word.endswith(b"\0"):
            letter = stream.read(1)
            if not letter or len(word) > _LONGEST_WORD:
                raise DataError(f"{path} is cut off in its dictionary, at word {row + 1:,}; get the file again")
            word += letter
        _unpack(stream, "<qb")
        if row < n_words:
            words.append(word[:-1].decode())
    return words


def _matrix(stream: IO[bytes], path: Path, mmap: bool) -> np.ndarray:
    """The input matrix, float32 ``[n_rows, dim]``, perhaps memory-mapped."""
    quantised, n_rows, dim = _unpack(stream, "<?2q")
    if quantised:
        raise DataError(f"{path} is quantised (.ftz), which is not read; take the .bin or the .vec")
    start, needed = stream.tell(), 4 * n_rows * dim
    size = os.fstat(stream.fileno()).st_size
    if n_rows < 0 or dim < 0 or start + needed > size:
        raise DataError(f"{path} is cut off: it has {size:,} of {start + needed:,} bytes and more; get it again")
    if mmap:
        data = np.memmap(stream, np.uint8, mode="r")[start : start + needed]
        return data.view("<f4").reshape(n_rows, dim)
    return np.fromfile(stream, "<f4", n_rows * dim).reshape(n_rows, dim)


def _unpack(stream: IO[bytes], layout: str) -> tuple[Any, ...]:
    return struct.unpack(layout, stream.read(struct.calcsize(layout)))


FORMAT = VectorFormat(
    name="fasttext-binary",
    title="fastText binary file",
    what="fastText's own `.bin`: words outside its vocabulary get vectors from their n-grams",
    endings=(),
    sniff=lambda path, head: head.startswith(_MAGIC),
    read=read,
)
