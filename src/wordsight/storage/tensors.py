"""Named arrays in one safetensors file.

Written and read here rather than by the safetensors package so that a full disk is an OSError, sizes are checked before
anything is allocated, and arrays can stay memory-mapped. Layout: uint64 header length, JSON header (name → dtype,
shape, byte range), the arrays, all little-endian.
"""

from __future__ import annotations

import json
import math
import operator
import os
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np

from wordsight.errors import DataError
from wordsight.storage.streams import existing

_DTYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "|i1",
    "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "|u1", "BOOL": "|b1",
}  # fmt: skip
_NAMES = {dtype: name for name, dtype in _DTYPES.items()}


def below(prefix: str, tensors: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Arrays under names that begin with a prefix and a full stop, so that they can stand among others."""
    return {f"{prefix}.{name}": array for name, array in tensors.items()}


def from_below(prefix: str, tensors: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The arrays that :func:`below` named, by their own names, from among others."""
    start = f"{prefix}."
    return {name.removeprefix(start): array for name, array in tensors.items() if name.startswith(start)}


def write_tensors(path: Path, tensors: Mapping[str, np.ndarray], metadata: Mapping[str, str] | None = None) -> None:
    """Writes arrays of numbers or booleans by name.

    Args:
        path: where to.
        tensors: the arrays.
        metadata: texts to keep in the header.

    Raises:
        OSError: the disk is full or the place cannot be written.
    """
    arrays = {name: array.astype(array.dtype.newbyteorder("<"), copy=False) for name, array in tensors.items()}
    # The widest numbers first keep every array aligned without gaps, which the format does not allow.
    arrays = dict(sorted(arrays.items(), key=lambda item: -item[1].itemsize))
    header: dict[str, Any] = {"__metadata__": dict(metadata)} if metadata else {}
    end = 0
    for name, array in arrays.items():
        start, end = end, end + array.nbytes
        header[name] = {"dtype": _NAMES[array.dtype.str], "shape": list(array.shape), "data_offsets": [start, end]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as stream:
        stream.write(len(text).to_bytes(8, "little") + text)
        for array in arrays.values():
            stream.write(np.ascontiguousarray(array).data)


def read_tensors(path: Path, *, mmap: bool = False) -> dict[str, np.ndarray]:
    """Reads arrays by name.

    Args:
        path: a safetensors file.
        mmap: map the arrays into memory, read-only, instead of reading them.

    Raises:
        DataError: missing, cut off or otherwise damaged.
    """
    with existing(path).open("rb") as stream:  # once: another file may come in its place
        header = _header(path, stream)
        size, start = os.fstat(stream.fileno()).st_size, 8 + len(header)
        entries = _entries(path, header)
        needed = start + max((end for *_, end in entries.values()), default=0)
        if size < needed:
            raise DataError(f"{path} is cut off: it has {size:,} of {needed:,} bytes; get or write it again")
        data = np.memmap(stream, np.uint8, mode="r") if mmap else _all(stream)
    return {
        name: data[start + begin : start + end].view(dtype).reshape(shape)
        for name, (dtype, shape, begin, end) in entries.items()
    }


def _all(stream: IO[bytes]) -> np.ndarray:
    stream.seek(0)
    return np.fromfile(stream, np.uint8)


def read_metadata(path: Path) -> dict[str, str]:
    """The texts in the header.

    Raises:
        DataError: missing, cut off or otherwise damaged.
    """
    with existing(path).open("rb") as stream:
        header = _header(path, stream)
    try:
        return {str(name): str(text) for name, text in json.loads(header).get("__metadata__", {}).items()}
    except (ValueError, AttributeError, RecursionError) as error:
        raise _damaged(path, error) from error


def _header(path: Path, stream: IO[bytes]) -> bytes:
    """The JSON header; its length is checked against the file's before it is read."""
    size = os.fstat(stream.fileno()).st_size
    length = int.from_bytes(stream.read(8), "little")
    if size < 8 or length > size - 8:
        raise DataError(f"{path} is cut off or not a safetensors file; get or write it again")
    return stream.read(length)


def _damaged(path: Path, error: Exception) -> DataError:
    return DataError(f"{path} has a damaged header ({error}); get or write it again")


def _entries(path: Path, header: bytes) -> dict[str, tuple[str, list[int], int, int]]:
    """Name → dtype, shape, first byte and end in the data, each entry checked to agree with itself."""
    entries = {}
    try:
        for name, entry in json.loads(header).items():
            if name == "__metadata__":
                continue
            dtype = _DTYPES[entry["dtype"]]
            shape = [operator.index(length) for length in entry["shape"]]
            begin, end = (operator.index(offset) for offset in entry["data_offsets"])
            if min([begin, *shape]) < 0 or end - begin != math.prod(shape) * np.dtype(dtype).itemsize:
                raise ValueError(f"{name} does not fill its {end - begin} bytes")
            entries[name] = (dtype, shape, begin, end)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise _damaged(path, error) from error
    return entries
