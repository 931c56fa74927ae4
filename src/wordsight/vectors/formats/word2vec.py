"""word2vec's text and binary formats (Mikolov et al., 2013); fastText's ``.vec`` is the text format.

Both begin with a line ``n_words dim``. A row is the word, a space, and then numbers separated by spaces up to the line
end (text), or ``dim`` little-endian float32 and mostly, not always, a line end (binary).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

import numpy as np

from wordsight.errors import DataError, ParameterError
from wordsight.progress import progress
from wordsight.storage.atomic import replace_file
from wordsight.storage.streams import ALWAYS_ALLOWED, COMPRESSED, expansion_limit, reading
from wordsight.vectors.formats.rows import BLOCK_BYTES, NUMBER, Block, gather, text_blocks


def has_header(path: Path) -> bool:
    """Whether a file begins with ``n_words dim``, as word2vec's do and GloVe's do not."""
    with reading(path) as stream:
        return header(stream.readline(256)) is not None


def header(line: bytes) -> tuple[int, int] | None:
    """n_words and dim if this is a header line, else None."""
    match = re.fullmatch(rb"\s*(\d+)\s+(\d+)\s*", line)
    return (int(match[1]), int(match[2])) if match else None


def read(path: Path, *, limit: int | None = None) -> tuple[list[str], np.ndarray]:
    """Words and matrix float32 ``[n_words, dim]`` of a text or binary file, whichever it is.

    Raises:
        DataError: missing, damaged or cut off; the message says where.
    """
    with reading(path) as stream:
        line = stream.readline(256)
        sizes = header(line)
        if not line.strip():
            raise DataError(f"{path} is empty; a header line 'n_words dim' is needed")
        if sizes is None:
            raise DataError(f"{path}, line 1: no header 'n_words dim'; if this is a GloVe file, use from_glove")
        n_words, dim = sizes
        if not n_words or not dim:
            raise DataError(
                f"{path}, line 1: the header says {n_words} words of {dim} numbers; there is nothing to read"
            )
        _check_room(path, min(n_words, limit or n_words), dim)
        is_text = _is_text(stream.read(2**20), dim)
    with reading(path) as stream:
        stream.readline()
        if is_text:
            blocks, unit, first = text_blocks(stream, path, dim, line=2), "line", 2
        else:
            blocks, unit, first = _binary_blocks(stream, dim), "word", 1
        return gather(path, blocks, dim=dim, announced=n_words, limit=limit, unit=unit, first=first)


def _check_room(path: Path, n_words: int, dim: int) -> None:
    """Compares what a header announces with the file's size before room is made for it: a number has two bytes or more.

    Raises:
        DataError: the file is by far too small.
    """
    size = path.stat().st_size
    if 4 * n_words * dim > ALWAYS_ALLOWED and 2 * n_words * dim > (
        expansion_limit(size) if path.suffix in COMPRESSED else size
    ):
        numbers = f"{n_words:,} words of {dim:,} numbers"
        raise DataError(f"{path} announces {numbers}, too many for its {size:,} bytes; get it again")


def _is_text(sample: bytes, dim: int) -> bool:
    """Whether the first row ends in decimal numbers; float32 bytes are next to never such."""
    row = sample.partition(b"\n")[0].rstrip()
    numbers = row.split()[1:][-min(dim, 8) :]
    return bool(numbers) and all(NUMBER.fullmatch(number) for number in numbers)


def _binary_blocks(stream: IO[bytes], dim: int) -> Iterator[Block]:
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


def write(path: Path, words: Sequence[str], matrix: np.ndarray, *, binary: bool = False) -> None:
    """Writes the text format (nine significant digits, so that float32 survives) or the binary format.

    Raises:
        DataError: a word is empty or has an ASCII blank in it, so that no reader could tell where it ends.
        ParameterError: the name ends like a compressed file's.
        WriteError: the file cannot be written; nothing half-written is left.
    """
    if path.suffix in COMPRESSED:
        raise ParameterError(
            f"{path}: vectors are written uncompressed; leave out {path.suffix} and compress afterwards"
        )
    encoded = [_encoded(word) for word in words]
    n_words, dim = matrix.shape
    line = b"%b " + b" ".join([b"%.9g"] * dim) + b"\n"
    with (
        replace_file(path) as temporary,
        temporary.open("wb") as stream,
        progress(f"writing {path.name}", n_words, unit="words") as advance,
    ):
        stream.write(b"%d %d\n" % (n_words, dim))
        for start in range(0, n_words, 1024):
            block = matrix[start : start + 1024].astype("<f4", copy=False)
            here = encoded[start : start + 1024]
            if binary:
                rows = [word + b" " + row.tobytes() + b"\n" for word, row in zip(here, block, strict=True)]
            else:
                rows = [line % (word, *row) for word, row in zip(here, block.tolist(), strict=True)]
            stream.write(b"".join(rows))
            advance(len(rows))


def _encoded(word: str) -> bytes:
    try:
        encoded = word.encode()
    except UnicodeEncodeError:
        encoded = b""
    if encoded.split() != [encoded]:
        reason = "is no text" if word and not encoded else "has a blank in it" if word else "is empty"
        raise DataError(f"the word {word!r} {reason}, which word2vec's formats cannot hold; save a directory instead")
    return encoded
