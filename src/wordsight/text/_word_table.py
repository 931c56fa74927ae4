"""WordTable: turns bytes into word ids in one compiled pass, which counts the words too.

Words get provisional ids in the order of their first occurrence. When the text is read, the counts say which words
stay, and a second, cheap pass over the ids gives them their final ids.

The text is read eight bytes at a time. Everything about a word is in one slot, so a token costs one access to memory.
Only words of more than seven bytes are compared byte by byte: no two shorter ones have the same hash.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

_SLOT = np.dtype([("hash", "u8"), ("count", "i8"), ("start", "i8"), ("size", "i4"), ("word", "i4")])
"""A word's hash, count, start among the letters, number of bytes, and id; a size of 0 marks a free slot."""
_PIECE = 8
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_ONES = np.uint64(0x0101010101010101)
_LETTER = np.uint64(33) * _ONES
"""In each byte, the lowest value that is neither a blank nor a control character."""
_TOP = np.uint64(0x80) * _ONES
_0, _1, _7, _32, _56 = map(np.uint64, (0, 1, 7, 32, 56))


@intrinsic
def _eight_bytes(_, block, start):  # type: ignore[no-untyped-def]
    def build(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        number = builder.bitcast(builder.gep(data, [arguments[1]]), ir.IntType(64).as_pointer())
        return builder.load(number, align=1)

    return types.uint64(block, types.intp), build


@numba.njit(inline="always")
def _piece(block, start):  # type: ignore[no-untyped-def]
    """Reads eight bytes as one number, the first byte lowest."""
    return _eight_bytes(block, start)  # type: ignore[call-arg]


@numba.njit(inline="always")
def _mixed(key, piece):  # type: ignore[no-untyped-def]
    """Adds a piece to a hash; for the first piece this is a bijection."""
    key = (key ^ piece) * _PRIME
    return key ^ (key >> _32)


@numba.njit(inline="always")
def _word_at(block, i):  # type: ignore[no-untyped-def]
    """Finds the end and the hash of the word that begins at ``block[i]``."""
    key, j = _0, i
    while True:
        piece = _piece(block, j)
        # The top bit of each byte that is no letter; above the first such byte, of others too.
        blank = (piece - _LETTER) & ~piece & _TOP
        if blank:
            break
        key = _mixed(key, piece)
        j += _PIECE
    within = ((blank & (~blank + _1)) >> _7) - _1
    return j + np.int64(((within & _ONES) * _ONES) >> _56), _mixed(key, piece & within)


@numba.njit(inline="always")
def _same(block, i, letters, start, size):  # type: ignore[no-untyped-def]
    """Tells whether two runs of at least eight bytes are equal."""
    for k in range(0, size, _PIECE):
        k = min(k, size - _PIECE)
        if _piece(block, i + k) != _piece(letters, start + k):
            return False
    return True


@numba.njit(nogil=True, cache=True)
def _encode(block, start, slots, letters, n_words, n_letters, ids, ends):  # type: ignore[no-untyped-def]  # numba
    """Encodes ``block[start:]``, which ends in eight zeros, to its end or until the table of words is full.

    Returns:
        position reached, number of words, number of their letters, number of ids written, number of line ends written.
    """
    mask = np.uint64(slots.size - 1)
    n_ids = n_ends = 0
    i, stop = start, block.size - _PIECE
    while i < stop:
        if block[i] <= 32:
            if block[i] == 10:
                ends[n_ends] = n_ids
                n_ends += 1
            i += 1
            continue
        j, key = _word_at(block, i)
        size = j - i
        index = key & mask
        while slots[index].size and not (
            slots[index].hash == key
            and slots[index].size == size
            and (size < _PIECE or _same(block, i, letters, slots[index].start, size))
        ):
            index = (index + _1) & mask
        if not slots[index].size:
            if 2 * n_words >= slots.size or n_letters + size > letters.size:
                break
            slots[index].hash, slots[index].count, slots[index].start = key, 0, n_letters
            slots[index].size, slots[index].word = size, n_words
            for k in range(size):  # compiles three times as fast as a slice
                letters[n_letters + k] = block[i + k]
            n_letters += size
            n_words += 1
        slots[index].count += 1
        ids[n_ids] = slots[index].word
        n_ids += 1
        i = j
    return i, n_words, n_letters, n_ids, n_ends


@numba.njit(nogil=True, cache=True)
def _insert(old, slots):  # type: ignore[no-untyped-def]  # numba
    """Puts words into a larger table."""
    mask = np.uint64(slots.size - 1)
    for i in range(old.size):
        if old[i].size:
            index = old[i].hash & mask
            while slots[index].size:
                index = (index + _1) & mask
            slots[index] = old[i]


@numba.njit(nogil=True, cache=True)
def _hash(letters, words):  # type: ignore[no-untyped-def]  # numba
    """Computes the hashes of words."""
    block = np.zeros(words["size"].max() + _PIECE, np.uint8)
    for i in range(words.size):
        size, start = words[i].size, words[i].start
        block[:size], block[size:] = letters[start : start + size], 0
        words[i].hash = _word_at(block, 0)[1]


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
        self.n_words = self._n_letters = 0
        self._slots = np.zeros(2 * capacity, dtype=_SLOT)
        self._letters = np.empty(8 * capacity, dtype=np.uint8)

    @classmethod
    def restored(cls, state: Mapping[str, np.ndarray]) -> Self:
        """Restores a table from what :meth:`state` gave.

        Raises:
            KeyError, ValueError: the arrays are not such a state.
        """
        words = np.zeros(len(state["counts"]), dtype=_SLOT)
        words["count"], words["size"], words["word"] = state["counts"], state["sizes"], np.arange(len(words))
        words["start"] = np.cumsum(words["size"], dtype=np.int64) - words["size"]
        letters = state["letters"]
        if words["size"].min(initial=1) < 1 or words["size"].sum() != len(letters) or (letters <= ord(" ")).any():
            raise ValueError("its arrays do not fit each other")
        table = cls(max(1 << 16, 1 << len(words).bit_length()))
        table.n_words, table._n_letters = len(words), len(letters)
        if len(words):
            _hash(letters, words)
            _insert(words, table._slots)
            table._letters = np.resize(letters, max(table._letters.size, len(letters)))
        return table

    def state(self) -> dict[str, np.ndarray]:
        """Returns all words, their numbers of bytes and their counts, as arrays."""
        words = self.words()
        return {"sizes": words["size"], "letters": self._letters[: self._n_letters], "counts": words["count"]}

    def encode(self, block: bytes) -> Encoded:
        """Encodes words separated by blanks; lines end documents."""
        data = np.frombuffer(block + bytes(_PIECE), dtype=np.uint8)
        ids = np.empty(len(block) // 2 + 1, dtype=np.int32)
        ends = np.empty(block.count(b"\n"), dtype=np.int64)
        position = n_ids = n_ends = 0
        while True:
            table = (self._slots, self._letters, self.n_words, self._n_letters)
            position, self.n_words, self._n_letters, more_ids, more_ends = _encode(
                data, position, *table, ids[n_ids:], ends[n_ends:]
            )
            ends[n_ends : n_ends + more_ends] += n_ids
            n_ids += more_ids
            n_ends += more_ends
            if position >= len(block):
                return Encoded(ids[:n_ids], ends)
            self._grow(len(block))

    def _grow(self, letters: int) -> None:
        """Makes room for twice as many words and at least ``letters`` more bytes of them."""
        self._letters = np.resize(self._letters, 2 * self._letters.size + letters)
        old, self._slots = self._slots, np.zeros(2 * self._slots.size, dtype=_SLOT)
        _insert(old, self._slots)

    def words(self) -> np.ndarray:
        """Returns all words by provisional id, a structured array with ``count`` and ``size`` (bytes)."""
        words = self._slots[self._slots["size"] > 0]
        ordered = np.empty_like(words)
        ordered[words["word"]] = words
        return ordered

    def names(self, words: np.ndarray) -> list[bytes]:
        """Returns the bytes of some of :meth:`words`."""
        letters = self._letters[: self._n_letters].tobytes()
        starts, ends = words["start"], words["start"] + words["size"]
        return [letters[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
