"""The reading and writing of formats with one row a word, in blocks, with errors that say where."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

import numpy as np

from wordsight.errors import DataError
from wordsight.progress import progress
from wordsight.storage.output_files import output_stream
from wordsight.vectors.formats.base import Contents

Block = tuple[list[bytes], np.ndarray]
"""Some words in UTF-8 and their vectors, float32 ``[n, dim]``."""
BLOCK_BYTES = 2**23
"""How much is read at a time."""
_ROWS = 1024
"""How many rows are written at a time."""
NUMBER = re.compile(rb"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?|[-+]?(nan|inf)", re.IGNORECASE)
"""A number as text files have it."""

_log = logging.getLogger(__name__)


def text_blocks(stream: IO[bytes], path: Path, dim: int, line: int) -> Iterator[Block]:
    """Reads lines ``word number … number``; words may have blanks in them, blank lines may end the file.

    Args:
        stream: at the beginning of a line.
        path: the file, for messages.
        dim: how many numbers a line has.
        line: the number of the stream's first line.

    Raises:
        DataError: a line has more or fewer numbers, or something that is no number.
    """
    while lines := stream.readlines(BLOCK_BYTES):
        n_lines = len(lines)
        while lines and not lines[-1].strip():
            lines.pop()
        if lines:
            yield _parse(lines, path, dim, line)
        line += n_lines


def _parse(lines: list[bytes], path: Path, dim: int, first: int) -> Block:
    words, numbers = [], []
    for line_number, line in enumerate(lines, start=first):
        line = line.rstrip(b" \r\n")
        if line.count(b" ") == dim:
            word, _, tail = line.partition(b" ")
        else:
            word, tail = _split_from_right(line, path, dim, line_number)
        words.append(word)
        numbers.append(tail)
    try:
        block = np.loadtxt(numbers, dtype=np.float32, comments=None, encoding="ascii", ndmin=2)
        if block.shape == (len(lines), dim):
            return words, block
    except ValueError:
        pass  # some line is bad: find out which
    for line_number, tail in enumerate(numbers, start=first):
        bad = next((field for field in tail.split() if not NUMBER.fullmatch(field)), None)
        if bad is not None or len(tail.split()) != dim:
            found = f"{bad.decode(errors='replace')!r}" if bad else f"{len(tail.split())} numbers"
            raise DataError(f"{path}, line {line_number}: {found} where {dim} numbers should be; get the file again")
    raise DataError(f"{path}: lines {first} to {first + len(lines) - 1} hold a number that cannot be read; repair it")


def _split_from_right(line: bytes, path: Path, dim: int, line_number: int) -> tuple[bytes, bytes]:
    """Word and numbers of a line that has not exactly ``dim`` single spaces."""
    word, *numbers = line.rsplit(None, dim) or [b""]
    pieces = word.split()
    too_many = len(pieces) > 1 and NUMBER.fullmatch(pieces[-1])
    if len(numbers) != dim or too_many:
        found = max(0, len(line.split()) - 1)
        raise DataError(f"{path}, line {line_number}: {found} numbers, not {dim}; the file is cut off or damaged here")
    return word, b" ".join(numbers)


def gather(
    path: Path, blocks: Iterable[Block], *, dim: int, announced: int | None, limit: int | None, unit: str, first: int
) -> tuple[list[str], np.ndarray]:
    """Gathers all words and their matrix; of a word that comes several times the first row counts (logged).

    Args:
        path: the file, for messages.
        blocks: its rows.
        dim: length of a vector.
        announced: how many words its header says there are, to allocate the matrix at once; None: no header.
        limit: how many to read at most.
        unit: what a row is called in messages, ``"line"`` or ``"word"``.
        first: the number of the first row.

    Returns:
        Words and float32 ``[n_words, dim]``.

    Raises:
        DataError: no words, not as many as announced, a word that is empty or not UTF-8, a number that is not finite.
    """
    wanted = min((n for n in (announced, limit) if n is not None), default=None)
    matrix = _allocate(path, wanted or 0, dim)
    words: list[str] = []
    with progress(f"reading {path.name}", wanted, unit="words") as advance:
        for encoded, block in blocks:
            if limit is not None:
                encoded, block = encoded[: limit - len(words)], block[: limit - len(words)]
            start, end = len(words), len(words) + len(encoded)
            if announced is not None and end > announced:
                raise DataError(f"{path} has more words than the {announced:,} its header says; correct the header")
            if end > len(matrix):  # grows in place: for large arrays the system moves pages, not numbers
                matrix.resize((max(end, len(matrix) * 5 // 4), dim), refcheck=False)
            words += _checked(encoded, block, path, unit, first + start)
            matrix[start:end] = block
            advance(len(block))
            if end == limit:
                break
    if announced is not None and len(words) < (wanted or 0):
        raise DataError(f"{path} is cut off: its header says {announced:,} words, it has {len(words):,}; get it again")
    if not words:
        raise DataError(f"{path} has no words; get or write it again")
    matrix.resize((len(words), dim), refcheck=False)
    return _without_repetitions(path, words, matrix)


def _allocate(path: Path, n_words: int, dim: int) -> np.ndarray:
    try:
        return np.empty((n_words, dim), dtype=np.float32)
    except (MemoryError, ValueError):
        raise DataError(f"{path} announces {n_words:,} words of {dim:,} numbers, too many for the memory") from None


def _checked(encoded: list[bytes], block: np.ndarray, path: Path, unit: str, first: int) -> list[str]:
    """The words decoded, after checking that they and their numbers are usable."""
    finite = np.isfinite(block).all(axis=1)
    if not finite.all():
        raise DataError(f"{path}, {unit} {first + int(np.argmin(finite))}: a number is not finite; remove or repair it")
    try:
        words = [word.decode() for word in encoded]
    except UnicodeDecodeError as error:
        row = first + encoded.index(error.object)
        raise DataError(f"{path}, {unit} {row}: the word {error.object!r} is not UTF-8; convert the file") from None
    if "" in words:
        raise DataError(f"{path}, {unit} {first + words.index('')}: no word before the numbers; the file is damaged")
    return words


def _without_repetitions(path: Path, words: list[str], matrix: np.ndarray) -> tuple[list[str], np.ndarray]:
    distinct = list(dict.fromkeys(words))
    if len(distinct) == len(words):
        return words, matrix
    first = {word: row for row, word in zip(range(len(words) - 1, -1, -1), reversed(words), strict=True)}
    twice = next(word for row, word in enumerate(words) if first[word] != row)
    _log.warning("%s: %d words come again, such as %r; the first counts", path, len(words) - len(distinct), twice)
    return distinct, matrix[[first[word] for word in distinct]]


def text_rows(words: Sequence[bytes], block: np.ndarray) -> list[bytes]:
    """Lines ``word number … number`` with nine significant digits, which tell every float32 from the next."""
    line = b"%b " + b" ".join([b"%.9g"] * block.shape[1]) + b"\n"
    return [line % (word, *row) for word, row in zip(words, block.tolist(), strict=True)]


def write_rows(
    path: Path, contents: Contents, header: bytes, rows_of: Callable[[Sequence[bytes], np.ndarray], list[bytes]]
) -> None:
    """Writes a header and the rows that ``rows_of`` makes of encoded words and their vectors, float32 ``[n, dim]``.

    Raises:
        DataError: a word is empty or has an ASCII blank in it, so that no reader could tell where it ends.
        WriteError: the file cannot be written; nothing half-written is left.
    """
    encoded = [_encoded(word) for word in contents.words]
    with (
        output_stream(path, "vectors", overwrite=True) as stream,
        progress(f"writing {path.name}", len(encoded), unit="words") as advance,
    ):
        stream.write(header)
        for start in range(0, len(encoded), _ROWS):
            block = contents.matrix[start : start + _ROWS].astype("<f4", copy=False)
            stream.write(b"".join(rows_of(encoded[start : start + _ROWS], block)))
            advance(len(block))


def _encoded(word: str) -> bytes:
    try:
        encoded = word.encode()
    except UnicodeEncodeError:
        encoded = b""
    if encoded.split() != [encoded]:
        reason = "is no text" if word and not encoded else "has a blank in it" if word else "is empty"
        raise DataError(
            f"the word {word!r} {reason}, which word2vec's and GloVe's formats cannot hold; save a directory"
        )
    return encoded
