"""Tokenizers: they turn raw text into words separated by blanks.

A tokenizer normalises a block of UTF-8 text in any language: afterwards blanks separate words and line ends separate
documents. The encoder (:mod:`wordsight.text._encode`) then works on bytes. A new tokenizer is one
function here and its name in :data:`TOKENIZERS`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from wordsight.errors import ParameterError, unknown_name
from wordsight.extras import require
from wordsight.text.normal_form import composed, is_turkic, lower
from wordsight.text.word_boundaries import unspaced, words_with_blanks

_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_CONTROLS_TO_BLANKS = bytes(max(c, ord(" ")) for c in range(256))


def whitespace(block: bytes, language: str | None) -> bytes:
    """Splits at ASCII blanks and control characters only: for text that is tokenized already."""
    return block if block.isascii() else composed(block.decode()).encode()


def text8(block: bytes, language: str | None) -> bytes:
    """Normalises as for the text8 corpus: lower case, a to z only, digits spelled out, everything else a blank."""
    block = block.translate(_ascii_words())
    for digit, word in enumerate(_DIGITS):
        block = block.replace(b"%d" % digit, b" %s " % word.encode())
    return block


def words(block: bytes, language: str | None) -> bytes:
    """Finds Unicode words in lower case, in any script (UAX 29); Chinese and Japanese become single characters."""
    if block.isascii() and not is_turkic(language):
        return block.translate(_ascii_words())
    return words_with_blanks(lower(block.decode(), language)).encode()


def icu(block: bytes, language: str | None) -> bytes:
    """Finds the same words, but Chinese, Japanese, Thai, Lao, Khmer and Burmese ones by ICU's dictionaries."""
    breakers = require("icu4py.breakers")
    if block.isascii():
        return words(block, language)
    text = lower(block.decode(), language)
    inside = unspaced(text)
    if inside.any():
        ends = np.cumsum([len(segment) for segment in breakers.WordBreaker(text, "und")])[:-1]
        ends = ends[inside[ends - 1] | inside[ends]]
        text = " ".join(text[start:end] for start, end in pairwise([0, *ends.tolist(), len(text)]))
    return words_with_blanks(text, found=True).encode()


@functools.cache
def _ascii_words() -> bytes:
    """Byte → its lower case where it is an ASCII letter, digit or line end, else a blank."""
    keep = b"abcdefghijklmnopqrstuvwxyz0123456789\n"
    lower_case = bytes(range(256)).lower()
    return bytes(c if c in keep else ord(" ") for c in lower_case)


TOKENIZERS: dict[str, Callable[[bytes, str | None], bytes]] = {
    "whitespace": whitespace,
    "text8": text8,
    "words": words,
    "icu": icu,
}
"""Name → the function that normalises a block of UTF-8 text in a language: words separated by blanks, one document a
line."""


@dataclass(frozen=True)
class Tokenizer:
    """A tokenizer by name, with or without a language tag on every word (``en:cat``).

    Attributes:
        name: a name in :data:`TOKENIZERS`.
        language: tag that is put before every word with a colon, or None.
    """

    name: str = "whitespace"
    language: str | None = None

    def __post_init__(self) -> None:
        if self.name not in TOKENIZERS:
            raise unknown_name("tokenizer", self.name, TOKENIZERS, hint=f"there are: {', '.join(TOKENIZERS)}")
        if self.language is not None and not re.fullmatch(r"[^\s:]+", self.language):
            raise ParameterError(f"language tag {self.language!r} is empty or has a blank or colon; give one like 'en'")

    def normalise(self, block: bytes) -> bytes:
        """Normalises UTF-8 text: words separated by blanks, one document a line, without tags.

        Raises:
            UnicodeDecodeError: the block is not UTF-8.
        """
        return TOKENIZERS[self.name](block, self.language)

    def tag(self, word: str) -> str:
        """Adds the language tag to a word, if this tokenizer has a language."""
        return word if self.language is None else f"{self.language}:{word}"

    def tokens(self, text: str) -> list[str]:
        """Splits a short text, such as a caption, into tagged words; a lone surrogate becomes a question mark."""
        found = self.normalise(text.encode(errors="replace")).translate(_CONTROLS_TO_BLANKS).split()
        return [self.tag(word.decode()) for word in found]


def tokenizer(name: str | Tokenizer, language: str | None = None) -> Tokenizer:
    """Makes the tokenizer of a name; with ``language`` it tags words. A Tokenizer is returned as it is.

    Raises:
        UnknownNameError: there is no such tokenizer.
        ParameterError: the language has a blank or colon in it.
    """
    return name if isinstance(name, Tokenizer) else Tokenizer(name, language)
