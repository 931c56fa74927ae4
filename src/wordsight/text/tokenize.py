"""Tokenizers: they turn raw text into words separated by blanks.

A tokenizer normalises a block of UTF-8 text in any language: afterwards blanks separate words and line ends separate
documents. The encoder (:mod:`wordsight.text._encode`) then works on bytes. A new tokenizer is one
function here and its name in :data:`TOKENIZERS`.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from wordsight.errors import ParameterError, unknown_name

_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_CONTROLS_TO_BLANKS = bytes(max(c, ord(" ")) for c in range(256))


def whitespace(block: bytes) -> bytes:
    """Splits at ASCII blanks and control characters only: for text that is tokenized already."""
    if not block.isascii():
        block.decode()  # only to check that it is UTF-8
    return block


def text8(block: bytes) -> bytes:
    """Normalises as for the text8 corpus: lower case, a to z only, digits spelled out, everything else a blank."""
    block = block.translate(_text8_table())
    for digit, word in enumerate(_DIGITS):
        block = block.replace(b"%d" % digit, b" %s " % word.encode())
    return block


@functools.cache
def _text8_table() -> bytes:
    keep = b"abcdefghijklmnopqrstuvwxyz0123456789\n"
    lower = bytes(range(256)).lower()
    return bytes(c if c in keep else ord(" ") for c in lower)


def words(block: bytes) -> bytes:
    """Finds Unicode words in lower case (NFC): runs of letters, marks and digits, in any script."""
    text = unicodedata.normalize("NFC", block.decode()).lower().replace("_", " ")
    return _not_word().sub(" ", text).encode()


@functools.cache
def _not_word() -> re.Pattern[str]:
    r"""Matches runs of characters that are no letter, mark, digit, blank or line end.

    For ``re``, ``\w`` has no combining marks; without them Hindi, Thai and Burmese words would be torn apart.
    """
    marks = [c for c in range(0x20000) if unicodedata.category(chr(c)).startswith("M")]
    ranges = []
    for _, run in groupby(enumerate(marks), key=lambda pair: pair[1] - pair[0]):
        codes = [code for _, code in run]
        ranges.append(f"{chr(codes[0])}-{chr(codes[-1])}")
    return re.compile(rf"[^\w \n{''.join(ranges)}]+")


TOKENIZERS: dict[str, Callable[[bytes], bytes]] = {"whitespace": whitespace, "text8": text8, "words": words}
"""Name → the function that normalises a block of UTF-8 text: words separated by blanks, one document a line."""


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
        return TOKENIZERS[self.name](block)

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
