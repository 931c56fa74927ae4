"""One form for each word: Unicode's composed form (NFC), and lower case by the rules of its language."""

from __future__ import annotations

import unicodedata

_DOTTED_AND_DOTLESS = str.maketrans({"İ": "i", "I": "ı"})


def composed(text: str) -> str:
    """The text in Unicode's composed form (NFC), in which é is one character however it was typed."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def is_turkic(language: str | None) -> bool:
    """Whether a language has an i with a dot and one without, whose capitals are İ and I."""
    return language is not None and language.replace("_", "-").partition("-")[0] in ("tr", "az")


def lower(text: str, language: str | None = None) -> str:
    """The text in lower case and composed.

    Args:
        text: any text.
        language: code such as ``tr`` or ``az_Latn``; Turkish and Azerbaijani have rules of their own. None: no such
            rules.
    """
    text = composed(text)
    if is_turkic(language):
        text = text.translate(_DOTTED_AND_DOTLESS)
    return composed(text.lower())  # to lower-case can part what was composed
