"""Suggestions while a word is typed, and words that were perhaps meant.

Words are compared without case and accents. Those that begin with what was typed come from a sorted list; words that
were perhaps meant share groups of three letters with it.
"""

from __future__ import annotations

import difflib
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

_LAST = "\U0010ffff"
_END = "\n"
"""Stands before and after each word, so that its first and last letters are groups too."""
_CLOSE = 0.65
"""The least similarity of a word that was perhaps meant, as difflib has it."""
_LOOKED_AT = 60
"""How many words that share the most groups are compared letter by letter."""


def plain(text: str) -> str:
    """The text without case and accents."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter)) or text


class Suggestions:
    """An index of labels, the more frequent first.

    Args:
        labels: the words as they are shown, without language tags.
    """

    def __init__(self, labels: Sequence[str]) -> None:
        keys = [plain(label).replace(_END, " ") for label in labels]
        order = sorted(range(len(keys)), key=keys.__getitem__)
        self._keys = [keys[row] for row in order]
        self._rows = np.array(order, dtype=np.int32)
        self._lengths = np.fromiter(map(len, self._keys), dtype=np.int32, count=len(self._keys))
        self._groups, self._starts, self._members = _letter_groups(self._keys)

    def beginning_with(self, text: str, n: int, allowed: np.ndarray | None = None) -> list[int]:
        """The rows of words that begin with a text: those equal to it first, then by row.

        Args:
            text: what was typed.
            n: how many at most.
            allowed: bool ``[n_words]``: only these rows; None: all.
        """
        key = plain(text)
        first, last = bisect_left(self._keys, key), bisect_left(self._keys, key + _LAST)
        equal = bisect_left(self._keys, key + "\0", lo=first, hi=last)
        found: list[int] = []
        for rows in (self._rows[first:equal], self._rows[equal:last]):
            rows = rows if allowed is None else rows[allowed[rows]]
            if len(rows) > n:
                rows = np.partition(rows, n)[:n]
            found += np.sort(rows).tolist()
        return found[:n]

    def near(self, text: str, n: int, allowed: np.ndarray | None = None) -> list[int]:
        """The rows of words that were perhaps meant, nearest first; arguments as in :meth:`beginning_with`."""
        key = plain(text).replace(_END, " ")
        codes = _codes([key])
        groups = np.unique(_groups_of(codes)[0])
        places = np.searchsorted(self._groups, groups)
        places = places[self._groups[np.minimum(places, len(self._groups) - 1)] == groups]
        members = [self._members[self._starts[i] : self._starts[i + 1]] for i in places]
        if not members:
            return []
        positions, shared = np.unique(np.concatenate(members), return_counts=True)
        if allowed is not None:
            kept = allowed[self._rows[positions]]
            positions, shared = positions[kept], shared[kept]
        # Dice's coefficient of the groups; of equal ones, the more frequent word.
        alike = 2 * shared / (self._lengths[positions] + len(key))
        best = positions[np.lexsort((self._rows[positions], -alike))[:_LOOKED_AT]]
        scored = [
            (difflib.SequenceMatcher(None, key, self._keys[position]).ratio(), int(self._rows[position]))
            for position in best.tolist()
        ]
        close = sorted((-ratio, row) for ratio, row in scored if ratio >= _CLOSE)
        return [row for _, row in close[:n]]


def _codes(keys: Sequence[str]) -> np.ndarray:
    """The code points of all keys, uint64, with a line end before each and after the last."""
    text = _END + _END.join(keys) + _END
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)


def _groups_of(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each group of three code points, uint64, and the key that it is in, int32; a key's ends count as letters."""
    ends = codes == ord(_END)
    key = (np.cumsum(ends, dtype=np.int32) - 1)[:-2]
    groups = (codes[:-2] << np.uint64(42)) | (codes[1:-1] << np.uint64(21)) | codes[2:]
    inside = ~ends[1:-1]
    return groups[inside], key[inside]


def _letter_groups(keys: Sequence[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All groups, ascending; where each one's keys begin, and last end; and the positions of the keys."""
    groups, key = _groups_of(_codes(keys))
    order = np.argsort(groups)
    groups = groups[order]
    starts = np.flatnonzero(np.concatenate([[True], groups[1:] != groups[:-1]])) if len(groups) else np.empty(0, int)
    return groups[starts], np.append(starts, len(groups)), key[order]
