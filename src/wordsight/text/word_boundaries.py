"""Word boundaries in any script, by the Unicode Standard's Annex 29 (UAX 29, Text Segmentation, section 4.1).

A word is a run of letters, digits and their marks; of Katakana; one ideograph or one Hiragana letter; or one emoji,
with all that belongs to it (skin tone, joined emoji, the two letters of a flag). What differs from the annex:

- Apostrophes, full stops and underscores always part words, as word2vec's texts have it (no WB6, 7, 11, 12, 13a, 13b).
- Thai, Lao, Khmer and Burmese stay whole between blanks: the annex itself advises against its rules for them.
- Digits such as ² belong to the word they stand in.
- Invisible characters go: soft hyphens, marks of direction, what chooses an emoji's look, joiners that join nothing.

A text is read once, character by character, in compiled code.
"""

from __future__ import annotations

import functools

import numba
import numpy as np
import regex

BLANK, END, LETTER, IDEOGRAPH, KATAKANA, EMOJI, FLAG, WHOLE_FLAG, MARK, ATTACHED, JOINER, INVISIBLE = range(12)
"""The classes of characters: no part of a word; line end; letter or digit of a script with blanks, or of Thai and its
like; ideograph or Hiragana; Katakana; emoji; first and second half of a flag; mark; what changes an emoji; joiner; what
is left out."""
_PATTERNS = (
    (LETTER, r"[\p{L}\p{N}]"),
    (IDEOGRAPH, r"[[\p{Ideographic}\p{Script=Hiragana}]&&[\p{L}\p{N}]]"),
    (KATAKANA, r"[\p{WB=Katakana}&&[\p{L}\p{N}]]"),
    (MARK, r"[\p{M}\uFF9E\uFF9F]"),
    (EMOJI, r"[[\p{Emoji}&&\p{So}]--[\u0000-\u25FF--\p{Emoji_Presentation}]]"),
    (FLAG, r"\p{Regional_Indicator}"),
    (ATTACHED, r"[\p{Emoji_Modifier}\U000E0020-\U000E007F]"),
    (INVISIBLE, r"[\p{WB=Format}\uFE0E\uFE0F--[\U000E0020-\U000E007F]]"),
    (JOINER, r"[\u200C\u200D]"),
    (END, r"\n"),
)
"""Class → its characters; a later line overrules an earlier one."""
_UNSPACED = r"[\p{Ideographic}\p{Script=Hiragana}\p{Script=Katakana}\p{LB=SA}]"
_PLANES = (range(0x40000), range(0xE0000, 0xE0200))
"""Where characters are; all others are for private use or for nobody."""
_SURROGATES = np.arange(0xD800, 0xE000)


@functools.cache
def _plane(codes: range) -> str:
    """All characters of a range, with blanks for the surrogates, which are none."""
    numbers = np.array(codes, dtype=np.uint32)
    numbers[np.isin(numbers, _SURROGATES)] = ord(" ")
    return numbers.tobytes().decode("utf-32-le")


def _characters(pattern: str) -> np.ndarray:
    """Which characters a pattern matches, bool [0x110000]."""
    matches = np.zeros(0x110000, dtype=bool)
    for plane in _PLANES:
        for run in regex.finditer(f"{pattern}+", _plane(plane), regex.V1):
            matches[plane[0] + run.start() : plane[0] + run.end()] = True
    return matches


@functools.cache
def _classes() -> np.ndarray:
    """The class of each character, uint8 [0x110000]."""
    classes = np.full(0x110000, BLANK, dtype=np.uint8)
    for number, pattern in _PATTERNS:
        classes[_characters(pattern)] = number
    return classes


@functools.cache
def _joined_classes() -> np.ndarray:
    """The same, with ideographs, Hiragana and Katakana as letters of one kind."""
    classes = _classes().copy()
    classes[(classes == IDEOGRAPH) | (classes == KATAKANA)] = LETTER
    return classes


@functools.cache
def _unspaced_characters() -> np.ndarray:
    """Which characters are of scripts that put no blanks between words, bool [0x110000]."""
    return _characters(_UNSPACED)


def unspaced(text: str) -> np.ndarray:
    """Which characters of a text are Chinese, Japanese, Thai, Lao, Khmer or Burmese, bool [n_characters]."""
    found: np.ndarray = _unspaced_characters()[_codes(text)]
    return found


def words_with_blanks(text: str, *, found: bool = False) -> str:
    """The words of a text with blanks between them; line ends stay, and all that is no word becomes a blank.

    Args:
        text: any text.
        found: whether blanks stand already between the words of scripts without blanks; their characters then stay
            together.
    """
    codes = _codes(text)
    parted = np.empty(2 * len(codes), dtype=np.uint32)
    n = _part(codes, _joined_classes() if found else _classes(), parted)
    return parted[:n].tobytes().decode("utf-32-le")


def _codes(text: str) -> np.ndarray:
    """The characters as numbers, uint32 [n_characters]."""
    return np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)


@numba.njit(nogil=True, cache=True)
def _part(codes, classes, parted):  # type: ignore[no-untyped-def]  # numba
    """Writes the characters to ``parted``, with a blank at each word boundary; returns how many it wrote."""
    n = 0
    base = before = BLANK  # the class that the word so far counts as, and that of the character before
    for i in range(codes.size):
        kind = classes[codes[i]]
        if kind == INVISIBLE or (kind == ATTACHED and base != EMOJI):
            continue
        if kind == JOINER and not _joins(codes, classes, i, base):
            continue
        if kind in (MARK, ATTACHED, JOINER):  # WB4: they belong to what is before them
            base = base if base > END else LETTER
        else:
            if kind == FLAG and before == FLAG:
                kind = WHOLE_FLAG
            inside = (
                kind == WHOLE_FLAG  # WB15, 16
                or (kind == base and kind in (LETTER, KATAKANA))  # WB5, 9, 10, 13
                or (kind == EMOJI and before == JOINER)  # WB3c
            )
            if kind > END and base > END and not inside:
                parted[n] = 32
                n += 1
            base = kind
        parted[n] = 32 if kind == BLANK else codes[i]
        n += 1
        before = kind
    return n


@numba.njit(nogil=True, cache=True)
def _joins(codes, classes, i, base):  # type: ignore[no-untyped-def]  # numba
    """Tells whether the joiner at ``i`` stands within a word or an emoji."""
    for j in range(i + 1, codes.size):
        following = classes[codes[j]]
        if following != INVISIBLE and following != JOINER:
            return (base == LETTER and following in (LETTER, MARK)) or base == following == EMOJI
    return False
