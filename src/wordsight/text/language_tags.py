"""Language tags: with several languages every word begins with its language, as in ``en:cat``."""

from __future__ import annotations

from collections.abc import Iterable

from wordsight.errors import DataError
from wordsight.text.normal_form import lower


def language_of(word: str) -> str:
    """Returns a word's language; empty where it has no tag."""
    return word.partition(":")[0] if ":" in word[1:] else ""


def lower_word(word: str) -> str:
    """A word in lower case by the rules of its language tag, which stays as it is (``zh_Hant:``)."""
    language = language_of(word)
    return f"{language}:{lower(word[len(language) + 1 :], language)}" if language else lower(word)


def languages_of(words: Iterable[str]) -> list[str]:
    """Returns the languages of words, sorted; empty unless every word has one, so that ``http://…`` is none."""
    languages = set(map(language_of, words))
    return [] if "" in languages else sorted(languages)


def without_tags(words: list[str]) -> tuple[list[str], str | None]:
    """The words without their tag, for what takes texts, and their language; None where they have no tags.

    Raises:
        DataError: the words are of several languages.
    """
    languages = languages_of(words)
    if len(languages) > 1:
        known = ", ".join(languages)
        raise DataError(
            f"these vectors have the languages {known}, and texts do not say theirs; take one language, with "
            "--language (in Python: vectors.restricted(language))"
        )
    if not languages:
        return words, None
    return [word[len(languages[0]) + 1 :] for word in words], languages[0]
