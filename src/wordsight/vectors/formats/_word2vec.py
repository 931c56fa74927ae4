"""The common part of word2vec's text and binary format: a first line ``n_words dim``, and words without blanks."""

from __future__ import annotations

import re
from pathlib import Path

from wordsight.errors import DataError
from wordsight.storage.streams import ALWAYS_ALLOWED, COMPRESSED, expansion_limit, reading
from wordsight.vectors.formats._rows import NUMBER

LONGEST_HEADER = 256
"""Bytes of a header line, at most."""


def header(line: bytes) -> tuple[int, int] | None:
    """Reads n_words and dim from a header line; None where it is none."""
    match = re.fullmatch(rb"\s*(\d+)\s+(\d+)\s*", line[:LONGEST_HEADER])
    return (int(match[1]), int(match[2])) if match else None


def is_word2vec(head: bytes, *, text: bool) -> bool:
    """Tells whether a file with these first bytes is in the text format (or in the binary one)."""
    line, _, rows = head.partition(b"\n")
    sizes = header(line)
    return sizes is not None and _ends_in_decimals(rows, sizes[1]) == text


def _ends_in_decimals(rows: bytes, dim: int) -> bool:
    """Tells whether the first row ends in decimal numbers; the bytes of float32 hardly ever look like these."""
    numbers = rows.partition(b"\n")[0].split()[1:][-min(dim, 8) :]
    return bool(numbers) and all(NUMBER.fullmatch(number) for number in numbers)


def announced(path: Path, limit: int | None) -> tuple[int, int]:
    """Reads n_words and dim from a file's header.

    Raises:
        DataError: there is no header, it announces nothing, or more than a file of this size can hold.
    """
    with reading(path) as stream:
        line = stream.readline(LONGEST_HEADER)
    if not line.strip():
        raise DataError(f"{path} is empty; a header line 'n_words dim' is needed")
    sizes = header(line)
    if sizes is None:
        raise DataError(f"{path}, line 1: no header 'n_words dim'; if this is a GloVe file, use the format glove")
    n_words, dim = sizes
    if not n_words or not dim:
        raise DataError(f"{path}, line 1: the header says {n_words} words of {dim} numbers; there is nothing to read")
    _check_room(path, min(n_words, limit or n_words), dim)
    return sizes


def _check_room(path: Path, n_words: int, dim: int) -> None:
    """Compares a header with the file's size before memory is allocated: a number has at least two bytes."""
    size = path.stat().st_size
    most = expansion_limit(size) if path.suffix.lower() in COMPRESSED else size
    if 4 * n_words * dim > ALWAYS_ALLOWED and 2 * n_words * dim > most:
        numbers = f"{n_words:,} words of {dim:,} numbers"
        raise DataError(f"{path} announces {numbers}, too many for its {size:,} bytes; get it again")
