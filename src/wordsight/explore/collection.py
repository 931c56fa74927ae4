"""Collection: all that is explored together, the models side by side with one set of pictures."""

from __future__ import annotations

import functools
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from typing import Any

from wordsight.explore.pictures import Pictures
from wordsight.explore.shared_space import FeatureSpace, ModelSpace, PictureFeatures, SharedSpace
from wordsight.explore.space import Space
from wordsight.explore.word_maps import METHODS, WordMap
from wordsight.models.projected_images import Projection
from wordsight.vectors.tsne import why_not
from wordsight.version import __version__

MOST_MODELS = 4
"""How many models fit side by side."""
EXAMPLES = (
    "king - man + woman",
    "goose",
    "music",
    "red car",
    "paris - france + italy",
    "dog",
    "banana",
    "fire",
    "dog + water",
    "house",
)
"""Expressions to begin with; those that the first model has are shown."""
N_EXAMPLES = 5


class Collection:
    """Models and pictures.

    Args:
        spaces: one a model, at most :data:`MOST_MODELS`.
        pictures: the pictures, or None.
        projections: for each space what puts features into it; None: the model has no images in its space.
        executor: runs the searches.
        concreteness: word → how concrete people find it; empty: not known.
    """

    def __init__(
        self,
        spaces: Sequence[Space],
        executor: Executor,
        *,
        pictures: Pictures | None = None,
        projections: Sequence[Projection | None] = (),
        concreteness: Mapping[str, float] | None = None,
    ) -> None:
        self.spaces, self.pictures = list(spaces), pictures
        self.concreteness = dict(concreteness or {})
        self.projections = [*projections, *[None] * (len(self.spaces) - len(projections))]
        self.executor = executor
        self._shared: dict[int, SharedSpace] = {}
        turn = threading.Lock()
        self.maps = [WordMap(space, turn) for space in self.spaces]
        self._once = threading.RLock()

    def shared(self, model: int) -> SharedSpace | None:
        """Where a model's words and the pictures are compared, made when it is first needed; None without pictures.

        Raises:
            DataError: the features do not fit the model.
        """
        if self.pictures is None:
            return None
        with self._once:
            if model not in self._shared:
                space, projection = self.spaces[model], self.projections[model]
                self._shared[model] = (
                    FeatureSpace(space, self._features)
                    if projection is None
                    else ModelSpace(space, self.pictures, projection, self.executor)
                )
            return self._shared[model]

    @functools.cached_property
    def _features(self) -> PictureFeatures:
        assert self.pictures is not None
        return PictureFeatures(self.pictures, self.executor)

    def warm(self) -> None:
        """Makes what the first answers would wait for."""
        for model, space in enumerate(self.spaces):
            space.warm()
            self.shared(model)

    def map_words(self, model: int) -> dict[str, Any]:
        """The words of a map, by row, with what colours them."""
        space, pictures = self.spaces[model], self.pictures
        rows, languages = range(len(space)), space.languages
        numbers = {language: i for i, language in enumerate(languages)}
        words = space.vectors.words
        return {
            "words": [space.label(row) for row in rows],
            "languages": languages,
            "language": [numbers[space.language(row)] for row in rows] if languages else [0] * len(space),
            "ranked": True,
            "counts": None if space.counts is None else [space.counts.get(word, 0) for word in words],
            **({"pictures": None, "emoji": None} if pictures is None else _first_pictures(space, pictures)),
            "concreteness": [self.concreteness_of(model, row) for row in rows] if self.concreteness else None,
        }

    def concreteness_of(self, model: int, row: int) -> float | None:
        """How concrete people find a word; None where nobody was asked."""
        space = self.spaces[model]
        if space.language(row) not in ("", "en"):  # the ratings are of English words
            return None
        return self.concreteness.get(space.label(row).lower())

    def info(self) -> dict[str, Any]:
        """What the page needs to know before anything is asked."""
        languages = sorted({language for space in self.spaces for language in space.languages})
        return {
            "version": __version__,
            "static": False,
            "models": [self._model(i) for i in range(len(self.spaces))],
            "pictures": self._about_pictures(),
            "languages": languages,
            "maps": [method for method in METHODS if method == "pca" or not why_not(self.spaces[0].vectors)],
            "examples": self._examples(),
            "concreteness": bool(self.concreteness),
        }

    def _model(self, model: int) -> dict[str, Any]:
        space = self.spaces[model]
        n_with_pictures = int(space.has_pictures.sum())
        return {
            "id": model,
            "name": space.name,
            "kind": space.kind,
            "dim": space.vectors.dim,
            "n_words": len(space),
            "languages": space.languages,
            "has_counts": space.counts is not None,
            "has_pictures": n_with_pictures > 0,
            "n_with_pictures": n_with_pictures,
            "sees_pictures": self.pictures is not None and self.projections[model] is not None,
        }

    def _about_pictures(self) -> dict[str, Any] | None:
        if self.pictures is None:
            return None
        return {
            "n": len(self.pictures),
            "has_files": self.pictures.has_files,
            "glyphs": self.pictures.glyphs,
            "title": self.pictures.title,
            "key": self.pictures.key,
            "can_upload": self.pictures.can_encode,
        }

    def _examples(self) -> list[str]:
        """Some expressions that the first model has; else its words with pictures, else its first words."""
        space = self.spaces[0]
        known = [text for text in EXAMPLES if (query := space.look_up(text)).terms and not query.missing]
        pictured = space.has_pictures.nonzero()[0].tolist()
        others = [space.vectors.words[row] for row in [*pictured[:N_EXAMPLES], *range(min(N_EXAMPLES, len(space)))]]
        return list(dict.fromkeys([*known, *others]))[:N_EXAMPLES]


def _first_pictures(space: Space, pictures: Pictures) -> dict[str, Any]:
    """The first picture of each word, -1 for none, and its character where it has no file."""
    first = pictures.first_of_entries
    rows = [int(first[entry]) if entry >= 0 else -1 for entry in space.entries.tolist()]
    emoji = [pictures.described(row)["emoji"] if row >= 0 else None for row in rows] if pictures.glyphs else None
    return {"pictures": rows, "emoji": emoji}
