"""The formats of word vectors, found by content, by name or by the ending of a file name.

Loading, saving, ``wordsight convert``, ``wordsight data check`` and the documentation go by this list alone.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

from wordsight.errors import DataError, ParameterError, unknown_name
from wordsight.storage.output_files import check_file
from wordsight.storage.streams import COMPRESSED, reading

if TYPE_CHECKING:
    from wordsight.vectors.formats.base import Contents, VectorFormat

# Each is the FORMAT of the module of that name in this folder. The modules are imported only when they are needed.
FORMATS = [
    "sentence-transformers",
    "native",
    "fasttext-binary",
    "word2vec-text",
    "word2vec-binary",
    "glove",
    "npz",
    "parquet",
]
"""The names, in the order in which a file is compared with them."""
WRITTEN = [name for name in FORMATS if name != "fasttext-binary"]
"""The names of those that are written too, for the command line's help, which imports none of the modules."""
_HEAD_BYTES = 2**20
"""How much of a file is compared."""


def formats() -> list[VectorFormat]:
    """Returns all formats."""
    return [by_name(name) for name in FORMATS]


def by_name(name: str) -> VectorFormat:
    """Finds a format by its name.

    Raises:
        UnknownNameError: there is none; the message suggests near ones.
    """
    if name not in FORMATS:
        raise unknown_name("format of vectors", name, FORMATS, hint=f"there are: {', '.join(FORMATS)}")
    found: VectorFormat = importlib.import_module(f"{__package__}.{name.replace('-', '_')}").FORMAT
    return found


def by_content(path: Path) -> VectorFormat | None:
    """Finds the format of an existing file or directory by its first bytes; None where it is no known one."""
    head = b"" if path.is_dir() else _head(path)
    return next((one for one in formats() if one.sniff(path, head)), None)


def to_read(path: Path) -> VectorFormat:
    """Finds the format of an existing file or directory.

    Raises:
        DataError: it is none of the known formats; the message lists them.
    """
    found = by_content(path)
    if found is None:
        known = ", ".join(FORMATS)
        if path.is_file() and path.suffix not in COMPRESSED and _is_of_gensim(_head(path)):
            raise DataError(
                f"{path} is a pickle of gensim, which can run any code; if you trust it, ws.from_gensim(path) reads it"
            )
        raise DataError(
            f"{path} holds no word vectors in a known format ({known}); wordsight data check PATH says what it is"
        )
    return found


def to_write(path: Path, name: str | None = None) -> VectorFormat:
    """Finds the format for a new file or directory: the one that is named, else the one of its ending.

    Raises:
        UnknownNameError: no format has this name.
        ParameterError: no format has this ending, or the format is only read.
    """
    if path == Path("-"):
        raise ParameterError("vectors are not written to standard output; name a file or directory in place of '-'")
    found = _by_ending(path) if name is None else by_name(name)
    if found.write is None:
        raise ParameterError(f"the format {found.name} is only read; choose another")
    return found


def write(path: Path, contents: Contents, name: str | None = None, *, overwrite: bool = False) -> None:
    """Writes vectors in the format that :func:`to_write` gives.

    Args:
        path: of the new file or directory.
        contents: what to write.
        name: of the format, or None.
        overwrite: whether whatever file is there may be replaced.

    Raises:
        WriteError: it cannot be written, or something is there that must not be replaced.
    """
    chosen = to_write(path, name)
    assert chosen.write is not None
    if chosen.directory is None:
        check_file(path, "vectors", overwrite=overwrite)
    chosen.write(path, contents)


def _by_ending(path: Path) -> VectorFormat:
    ending = "" if path.is_dir() else path.suffix.lower()
    if ending in COMPRESSED:
        raise ParameterError(f"{path}: vectors are written uncompressed; leave out {ending} and compress afterwards")
    found = next((one for one in formats() if ending in one.endings), None)
    if found is None:
        known = ", ".join(ending or "none" for one in formats() if one.write for ending in one.endings)
        raise ParameterError(f"{path}: the ending {ending} stands for no format; known are {known}; or name a format")
    return found


def _is_of_gensim(head: bytes) -> bool:
    return head.startswith(b"\x80") and b"gensim.models" in head[:200]


def _head(path: Path) -> bytes:
    if path.suffix.lower() not in COMPRESSED:
        with path.open("rb") as stream:
            return stream.read(_HEAD_BYTES)
    with reading(path) as stream:
        return stream.read(_HEAD_BYTES)
