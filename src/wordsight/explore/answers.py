"""Answers: what the explorer says to each question, as JSON values; the server and the static export both ask here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from typing import Any, ParamSpec, TypeVar

import numpy as np

from wordsight.errors import ParameterError
from wordsight.explore.batched_search import NOTHING, Nearest
from wordsight.explore.collection import Collection
from wordsight.explore.expressions import SignedText
from wordsight.explore.shared_space import SharedSpace
from wordsight.explore.space import Query, Space

P = ParamSpec("P")
T = TypeVar("T")

MEANT = 5
"""How many words are offered in place of an unknown one."""
SHOWN = 3
"""How many of a word's pictures come with it."""
JOINING = 6
"""How many pictures that join two words are shown."""
_NEAR_PICTURES = 100
"""Among how many pictures near a word those that join it with another are sought."""


class Answers:
    """Questions and answers over a collection; ``model`` is a position among its spaces.

    Args:
        collection: what is explored.
        executor: runs what reads files or takes seconds; searches run in the collection's own.
    """

    def __init__(self, collection: Collection, executor: Executor) -> None:
        self.collection, self._executor = collection, executor
        self._decoding = asyncio.Lock()  # one at a time: a large picture takes hundreds of megabytes

    def space(self, model: int) -> Space:
        """A model's words.

        Raises:
            ParameterError: there are not as many models.
        """
        if model >= len(self.collection.spaces):
            raise ParameterError(f"there is no model {model}; there are {len(self.collection.spaces)}, counted from 0")
        return self.collection.spaces[model]

    async def in_thread(self, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Runs something while others are answered."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, lambda: work(*arguments, **named))

    async def _quickly(self, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """The same, where nothing waits for files."""
        executor = self.collection.executor
        return await asyncio.get_running_loop().run_in_executor(executor, lambda: work(*arguments, **named))

    async def suggest(self, text: str, model: int, language: str | None, n: int) -> dict[str, Any]:
        """Words that begin with what was typed; where there is none, words that were perhaps meant."""
        space = self.space(model)
        return await self._quickly(self._suggest, space, text, language, n)

    def _suggest(self, space: Space, text: str, language: str | None, n: int) -> dict[str, Any]:
        tag, colon, rest = text.partition(":")
        if colon and tag in space.languages:
            language, text = tag, rest
        allowed = space.allowed(language)
        found = space.suggestions.beginning_with(text, n, allowed)
        meant = [] if found else space.suggestions.near(text, MEANT, allowed)
        return {
            "suggestions": [self.word(space, row) | {"rank": row + 1} for row in found],
            "did_you_mean": [self.word(space, row) | {"rank": row + 1} for row in meant],
        }

    async def neighbours(
        self, expression: str, model: int, language: str | None, with_pictures: bool, n: int
    ) -> dict[str, Any]:
        """The words nearest to an expression."""
        space = self.space(model)
        query = space.look_up(expression)
        search = space.search(language, with_pictures)
        found = NOTHING if query.vector is None else await search.nearest(query.vector, n + len(query.terms))
        return {
            **await self._terms(space, query),
            "facts": self._facts(model, query),
            "neighbours": self._words(space, _without(found, query.rows, n)),
        }

    async def pictures(self, expression: str, model: int, n: int) -> dict[str, Any]:
        """The pictures of an expression's words, and those nearest to it."""
        space = self.space(model)
        query = space.look_up(expression)
        shared = await self._shared(model)
        vector = None if shared is None else shared.vector_of_query(query)
        nearest = NOTHING if shared is None or vector is None else await shared.images.nearest(vector, n)
        own = dict.fromkeys(row for term in query.terms if term.sign > 0 for row in self._own(space, term.row))
        return {
            **await self._terms(space, query),
            "own": [self._picture(row) for row in list(own)[:n]],
            "nearest": self._pictures(nearest),
            "by": None if vector is None or shared is None else shared.by,
        }

    async def picture(self, row: int, model: int, n: int) -> dict[str, Any]:
        """The words of a picture, those nearest to it in every language, and its nearest pictures.

        Raises:
            ParameterError: there is no such picture.
        """
        space, pictures = self.space(model), self.collection.pictures
        if pictures is None or row >= len(pictures):
            raise ParameterError(f"there is no picture {row}; there are {0 if pictures is None else len(pictures)}")
        shared = await self._shared(model)
        assert shared is not None
        answer = await self._of_vector(space, shared, shared.vector_of_picture(row), n, without=[row])
        words = [pictures.lexicon.words[entry] for entry in pictures.entries_of_rows.get(row, ()) if pictures.lexicon]
        own = space.vectors.rows(words)
        return {
            "picture": self._picture(row),
            "own_words": [self.word(space, int(row)) for row in own[own >= 0]],
            **answer,
        }

    async def upload(self, data: bytes, model: int, n: int) -> dict[str, Any]:
        """The words and pictures nearest to a picture that somebody dropped.

        Raises:
            DataError: it is no readable image.
            ParameterError: there are no pictures to compare it with, or nobody knows what made their features.
        """
        space, pictures = self.space(model), self.collection.pictures
        shared = await self._shared(model)
        if pictures is None or shared is None:
            raise ParameterError("there are no pictures here; start with --features to compare pictures")
        async with self._decoding:
            features = await self.in_thread(pictures.encode, data)
        return await self._of_vector(space, shared, shared.vector_of_features(features), n)

    async def crosslingual(self, expression: str, model: int, n: int) -> dict[str, Any]:
        """The nearest words in every language, with the pictures that join them to the expression."""
        space = self.space(model)
        query = space.look_up(expression)
        languages = space.languages if query.vector is not None else []
        shared = await self._shared(model)
        near = await self._near_pictures(shared, query)
        found = {}
        for language in languages:
            assert query.vector is not None
            nearest = await space.search(language).nearest(query.vector, n + len(query.terms))
            found[language] = [
                word | {"pictures": [self._picture(row) for row in self._joining(space, query, word["row"], near)]}
                for word in self._words(space, _without(nearest, query.rows, n))
            ]
        return {**await self._terms(space, query), "languages": found}

    # Parts of answers

    def word(self, space: Space, row: int) -> dict[str, Any]:
        """A word as the page is told of it."""
        return {
            "word": space.vectors.words[row],
            "label": space.label(row),
            "language": space.language(row),
            "row": row,
            "has_pictures": bool(space.entries[row] >= 0),
            "pictures": [self._picture(picture) for picture in self._own(space, row)[:SHOWN]],
        }

    def _own(self, space: Space, row: int) -> list[int]:
        """The pictures of a word."""
        pictures = self.collection.pictures
        own: list[int] = [] if pictures is None else pictures.of_entry(int(space.entries[row])).tolist()
        return own

    def _words(self, space: Space, found: Nearest) -> list[dict[str, Any]]:
        pairs = zip(found.rows.tolist(), found.cosines.tolist(), strict=True)
        return [self.word(space, row) | {"cosine": round(cosine, 4)} for row, cosine in pairs]

    def _picture(self, row: int, cosine: float | None = None) -> dict[str, Any]:
        assert self.collection.pictures is not None
        return self.collection.pictures.described(row, cosine)

    def _pictures(self, found: Nearest) -> list[dict[str, Any]]:
        pairs = zip(found.rows.tolist(), found.cosines.tolist(), strict=True)
        return [self._picture(row, cosine) for row, cosine in pairs]

    async def _terms(self, space: Space, query: Query) -> dict[str, Any]:
        missing = [await self._quickly(self._missing, space, signed) for signed in query.missing]
        terms = [
            self.word(space, term.row)
            | {"text": term.text, "sign": term.sign, "also": [space.vectors.words[row] for row in term.others]}
            for term in query.terms
        ]
        return {"terms": terms, "missing": missing}

    def _missing(self, space: Space, signed: SignedText) -> dict[str, Any]:
        meant = self._suggest(space, signed.text, None, MEANT)
        near = [*meant["suggestions"], *meant["did_you_mean"]]
        return {"text": signed.text, "sign": signed.sign, "did_you_mean": near}

    def _facts(self, model: int, query: Query) -> dict[str, Any] | None:
        if len(query.terms) != 1:
            return None
        space, row = self.space(model), query.terms[0].row
        return {
            "rank": row + 1,
            "count": None if space.counts is None else space.counts.get(space.vectors.words[row]),
            "has_pictures": bool(space.entries[row] >= 0),
            "concreteness": self.collection.concreteness_of(model, row),
        }

    async def _shared(self, model: int) -> SharedSpace | None:
        return await self.in_thread(self.collection.shared, model)

    async def _of_vector(
        self, space: Space, shared: SharedSpace, vector: np.ndarray, n: int, without: Sequence[int] = ()
    ) -> dict[str, Any]:
        words = {
            language: self._words(space, await shared.words(language or None).nearest(vector, n))
            for language in space.languages or [""]
        }
        images = await shared.images.nearest(vector, n + len(without))
        return {"words": words, "pictures": self._pictures(_without(images, without, n)), "by": shared.by}

    async def _near_pictures(self, shared: SharedSpace | None, query: Query) -> Nearest:
        vector = shared.vector_of_query(query) if shared is not None and shared.by == "space" else None
        if shared is None or vector is None:
            return NOTHING
        return await shared.images.nearest(vector, _NEAR_PICTURES)

    def _joining(self, space: Space, query: Query, row: int, near: Nearest) -> list[int]:
        """Pictures that belong to a word and to the expression; else the word's own that are near the expression."""
        own = self._own(space, row)
        of_query = {picture for term in query.terms if term.sign > 0 for picture in self._own(space, term.row)}
        shown = [picture for picture in own if picture in of_query]
        if not shown:
            shown = [picture for picture in near.rows.tolist() if picture in set(own)]
        return shown[:JOINING]


def _without(found: Nearest, rows: Iterable[int], n: int) -> Nearest:
    """The first n but these rows."""
    kept = ~np.isin(found.rows, list(rows))
    return Nearest(found.rows[kept][:n], found.cosines[kept][:n])
