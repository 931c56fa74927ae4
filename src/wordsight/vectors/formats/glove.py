"""GloVe's text format (Pennington et al., 2014): lines ``word number … number``, no header."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path

from wordsight.errors import DataError
from wordsight.storage.streams import reading
from wordsight.vectors.formats._rows import NUMBER, gather, text_blocks, text_rows, write_rows
from wordsight.vectors.formats._word2vec import header
from wordsight.vectors.formats.base import Contents, VectorFormat

_LOOKED_AT = 10
"""How many lines are looked at to recognise a file."""


def sniff(path: Path, head: bytes) -> bool:
    """Tells whether the first line is a word and at least two numbers, and most others end in numbers too."""
    lines = [line for line in head.split(b"\n", _LOOKED_AT)[:_LOOKED_AT] if line.strip()]
    if not lines or header(lines[0]) is not None:
        return False
    counts = [_dim(line) for line in lines]
    alike = sum(count > 1 for count in counts)
    return counts[0] > 1 and counts[0] == len(lines[0].split()) - 1 and 2 * alike > len(lines)


def _dim(line: bytes) -> int:
    """Counts the numbers at the end of a line, after its first field."""
    return len(list(takewhile(NUMBER.fullmatch, reversed(line.split()[1:]))))


def read(path: Path, *, limit: int | None = None, mmap: bool = True) -> Contents:
    """Reads the format; the dimension is how many numbers end the first line.

    Raises:
        DataError: missing, damaged or cut off; the message says where.
    """
    with reading(path) as stream:
        line = stream.readline(2**20)
    if not line.strip():
        raise DataError(f"{path} is empty; lines with a word and numbers are needed")
    if header(line) is not None:
        raise DataError(f"{path}, line 1: a header 'n_words dim', so this is no GloVe file; use word2vec's formats")
    dim = _dim(line)
    if not dim:
        raise DataError(f"{path}, line 1: no numbers after the word; this is no file of word vectors")
    with reading(path) as stream:
        blocks = text_blocks(stream, path, dim, line=1)
        return Contents(*gather(path, blocks, dim=dim, announced=None, limit=limit, unit="line", first=1))


def write(path: Path, contents: Contents) -> None:
    """Writes the format with nine significant digits, so that float32 survives.

    Raises:
        DataError: a word is empty or has an ASCII blank in it, so that no reader could tell where it ends.
        WriteError: the file cannot be written; nothing half-written is left.
    """
    write_rows(path, contents, b"", text_rows)


FORMAT = VectorFormat(
    name="glove",
    title="GloVe file",
    what="a line a word: the word and its numbers; no header",
    endings=(".glove",),
    sniff=sniff,
    read=read,
    write=write,
)
