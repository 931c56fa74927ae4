"""Space: the words of one model, opened for looking."""

from __future__ import annotations

import functools
import threading
import unicodedata
from collections.abc import Mapping
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np

from wordsight.explore.batched_search import BatchedSearch
from wordsight.explore.expressions import SignedText, parse
from wordsight.explore.suggestions import Suggestions
from wordsight.text.language_tags import language_of
from wordsight.vectors.search import as_slice, unit_rows
from wordsight.vectors.word_vectors import WordVectors


@dataclass(frozen=True)
class Term:
    """A word of an expression that the space has.

    Attributes:
        text: as it was typed.
        sign: 1 or -1.
        row: of the word.
        others: rows of the same word in other languages.
    """

    text: str
    sign: int
    row: int
    others: tuple[int, ...]


@dataclass(frozen=True)
class Query:
    """An expression, looked up.

    Attributes:
        terms: what the space has.
        missing: what it lacks.
        vector: float32 ``[dim]``, the mean of the terms' unit vectors with their signs; None without terms.
    """

    terms: list[Term]
    missing: list[SignedText]
    vector: np.ndarray | None

    @property
    def rows(self) -> list[int]:
        """The rows of the terms."""
        return [term.row for term in self.terms]


class Space:
    """Words and their vectors, with what is asked of them again and again.

    Args:
        name: what its column is called.
        kind: what made it, such as ``pixie``; empty where that is not known.
        vectors: the words.
        executor: runs the searches.
        counts: word → how often it occurs in the text; None: not known.
        entries: int64 ``[n_words]``, which word of the visual lexicon each word is, -1 for none.
    """

    def __init__(
        self,
        name: str,
        kind: str,
        vectors: WordVectors,
        executor: Executor,
        *,
        counts: Mapping[str, int] | None = None,
        entries: np.ndarray | None = None,
    ) -> None:
        self.name, self.kind, self.vectors, self.counts = name, kind, vectors, counts
        self.entries = np.full(len(vectors), -1) if entries is None else entries
        self._executor = executor
        self._searches: dict[tuple[str | None, bool], BatchedSearch] = {}
        self._once = threading.Lock()

    def __len__(self) -> int:
        return len(self.vectors)

    @functools.cached_property
    def languages(self) -> list[str]:
        """The language tags, sorted; empty where words have none."""
        return self.vectors.languages

    def language(self, row: int) -> str:
        """A word's language; empty where words have no tags."""
        return language_of(self.vectors.words[row]) if self.languages else ""

    def label(self, row: int) -> str:
        """A word without its language tag."""
        word = self.vectors.words[row]
        return word.partition(":")[2] if self.languages else word

    @property
    def has_pictures(self) -> np.ndarray:
        """Which words have pictures, bool ``[n_words]``."""
        return self.entries >= 0

    def allowed(self, language: str | None, with_pictures: bool = False) -> np.ndarray:
        """Which words a filter lets through, bool ``[n_words]``.

        Raises:
            UnknownNameError: no word has this language.
        """
        mask = np.zeros(len(self), dtype=bool)
        mask[self.vectors.rows_of_language(language)] = True
        return mask & self.has_pictures if with_pictures else mask

    @functools.cached_property
    def suggestions(self) -> Suggestions:
        """The index of all words by their letters."""
        return Suggestions([self.label(row) for row in range(len(self))])

    def warm(self) -> None:
        """Makes what the first answers would wait for: each language's rows, and the suggestions."""
        with self._once:
            for language in (None, *self.languages):
                self.search(language)
            self.suggestions  # noqa: B018

    def search(self, language: str | None = None, with_pictures: bool = False) -> BatchedSearch:
        """What finds the nearest words that a filter lets through.

        Raises:
            UnknownNameError: no word has this language.
        """
        key = language, with_pictures
        if key not in self._searches:
            rows = np.flatnonzero(self.allowed(language, with_pictures))
            chosen = as_slice(rows)
            self._searches[key] = BatchedSearch(
                self.vectors.matrix[chosen], self.vectors.scales[chosen], rows, self._executor
            )
        return self._searches[key]

    def look_up(self, expression: str) -> Query:
        """Finds the words of an expression; those that the space lacks are left out."""
        terms, missing = [], []
        for signed in parse(expression, lambda text: bool(self.rows_of(text))):
            if rows := self.rows_of(signed.text):
                terms.append(Term(*signed, rows[0], tuple(rows[1:])))
            else:
                missing.append(signed)
        if not terms:
            return Query(terms, missing, None)
        signs = np.array([term.sign for term in terms], dtype=np.float32)
        return Query(terms, missing, signs @ unit_rows(self.vectors.matrix[[term.row for term in terms]]))

    def rows_of(self, text: str) -> list[int]:
        """The rows of a word, in every language where it has no tag: as it stands, else in lower case."""
        composed = unicodedata.normalize("NFC", text)
        spellings = dict.fromkeys([text, composed, composed.lower(), composed.casefold()])
        for spelling in spellings:
            tagged = [f"{language}:{spelling}" for language in self.languages]
            rows = self.vectors.rows([spelling, *tagged])
            if (rows >= 0).any():
                return [int(row) for row in rows if row >= 0]
        return []
