"""word2vec's binary format (Mikolov et al., 2013).

The first line is ``n_words dim``; then for each word: the word, a space, ``dim`` little-endian float32 and mostly, not
always, a line end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

import numpy as np

from wordsight.storage.streams import reading
from wordsight.vectors.formats._rows import BLOCK_BYTES, Block, gather, write_rows
from wordsight.vectors.formats._word2vec import announced, is_word2vec
from wordsight.vectors.formats.base import Contents, VectorFormat


def read(path: Path, *, limit: int | None = None, mmap: bool = True) -> Contents:
    """Reads the binary format.

    Raises:
        DataError: missing, damaged or cut off; the message says where.
    """
    n_words, dim = announced(path, limit)
    with reading(path) as stream:
        stream.readline()
        blocks = _blocks(stream, dim)
        return Contents(*gather(path, blocks, dim=dim, announced=n_words, limit=limit, unit="word", first=1))


def _blocks(stream: IO[bytes], dim: int) -> Iterator[Block]:
    width = 4 * dim
    data = b""
    while chunk := stream.read(BLOCK_BYTES):
        data += chunk
        words, vectors = [], []
        position = 0
        while (space := data.find(b" ", position)) >= 0 and space + 1 + width <= len(data):
            words.append(data[position:space].lstrip(b"\n"))
            position = space + 1 + width
            vectors.append(data[space + 1 : position])
        data = data[position:]
        if words:
            yield words, np.frombuffer(b"".join(vectors), dtype="<f4").reshape(-1, dim)


def write(path: Path, contents: Contents) -> None:
    """Writes the binary format.

    Raises:
        DataError: a word is empty or has an ASCII blank in it, so that no reader could tell where it ends.
        WriteError: the file cannot be written; nothing half-written is left.
    """
    write_rows(path, contents, b"%d %d\n" % contents.matrix.shape, _rows)


def _rows(words: Sequence[bytes], block: np.ndarray) -> list[bytes]:
    return [word + b" " + row.tobytes() + b"\n" for word, row in zip(words, block, strict=True)]


FORMAT = VectorFormat(
    name="word2vec-binary",
    title="word2vec binary file",
    what="a line `n_words dim`, then for each word: the word, a space and its numbers as float32",
    endings=(".bin",),
    sniff=lambda path, head: is_word2vec(head, text=False),
    read=read,
    write=write,
)
