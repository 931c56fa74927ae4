"""Streaming readers: text from files (plain, .gz, .xz, .bz2), standard input or documents in memory, in blocks.

A block is a piece of UTF-8 text that ends where a word ends; a document is a line.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

from wordsight.errors import DataError
from wordsight.files import existing, reading

BLOCK_BYTES = 1 << 20
_BOM = b"\xef\xbb\xbf"

Paths = str | os.PathLike[str] | list[str] | list[Path]


def paths_of(source: Paths) -> list[Path]:
    """One path or several as a list; ``-`` is standard input.

    Raises:
        DataError: a file is missing, or there are none.
    """
    paths = [Path(source)] if isinstance(source, str | os.PathLike) else [Path(p) for p in source]
    if not paths:
        raise DataError("no text files were given; name at least one")
    return [path if path == Path("-") else existing(path, what="text file") for path in paths]


def file_blocks(path: Path) -> Iterator[bytes]:
    """The blocks of one file; the next one is read and decompressed while the last is worked on.

    Raises:
        DataError: the file is a directory, or its compressed data are damaged or cut off.
    """
    if path == Path("-"):
        yield from _blocks(sys.stdin.buffer)
        return
    with reading(path) as stream, ThreadPoolExecutor(1) as ahead:
        blocks = _blocks(stream)
        pending = ahead.submit(next, blocks, None)
        while (block := pending.result()) is not None:
            pending = ahead.submit(next, blocks, None)
            yield block


def _blocks(stream: IO[bytes]) -> Iterator[bytes]:
    """Cuts a stream into blocks at line ends, or at blanks in lines longer than a block."""
    rest = stream.read(len(_BOM)).removeprefix(_BOM)
    while data := stream.read(BLOCK_BYTES):
        data = rest + data
        cut = (data.rfind(b"\n") + 1) or (data.rfind(b" ") + 1)
        rest = data[cut:]
        if cut:
            yield data[:cut]
    if rest:
        yield rest


def document_blocks(documents: Iterable[str] | Iterable[list[str]]) -> Iterator[bytes]:
    """Blocks from documents in memory, each a text or a list of words.

    Raises:
        DataError: the documents are an iterator or generator, which can be read only once.
    """
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
            yield "\n".join(lines).encode() + b"\n"
            lines, size = [], 0
    if lines:
        yield "\n".join(lines).encode() + b"\n"
