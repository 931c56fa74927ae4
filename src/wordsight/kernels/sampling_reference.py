"""The random draws of the kernels in plain Python, the test oracle of :mod:`wordsight.kernels.sampling`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from wordsight.kernels.sampling import PIECE, Sampling

_MASK = 2**64 - 1


class Xorshift:
    """The random generator of the kernels, xorshift64*."""

    def __init__(self, seed: int) -> None:
        self.state = seed

    def bits(self) -> int:
        """The next 64 random bits."""
        x = self.state
        x ^= x >> 12
        x ^= (x << 25) & _MASK
        x ^= x >> 27
        self.state = x
        return x * 2685821657736338717 & _MASK

    def below(self, n: int) -> int:
        """A random number from 0 to n − 1."""
        return (self.bits() >> 32) * n >> 32


def rate_at(position: int, start: int, stop: int, rates: tuple[float, float]) -> float:
    """The learning rate at a token of ``ids[start:stop]``, between the first and the last of ``rates``."""
    return rates[0] + (rates[1] - rates[0]) * (position - start) / (stop - start)


def negative(sampling: Sampling, random: Xorshift, *, first: int = 0, n_words: int | None = None) -> int:
    """A word drawn by the alias table, or by the part of the table for ``n_words`` words from ``first`` on."""
    bits = random.bits()
    drawn = first + ((bits >> 32) * (n_words or len(sampling.aliases)) >> 32)
    return drawn if bits & 0xFFFFFFFF < sampling.thresholds[drawn] else int(sampling.aliases[drawn])


def pieces(
    ids: np.ndarray, offsets: np.ndarray, start: int, stop: int, sampling: Sampling, random: Xorshift
) -> Iterator[tuple[int, list[int]]]:
    """The first token and the kept tokens of each piece of ``ids[start:stop]``; no piece crosses documents."""
    for first, last in pairwise(offsets):
        position, end = int(max(first, start)), int(min(last, stop))
        while position < end:
            first_token = position
            kept: list[int] = []
            while position < end and len(kept) < PIECE:
                if random.bits() >> 32 <= sampling.keep[ids[position]]:
                    kept.append(position)
                position += 1
            yield first_token, kept


def around(kept: list[int], centre: int, reach: int) -> list[int]:
    """The entries of ``kept`` at most ``reach`` before and after a centre."""
    return kept[max(0, centre - reach) : centre] + kept[centre + 1 : centre + reach + 1]
