"""Files opened for reading, compressed or not; what is damaged or expands beyond measure is an error."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import lzma
import os
import re
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, cast

from wordsight.errors import DataError

_OPENERS: dict[str, Callable[..., Any]] = {".gz": gzip.open, ".xz": lzma.open, ".bz2": bz2.open}
COMPRESSED = frozenset(_OPENERS)
"""Endings, in lower case, of the compressed files that are read."""
_FIRST_BYTES = {
    "gzip": rb"\x1f\x8b",
    "xz": rb"\xfd7zXZ\x00",
    "bzip2": rb"BZh[1-9]1AY&SY",
    "zip": rb"PK\x03\x04",
    "Zstandard": rb"\x28\xb5\x2f\xfd",
    "LZ4": rb"\x04\x22\x4d\x18",
    "7z": rb"7z\xbc\xaf\x27\x1c",
    "RAR": rb"Rar!\x1a\x07",
}
"""How compressed files begin, as regular expressions."""
EXPANSION = 200
"""A compressed file may expand to so many times its size: text does to 3 to 30 times, a bomb to 1000 and more."""
ALWAYS_ALLOWED = 1 << 26
"""Bytes to which any file may expand."""


def existing(path: str | os.PathLike[str], *, what: str = "file") -> Path:
    """The path, checked to exist.

    Raises:
        DataError: nothing is there.
    """
    path = Path(path)
    try:
        found = path.exists()
    except (OSError, ValueError):  # a name that is too long, or has a NUL in it
        found = False
    if not found:
        raise DataError(f"no such {what}: {path}; check the path")
    return path


def open_binary(path: str | os.PathLike[str]) -> IO[bytes]:
    """Opens a plain, .gz, .xz or .bz2 file for reading bytes.

    Raises:
        DataError: the file does not exist, is a directory, or is compressed and its ending does not say so.
    """
    path = existing(path)
    if path.is_dir():
        raise DataError(f"{path} is a directory; a file is needed here")
    ending = path.suffix.lower()
    if ending in _OPENERS:
        return cast(IO[bytes], io.BufferedReader(_Expanding(_OPENERS[ending](path, "rb"), path), 1 << 17))
    stream = path.open("rb")
    try:
        _refuse_compressed(stream.peek(16), path)
    except BaseException:
        stream.close()
        raise
    return stream


def head_of_text(path: str | os.PathLike[str], size: int) -> tuple[bytes, int]:
    """The first bytes of a text, and how many it has in all; for a compressed file an estimate from its beginning.

    Args:
        path: plain, .gz, .xz or .bz2.
        size: how many bytes are read at most.

    Raises:
        DataError: see :func:`reading`.
    """
    with reading(path) as stream:
        head = stream.read(size)
    total = Path(path).stat().st_size
    opener = _OPENERS.get(Path(path).suffix.lower())
    if opener is None or len(head) < size:
        return head, len(head) if len(head) < size else total
    with Path(path).open("rb") as raw, opener(raw, "rb") as expanded:
        expanded.read(size)
        return head, total * size // max(1, raw.tell())


def _refuse_compressed(head: bytes, path: Path) -> None:
    """Refuses what is compressed, although its ending does not say so."""
    for kind, first in _FIRST_BYTES.items():
        if re.match(first, head):
            endings = ", ".join(_OPENERS)
            raise DataError(f"{path} is compressed ({kind}); unpack it, or compress and name it as one of {endings}")


@contextlib.contextmanager
def reading(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """Opens like :func:`open_binary`; compressed data that are damaged, truncated or a bomb become a DataError."""
    with open_binary(path) as stream:
        try:
            yield stream
        except (EOFError, lzma.LZMAError, zlib.error, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # the operating system's: not the data's fault (gzip and bz2 give theirs no number)
            raise DataError(f"{path} is damaged or cut off ({error}); get the file again") from error


def expansion_limit(size: int) -> int:
    """To how many bytes a file of some size may expand."""
    return max(ALWAYS_ALLOWED, EXPANSION * size)


class _Expanding(io.RawIOBase):
    """The text of a compressed file, which ends in an error where it becomes too long for its size."""

    def __init__(self, stream: Any, path: Path) -> None:
        self._stream, self._path = stream, path
        self._limit = expansion_limit(path.stat().st_size)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        n = int(self._stream.readinto(buffer))
        if self._stream.tell() > self._limit:
            raise DataError(
                f"{self._path} expands to more than {EXPANSION} times its size, which no text does; "
                "if it is what you want, unpack it first"
            )
        return n

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return int(self._stream.seek(offset, whence))

    def tell(self) -> int:
        return int(self._stream.tell())

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()
