"""Expressions such as ``king - man + woman``: words with signs."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

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
        if piece in "+-−" and not (known(piece) and not found):
            sign = 1 if piece == "+" else -1
            continue
        if piece[0] in "+-−" and not known(piece):
            sign, piece = (1 if piece[0] == "+" else -1), piece[1:]
        found.append(SignedText(piece, sign))
        sign = 1
    return found
