"""Emoji annotations (Unicode CLDR): the name and the keywords of each emoji in each language."""

from __future__ import annotations

import os
from collections.abc import Collection
from typing import NamedTuple

from wordsight.grounding.caption_words import is_word, words_of
from wordsight.storage.tables import read_table


class EmojiAnnotation(NamedTuple):
    """The name and keywords of one emoji in one language."""

    language: str
    """CLDR's code, e.g. ``en``, ``zh-Hant``."""
    emoji: str
    name: str
    keywords: tuple[str, ...]

    @property
    def queries(self) -> tuple[str, ...]:
        """The name, then the keywords, each as often as it is listed: most names are keywords too."""
        return (self.name, *self.keywords)


def read_annotations(path: str | os.PathLike[str], languages: Collection[str] | None = None) -> list[EmojiAnnotation]:
    """Reads a table with the columns ``lang`` (or ``language``), ``emoji``, ``name``, ``keywords`` (joined by bars).

    Args:
        path: the table.
        languages: which to keep; None: all.
    """
    table = read_table(path)
    columns = (table.column("lang", "language"), *(table.column(name) for name in ("emoji", "name", "keywords")))
    return [
        EmojiAnnotation(language, emoji, name, tuple(filter(None, keywords.split("|"))))
        for language, emoji, name, keywords in zip(*columns, strict=True)
        if languages is None or language in languages
    ]


def emoji_words(annotation: EmojiAnnotation) -> list[str]:
    """Returns the words that an emoji shows: keywords of one word and the words of its name, without stop words."""
    single = [words_of(keyword) for keyword in annotation.keywords if is_word(keyword)]
    return list(dict.fromkeys(word for words in (*single, words_of(annotation.name)) for word in words))
