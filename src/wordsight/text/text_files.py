"""Readers of text in blocks: files (plain, .gz, .xz, .bz2), standard input, documents in memory.

A block is a piece of UTF-8 text that ends where a word ends; a document is a line.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from wordsight.errors import DataError, refuse_string
from wordsight.storage.streams import existing, reading
from wordsight.text.tokenize import Tokenizer

BLOCK_BYTES = 1 << 20
LONGEST_WORD = 1 << 26
"""How many bytes a text may have without a blank or line end."""
_BOM = b"\xef\xbb\xbf"

Paths = str | os.PathLike[str] | list[str] | list[Path]


def paths_of(source: Paths) -> list[Path]:
    """Makes a list of one path or several; ``-`` is standard input.

    Raises:
        DataError: a file is missing, or no file is given.
    """
    paths = [Path(source)] if isinstance(source, str | os.PathLike) else [Path(p) for p in source]
    if not paths:
        raise DataError("no text files were given; name at least one")
    return [path if path == Path("-") else existing(path, what="text file") for path in paths]


@dataclass
class Position:
    """The position in some files at which the next block begins.

    Attributes:
        file: number of the file, from 0.
        offset: bytes of its text before the position, decompressed and without a byte order mark.
        line: number of the line, from 1.
        open: whether the last block ended without a line end.
    """

    file: int = 0
    offset: int = 0
    line: int = 1
    open: bool = False


class TextFiles:
    """The normalised blocks of text files, to be read once; a document ends where its file ends.

    Attributes:
        position: where the next block begins.
    """

    def __init__(self, paths: Sequence[Path], tokenizer: Tokenizer, position: Position | None = None) -> None:
        """Begins where an earlier reader stopped, or at the beginning."""
        self.position = position or Position()
        self._paths, self._tokenizer = paths, tokenizer

    def __iter__(self) -> Iterator[bytes]:
        """Reads on.

        Raises:
            DataError: a file is a directory, damaged, cut off or not UTF-8; the message names the line.
        """
        here = self.position
        while here.file < len(self._paths):
            path = self._paths[here.file]
            for block in file_blocks(path, here.offset):
                try:
                    normal = self._tokenizer.normalise(block)
                except UnicodeDecodeError as error:
                    line = here.line + block.count(b"\n", 0, error.start)
                    raise DataError(f"{path}, line {line}: not UTF-8; convert the file to UTF-8") from error
                here.offset, here.line = here.offset + len(block), here.line + block.count(b"\n")
                here.open = not block.endswith(b"\n")
                yield normal
            unfinished, here.open = here.open, False
            here.file, here.offset, here.line = here.file + 1, 0, 1
            if unfinished:
                yield b"\n"


def file_blocks(path: Path, offset: int = 0) -> Iterator[bytes]:
    """Yields the blocks of one file; a thread reads and decompresses the next one meanwhile.

    Args:
        path: the file; ``-`` is standard input.
        offset: bytes of its text to skip, decompressed and without a byte order mark.

    Raises:
        DataError: the file is a directory, is damaged or cut off, or is no text.
    """
    if path == Path("-"):
        yield from _blocks(sys.stdin.buffer, path)
        return
    with reading(path) as stream, ThreadPoolExecutor(1) as ahead:
        blocks = _blocks(stream, path, offset)
        pending = ahead.submit(next, blocks, None)
        while (block := pending.result()) is not None:
            pending = ahead.submit(next, blocks, None)
            yield block


def _blocks(stream: IO[bytes], path: Path, offset: int = 0) -> Iterator[bytes]:
    """Cuts a stream into blocks at line ends, or at blanks in lines longer than a block."""
    rest = stream.read(len(_BOM)).removeprefix(_BOM)
    if offset:
        stream.seek(offset if rest else offset + len(_BOM))
        rest = b""
    while data := stream.read(BLOCK_BYTES):
        data = rest + data
        cut = (data.rfind(b"\n") + 1) or (data.rfind(b" ") + 1)
        rest = data[cut:]
        if cut:
            yield data[:cut]
        elif len(rest) > LONGEST_WORD:
            raise DataError(f"{path} has {LONGEST_WORD:,} bytes without a blank or line end; is it text?")
    if rest:
        yield rest


def document_blocks(documents: Iterable[str] | Iterable[list[str]]) -> Iterator[bytes]:
    """Yields blocks of documents in memory, each a text or a list of words.

    Raises:
        ParameterError: the documents are one string.
        DataError: the documents are an iterator or generator, which can be read only once.
    """
    refuse_string(documents, "documents")
    if iter(documents) is documents:
        raise DataError(
            f"documents are a one-shot {type(documents).__name__}, which is used up after one pass; "
            "pass a list, or an object whose __iter__ starts afresh"
        )
    lines: list[str] = []
    size = 0
    for document in documents:
        text = document if isinstance(document, str) else " ".join(document)
        lines.append(text.replace("\n", " "))
        size += len(text)
        if size >= BLOCK_BYTES:
            yield _encoded(lines)
            lines, size = [], 0
    if lines:
        yield _encoded(lines)


def _encoded(lines: Sequence[str]) -> bytes:
    return "\n".join(lines).encode(errors="replace") + b"\n"  # a lone surrogate becomes a question mark
