"""Short hashes of data, by which it is recognised."""

from __future__ import annotations

import hashlib

import numpy as np

from wordsight.storage.arrays import blocks


def fingerprint(*parts: bytes | str | np.ndarray) -> str:
    """A short stable hash (16 hex digits of SHA-256) of texts and arrays."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, np.ndarray):
            digest.update(f"{part.dtype.str}{part.shape}".encode())
            for block in blocks(np.ascontiguousarray(part).reshape(-1)):
                digest.update(block.data)
        else:
            digest.update(part.encode() if isinstance(part, str) else part)
        digest.update(b"\0")
    return digest.hexdigest()[:16]


def bucket_of(word: str, n: int) -> int:
    """The number of a word's bucket: the same on every machine and in every version.

    Args:
        word: with its language tag, if it has one.
        n: how many buckets there are, at least 1.
    """
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little") % n
