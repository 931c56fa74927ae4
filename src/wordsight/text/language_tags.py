"""Language tags: with several languages every word begins with its language, as in ``en:cat``."""

from __future__ import annotations

from collections.abc import Iterable


def language_of(word: str) -> str:
    """Returns a word's language; empty where it has no tag."""
    return word.partition(":")[0] if ":" in word[1:] else ""


def languages_of(words: Iterable[str]) -> list[str]:
    """Returns the languages of words, sorted; empty unless every word has one, so that ``http://…`` is none."""
    languages = set(map(language_of, words))
    return [] if "" in languages else sorted(languages)
