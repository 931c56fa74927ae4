"""The way from words to rows: by the word itself, or by its language tag."""

from __future__ import annotations

import functools
from collections.abc import Iterable

import numpy as np

from wordsight.errors import DataError, unknown_name
from wordsight.text.language_tags import languages_of
from wordsight.text.near_words import unknown_word
from wordsight.text.normal_form import composed


class WordIndex:
    """The row of each word.

    Attributes:
        words: all different, in the order of the rows.
    """

    def __init__(self, words: Iterable[str]) -> None:
        """Numbers the words.

        Raises:
            DataError: a word comes twice.
        """
        self.words = list(words)
        self._rows = {word: row for row, word in enumerate(self.words)}
        self._rows_by_language: dict[str, np.ndarray] = {}
        if len(self._rows) < len(self.words):
            twice = next(word for row, word in enumerate(self.words) if self._rows[word] != row)
            raise DataError(f"the word {twice!r} comes twice; every word needs one row")

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self._row(word) is not None

    def _row(self, word: str) -> int | None:
        """The row of a word, also where one of the two is not composed as the other is (é of one or two characters)."""
        row = self._rows.get(word)
        return row if row is not None or word.isascii() else self._composed_rows.get(composed(word))

    @functools.cached_property
    def _composed_rows(self) -> dict[str, int]:
        """Composed word → row."""
        found: dict[str, int] = {}
        for row, word in enumerate(self.words):
            found.setdefault(composed(word), row)
        return found

    def row(self, word: str) -> int:
        """The row of a word.

        Raises:
            UnknownNameError: it is not there; the message suggests near ones.
        """
        row = self._row(word)
        if row is None:
            raise unknown_word("word", word, self._rows, f"it is not among the {len(self.words)} words")
        return row

    def rows(self, words: Iterable[str]) -> np.ndarray:
        """The row of each word, int64 ``[n]``; -1 for words that are not there."""
        found = (self._row(word) for word in words)
        return np.fromiter((-1 if row is None else row for row in found), dtype=np.int64)

    @functools.cached_property
    def languages(self) -> list[str]:
        """The language tags, sorted; empty unless every word has one."""
        return languages_of(self.words)

    def rows_of_language(self, language: str | None) -> np.ndarray:
        """The ascending rows of a language's words, int64; all rows for None.

        Raises:
            UnknownNameError: no word carries this tag.
        """
        if language is None:
            return np.arange(len(self.words))
        if language not in self._rows_by_language:
            rows = [row for row, word in enumerate(self.words) if word.startswith(f"{language}:")]
            if not rows:
                known = ", ".join(self.languages) or "none: their words have no tags as in 'en:cat'"
                raise unknown_name("language", language, self.languages, hint=f"the vectors have {known}")
            self._rows_by_language[language] = np.array(rows, dtype=np.int64)
        return self._rows_by_language[language]

    def most_frequent(self, n: int) -> np.ndarray:
        """The first rows of each language, as many of each as fit into ``n``, int64, ascending."""
        languages: list[str | None] = [*self.languages] or [None]
        parts = [self.rows_of_language(language) for language in languages]
        share = max(1, n // len(parts))
        return np.sort(np.concatenate([rows[:share] for rows in parts]))[:n]
