"""Expressions such as ``king - man + woman``: words with signs."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

SIGNS = {"+": 1, "-": -1, "−": -1}
MOST_CHARACTERS = 200
"""How long an expression may be."""


class SignedText(NamedTuple):
    """What stands for one word of an expression, and its sign, 1 or -1."""

    text: str
    sign: int


def parse(expression: str, known: Callable[[str], bool]) -> list[SignedText]:
    """Reads an expression; words without a sign between them are added.

    A sign stands by itself or before its word. What is a word as it stands is one word: ``New York``, ``-lrb-``.

    Args:
        expression: what somebody typed.
        known: tells whether a text is a word of the space.
    """
    if known(expression.strip()):
        return [SignedText(expression.strip(), 1)]
    found: list[SignedText] = []
    sign = 1
    for piece in expression.split():
        if piece in SIGNS:
            sign = SIGNS[piece]
            continue
        if piece[0] in SIGNS and not known(piece):
            sign, piece = SIGNS[piece[0]], piece[1:]
        found.append(SignedText(piece, sign))
        sign = 1
    return found
