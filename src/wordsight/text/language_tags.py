"""Language tags: in a space or text of several languages every word has its language before it, as in ``en:cat``."""

from __future__ import annotations

from collections.abc import Iterable


def language_of(word: str) -> str:
    """A word's language; empty where it has no tag."""
    return word.partition(":")[0] if ":" in word[1:] else ""


def languages_of(words: Iterable[str]) -> list[str]:
    """The languages of words, sorted; empty unless every word has one (``http://…`` makes no language of http)."""
    languages = set(map(language_of, words))
    return [] if "" in languages else sorted(languages)
