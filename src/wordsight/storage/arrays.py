"""Arrays on disk: ``.npy`` files that are memory-mapped, and their memory given back after use."""

from __future__ import annotations

import mmap as mapping
import tokenize
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from wordsight.errors import DataError
from wordsight.storage.streams import existing

_BLOCK = 1 << 22
_NOT_NPY = (ValueError, TypeError, OverflowError, SyntaxError, tokenize.TokenError, RecursionError, MemoryError)
"""What NumPy's reader makes of headers that are none."""


def load_array(path: Path, *, mmap: bool = True) -> np.ndarray:
    """Loads a ``.npy`` file, memory-mapped and read-only by default; never unpickles.

    Raises:
        DataError: missing, truncated or not an array file.
    """
    existing(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd headers
            # Mapped first in any case: that compares the size in the header with the file's before room is made for it.
            array = np.load(path, mmap_mode="r", allow_pickle=False)
    except (*_NOT_NPY, EOFError, OSError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} is not a whole .npy file ({error}); write or fetch it again") from error
    if not isinstance(array, np.ndarray):
        array.close()
        raise DataError(f"{path} is an .npz archive; a .npy file with one array is needed here")
    return array if mmap else np.array(array)


def _mapped(array: np.ndarray) -> mapping.mmap | None:
    """The mapped file that an array, or a part of one, reads from; None where it is in memory."""
    base: object = array
    while isinstance(base, np.ndarray):
        base = base.base
    return base if isinstance(base, mapping.mmap) else None


def release(array: np.ndarray) -> None:
    """Gives back the memory of what an array, or a part of one, has read from a file that it is mapped from.

    It is read again when it is needed. Where nothing is mapped, nothing happens.
    """
    base = _mapped(array)
    if base is not None and hasattr(base, "madvise"):
        begin = array.ctypes.data - np.frombuffer(base, np.uint8).ctypes.data
        first_page = begin - begin % mapping.PAGESIZE
        base.madvise(mapping.MADV_DONTNEED, first_page, begin + array.nbytes - first_page)


def check_not_cut(array: np.ndarray) -> None:
    """Does nothing as long as the file that an array is mapped from is as long as when it was opened.

    Reading what is no longer there would end the process with a bus error, so this is asked before long work.

    Raises:
        DataError: the file has become shorter.
    """
    mapped = _mapped(array)
    if mapped is not None and mapped.size() < len(mapped):
        whole: object = array
        while isinstance(whole, np.ndarray) and not isinstance(whole, np.memmap):
            whole = whole.base
        name = getattr(whole, "filename", None) or "a file that is mapped into memory"
        left = f"{mapped.size():,} of {len(mapped):,} bytes are left"
        raise DataError(f"{name} was cut off after it was opened: {left}; get or write it again")


def blocks(array: np.ndarray) -> Iterator[np.ndarray]:
    """The parts of an array [n], one after another; of a mapped one, one part at a time is in memory.

    Raises:
        DataError: the file that it is mapped from has become shorter.
    """
    for start in range(0, len(array), _BLOCK):
        check_not_cut(array)
        block = array[start : start + _BLOCK]
        yield block
        release(block)
