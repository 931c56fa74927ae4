"""Bytes → word ids in one pass, compiled: counts words and encodes tokens without a Python object a token.

Words get provisional ids in the order of their first occurrence. When the text has been read, the counts say
which words stay, and a second, cheap pass over the ids gives them their final numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numba
import numpy as np

_FNV_OFFSET = np.uint64(14695981039346656037)
_FNV_PRIME = np.uint64(1099511628211)


@numba.njit(nogil=True, cache=True)
def _encode(block, start, slots, hashes, starts, letters, counts, n_words, ids, ends):  # type: ignore[no-untyped-def]  # numba
    """Encodes ``block[start:]`` until it ends or the table of words is full.

    Returns:
        position reached, number of words, number of ids written, number of line ends written.
    """
    mask = np.uint64(slots.size - 1)
    n_ids = n_ends = 0
    i = start
    while i < block.size:
        if block[i] <= 32:
            if block[i] == 10:
                ends[n_ends] = n_ids
                n_ends += 1
            i += 1
            continue
        j = i
        key = _FNV_OFFSET
        while j < block.size and block[j] > 32:
            key = (key ^ np.uint64(block[j])) * _FNV_PRIME
            j += 1
        slot = (key ^ (key >> np.uint64(32))) & mask
        word = slots[slot]
        while word >= 0:
            if hashes[word] == key and starts[word + 1] - starts[word] == j - i:
                k = 0
                while k < j - i and letters[starts[word] + k] == block[i + k]:
                    k += 1
                if k == j - i:
                    break
            slot = (slot + np.uint64(1)) & mask
            word = slots[slot]
        if word < 0:
            if 2 * n_words >= slots.size or starts[n_words] + (j - i) > letters.size:
                break
            word = n_words
            slots[slot] = word
            hashes[word] = key
            for k in range(i, j):
                letters[starts[word] + k - i] = block[k]
            starts[word + 1] = starts[word] + (j - i)
            counts[word] = 0
            n_words += 1
        counts[word] += 1
        ids[n_ids] = word
        n_ids += 1
        i = j
    return i, n_words, n_ids, n_ends


@numba.njit(nogil=True, cache=True)
def _rehash(slots, hashes, n_words):  # type: ignore[no-untyped-def]  # numba
    mask = np.uint64(slots.size - 1)
    for word in range(n_words):
        slot = (hashes[word] ^ (hashes[word] >> np.uint64(32))) & mask
        while slots[slot] >= 0:
            slot = (slot + np.uint64(1)) & mask
        slots[slot] = word


@numba.njit(nogil=True, cache=True)
def renumber(ids, new_ids, ends, left):  # type: ignore[no-untyped-def]  # numba
    """Replaces provisional ids in place by final ones and drops those that map to -1.

    Args:
        ids: int32 [n], provisional; overwritten from the front.
        new_ids: int32 [n_words], provisional → final id or -1.
        ends: int64 [n_ends], rising, how many provisional ids stand before each end of a document.
        left: int64 [n_ends], set to how many of them are left.

    Returns:
        How many ids are left.
    """
    n = end = 0
    for i in range(ids.size):
        while end < ends.size and ends[end] <= i:
            left[end] = n
            end += 1
        new = new_ids[ids[i]]
        if new >= 0:
            ids[n] = new
            n += 1
    left[end:] = n
    return n


@dataclass
class Encoded:
    """One encoded block: provisional ids int32 [n] and, for each line end in it, how many ids stand before it."""

    ids: np.ndarray
    ends: np.ndarray


class WordTable:
    """An open-addressing hash table from words (bytes) to provisional ids, with counts."""

    def __init__(self, capacity: int = 1 << 16) -> None:
        """Starts with room for ``capacity`` words (a power of two) and grows as needed."""
        self.n_words = 0
        self._slots = np.full(2 * capacity, -1, dtype=np.int32)
        self._hashes = np.empty(capacity, dtype=np.uint64)
        self._starts = np.zeros(capacity + 1, dtype=np.int64)
        self._counts = np.zeros(capacity, dtype=np.int64)
        self._letters = np.empty(8 * capacity, dtype=np.uint8)

    @classmethod
    def restored(cls, state: Mapping[str, np.ndarray]) -> Self:
        """A table with the words that :meth:`state` gave.

        Raises:
            KeyError, ValueError: the arrays are not such a state.
        """
        counts, starts, letters = state["counts"], state["starts"], state["letters"]
        if len(starts) != len(counts) + 1 or starts[-1] != len(letters) or len(state["hashes"]) != len(counts):
            raise ValueError("its arrays do not fit each other")
        table = cls(max(1 << 16, 1 << len(counts).bit_length()))
        table.n_words = n = len(counts)
        table._hashes[:n], table._starts[: n + 1], table._counts[:n] = state["hashes"], starts, counts
        table._letters = np.resize(letters, max(table._letters.size, len(letters))) if n else table._letters
        _rehash(table._slots, table._hashes, n)
        return table

    def state(self) -> dict[str, np.ndarray]:
        """All words, their hashes and counts, as arrays."""
        n, starts = self.n_words, self._starts[: self.n_words + 1]
        letters = self._letters[: starts[-1]]
        return {"hashes": self._hashes[:n], "starts": starts, "letters": letters, "counts": self._counts[:n]}

    def encode(self, block: bytes) -> Encoded:
        """Encodes words separated by blanks; lines end documents."""
        data = np.frombuffer(block, dtype=np.uint8)
        ids = np.empty(data.size // 2 + 1, dtype=np.int32)
        ends = np.empty(block.count(b"\n"), dtype=np.int64)
        position = n_ids = n_ends = 0
        while True:
            table = (self._slots, self._hashes, self._starts, self._letters, self._counts)
            position, self.n_words, more_ids, more_ends = _encode(
                data, position, *table, self.n_words, ids[n_ids:], ends[n_ends:]
            )
            ends[n_ends : n_ends + more_ends] += n_ids
            n_ids += more_ids
            n_ends += more_ends
            if position >= data.size:
                return Encoded(ids[:n_ids], ends)
            self._grow(data.size)

    def _grow(self, letters: int) -> None:
        """Makes room for twice as many words and at least ``letters`` more bytes of them."""
        capacity = 2 * self._hashes.size
        self._hashes = np.resize(self._hashes, capacity)
        self._starts = np.resize(self._starts, capacity + 1)
        self._counts = np.resize(self._counts, capacity)
        self._letters = np.resize(self._letters, 2 * self._letters.size + letters)
        self._slots = np.full(2 * capacity, -1, dtype=np.int32)
        _rehash(self._slots, self._hashes, self.n_words)

    def words(self) -> list[bytes]:
        """The words in the order of their provisional ids."""
        letters = self._letters.tobytes()
        starts = self._starts[: self.n_words + 1].tolist()
        return [letters[a:b] for a, b in pairwise(starts)]

    def counts(self) -> np.ndarray:
        """How often each word occurred, int64 [n_words]."""
        return self._counts[: self.n_words].copy()
