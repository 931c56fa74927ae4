"""Arrays on disk."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from wordsight.errors import DataError
from wordsight.storage.arrays import blocks, check_not_cut, load_array, release
from wordsight.storage.hashes import fingerprint


def test_load_array(tmp_path: Path) -> None:
    array = np.arange(12).reshape(3, 4)
    path = tmp_path / "a.npy"
    np.save(path, array)
    assert isinstance(load_array(path), np.memmap)
    assert not isinstance(load_array(path, mmap=False), np.memmap)
    np.testing.assert_array_equal(load_array(path), array)
    whole = path.read_bytes()
    for length in (0, 5, 60, len(whole) - 1):
        path.write_bytes(whole[:length])
        for mmap in (True, False):
            with pytest.raises(DataError, match=r"not a whole \.npy file"):
                load_array(path, mmap=mmap)
    np.save(path, np.array([{"pickled": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(DataError, match=r"not a whole \.npy file"):
        load_array(path)


def _resident(path: Path) -> int:
    """KiB of this process's memory that hold a mapped file."""
    maps = Path("/proc/self/smaps").read_text(encoding="utf-8")
    return sum(int(kib) for kib in re.findall(rf"{re.escape(str(path))}\n.*?\nRss: +(\d+) kB", maps, flags=re.DOTALL))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it asks Linux what is in memory")
def test_a_mapped_array_that_was_read_gives_its_memory_back(tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    numbers = np.arange(1 << 23, dtype=np.int32)
    np.save(path, numbers)
    array = load_array(path)
    view = array.view()
    assert view.sum(dtype=np.int64) == numbers.sum(dtype=np.int64)
    full = _resident(path)
    assert full > 30_000
    release(view[1000:2_000_000])
    assert _resident(path) < full - 7000
    np.testing.assert_array_equal(view, numbers)
    assert sum(int(block.sum(dtype=np.int64)) for block in blocks(view)) == numbers.sum(dtype=np.int64)
    assert _resident(path) < 1000


@pytest.mark.parametrize("n", [0, 3])
def test_an_array_that_is_not_mapped_stays_as_it_is(n: int) -> None:
    array = np.arange(n)
    release(array[1:])
    assert np.concatenate([array[:0], *blocks(array)]).tolist() == list(range(n))


def test_a_mapped_file_that_was_cut_off_is_an_error_and_no_bus_error(tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    np.save(path, np.arange(100_000))
    array = load_array(path)
    check_not_cut(array)
    check_not_cut(np.arange(3))
    replaced = tmp_path / "b.npy"
    np.save(replaced, np.arange(3))
    replaced.replace(path)
    assert int(array[-1]) == 99_999, "another file in its place harms nobody"
    check_not_cut(array)

    np.save(path, np.arange(100_000))
    array = load_array(path)
    size = path.stat().st_size
    os.truncate(path, 5000)
    for read in (lambda: check_not_cut(array), lambda: list(blocks(array[10:])), lambda: fingerprint(array)):
        with pytest.raises(DataError) as caught:
            read()
        message = f"{path} was cut off after it was opened: 5,000 of {size:,} bytes are left; get or write it again"
        assert str(caught.value) == message
