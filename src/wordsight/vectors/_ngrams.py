"""The hash buckets of a word's character n-grams, compiled."""

from __future__ import annotations

import numba
import numpy as np


@numba.njit(nogil=True, cache=True)
def ngrams(letters, shortest, longest, n_buckets, found):  # type: ignore[no-untyped-def]  # numba
    """Writes the bucket of each n-gram of ``<word>`` in UTF-8 to ``found``; returns how many it wrote.

    The hash is FNV-1a, in which fastText takes each byte as a signed number.
    """
    n = 0
    for start in range(letters.size):
        if letters[start] & 0xC0 == 0x80:
            continue
        end, length, code = start, 0, np.uint32(2166136261)
        while end < letters.size and length < longest:
            while True:
                code = np.uint32((code ^ np.uint32(np.int8(letters[end]))) * np.uint32(16777619))
                end += 1
                if end == letters.size or letters[end] & 0xC0 != 0x80:
                    break
            length += 1
            if length >= shortest and not (length == 1 and (start == 0 or end == letters.size)):
                found[n] = code % n_buckets
                n += 1
    return n
