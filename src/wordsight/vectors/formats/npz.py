"""NumPy's archive ``.npz``: an array of words and a matrix, under whatever names."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

import numpy as np

from wordsight.errors import DataError, WordsightError
from wordsight.storage.output_files import output_stream
from wordsight.storage.streams import expansion_limit
from wordsight.vectors.formats.base import Contents, VectorFormat

_NO_ARCHIVE = (ValueError, TypeError, KeyError, EOFError, OSError, MemoryError, OverflowError, RuntimeError,
               NotImplementedError, SyntaxError, zipfile.BadZipFile, zlib.error)  # fmt: skip
"""What NumPy's reader raises for archives that are damaged or hold Python objects."""


def sniff(path: Path, head: bytes) -> bool:
    """Tells whether it is a zip archive whose first member is an array."""
    length = int.from_bytes(head[26:28], "little")
    return head.startswith(b"PK\x03\x04") and head[30 : 30 + length].endswith(b".npy")


def read(path: Path, *, limit: int | None = None, mmap: bool = True) -> Contents:
    """Reads the archive's one array of texts [n_words] and its one array of numbers [n_words, dim].

    Raises:
        DataError: the file is damaged, has none or several of these, or they do not fit each other; nothing is
            unpickled.
    """
    arrays = _arrays(path)
    words = [array for array in arrays.values() if array.ndim == 1 and array.dtype.kind in "US"]
    matrices = [array for array in arrays.values() if array.ndim == 2 and array.dtype.kind == "f"]
    if len(words) != 1 or len(matrices) != 1 or len(words[0]) != len(matrices[0]):
        found = ", ".join(f"{name} {array.dtype} {list(array.shape)}" for name, array in arrays.items()) or "nothing"
        raise DataError(f"{path} needs one array of words [n] and one matrix of numbers [n, dim]; it has {found}")
    encoded, matrix = words[0][:limit], matrices[0][:limit].astype(np.float32, copy=False)
    if encoded.dtype.kind == "U":
        return Contents(encoded.tolist(), matrix)
    try:
        return Contents([word.decode() for word in encoded.tolist()], matrix)
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: the word {error.object!r} is not UTF-8; write the words as text") from None


def _arrays(path: Path) -> dict[str, np.ndarray]:
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
            if sum(member.file_size for member in archive.zip.infolist()) > expansion_limit(path.stat().st_size):
                raise DataError(f"{path} expands beyond what vectors do; save it uncompressed, with numpy.savez")
            return {name: archive[name] for name in archive.files}
    except WordsightError:
        raise
    except _NO_ARCHIVE as error:
        raise DataError(f"{path} is no whole .npz archive of plain arrays ({error}); get or write it again") from error


def write(path: Path, contents: Contents) -> None:
    """Writes the arrays ``words`` and ``matrix``.

    Raises:
        DataError: a word ends in NUL, which NumPy's texts cannot hold.
        WriteError: the file cannot be written; nothing half-written is left.
    """
    words = np.array(contents.words)
    if lost := next((word for word in contents.words if word.endswith("\0")), None):
        raise DataError(f"the word {lost!r} ends in NUL, which a .npz file cannot hold; save a directory instead")
    with output_stream(path, "vectors", overwrite=True) as stream:
        np.savez(stream, words=words, matrix=contents.matrix)


FORMAT = VectorFormat(
    name="npz",
    title=".npz file",
    what="NumPy's archive with an array of words and a matrix of numbers",
    endings=(".npz",),
    sniff=sniff,
    read=read,
    write=write,
)
