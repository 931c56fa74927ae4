"""The ``tokenizer.json`` of Hugging Face's tokenizers that finds the words of wordsight's tokenizer ``words``.

What :mod:`wordsight.text.word_boundaries` does character by character is said here in regular expressions of Oniguruma,
the library of ``tokenizers``. Where a modifier of emoji (a skin tone, a tag) follows no emoji, ours leaves it out,
and here it parts words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wordsight.text.normal_form import is_turkic

_OF_KATAKANA = r"\p{Katakana}\u3031-\u3035\u30FC\uFF70"
_IDEOGRAPH = r"[\p{Ideographic}\p{Hiragana}&&[\p{L}\p{N}]&&[^\u30FC\uFF70]]"
_KATAKANA = rf"[{_OF_KATAKANA}&&[\p{{L}}\p{{N}}]]"
_LETTER = rf"\p{{L}}\p{{N}}\p{{M}}\uFF9E\uFF9F&&[^\p{{Ideographic}}\p{{Hiragana}}{_OF_KATAKANA}]"
_MARK = r"[\p{M}\uFF9E\uFF9F]"
_FLAG = r"\x{1F1E6}-\x{1F1FF}"
_EMOJI = rf"[\p{{Emoji}}&&\p{{So}}&&[\p{{Emoji_Presentation}}\x{{2600}}-\x{{1FFFF}}]&&[^{_FLAG}]]"
_ATTACHED = r"[\p{Emoji_Modifier}\x{E0020}-\x{E007F}\p{M}]"
_WORD = "|".join(
    [
        rf"{_IDEOGRAPH}{_MARK}*",
        rf"(?:{_KATAKANA}{_MARK}*)+",
        rf"[{_FLAG}]{{1,2}}",
        rf"{_EMOJI}{_ATTACHED}*(?:\u200D{_EMOJI}{_ATTACHED}*)*",
        rf"[{_LETTER}]+(?:[\u200C\u200D]+[{_LETTER}]+)*",
    ]
)
_INVISIBLE = r"[\p{Cf}\uFE0E\uFE0F&&[^\p{Prepended_Concatenation_Mark}\u200B-\u200D\x{E0020}-\x{E007F}]]"
_CASED = r"[\p{Lu}\p{Ll}\p{Lt}\p{M}]"
_FINAL_SIGMA = rf"(?<={_CASED})Σ(?!{_CASED})"


def unknown_token(words: Sequence[str]) -> str:
    """A name for what is no word: ``[UNK]``, in more brackets where that is a word."""
    token, known = "[UNK]", set(words)
    while token in known:
        token = f"[{token}]"
    return token


def tokenizer_json(words: Sequence[str], language: str | None = None) -> dict[str, Any]:
    """Makes the tokenizer of words without tags: word i has the number i + 1, and whatever else is there has 0.

    Args:
        words: all different.
        language: of the texts, for its rules of lower case; None: no such rules.
    """
    turkic = [_replace("String", "İ", "i"), _replace("String", "I", "ı")] if is_turkic(language) else []
    unknown = unknown_token(words)
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": {
            "type": "Sequence",
            "normalizers": [
                {"type": "NFC"},
                *turkic,
                _replace("Regex", _FINAL_SIGMA, "ς"),
                {"type": "Lowercase"},
                {"type": "NFC"},
                _replace("Regex", _INVISIBLE, ""),
            ],
        },
        "pre_tokenizer": {"type": "Split", "pattern": {"Regex": _WORD}, "behavior": "Removed", "invert": True},
        "post_processor": None,
        "decoder": None,
        "model": {
            "type": "WordLevel",
            "vocab": {unknown: 0, **{word: row for row, word in enumerate(words, start=1)}},
            "unk_token": unknown,
        },
    }


def _replace(kind: str, pattern: str, content: str) -> dict[str, Any]:
    return {"type": "Replace", "pattern": {kind: pattern}, "content": content}
