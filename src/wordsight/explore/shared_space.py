"""SharedSpace: one space with words and pictures, so that each finds the other.

There are two kinds. A model that projects images has both in its own space. For any other model the pictures' features
are such a space, where a word that has pictures is the mean of theirs.
"""

from __future__ import annotations

from concurrent.futures import Executor
from typing import Protocol

import numpy as np

from wordsight.explore.batched_search import BatchedSearch
from wordsight.explore.pictures import Pictures
from wordsight.explore.space import Query, Space
from wordsight.images.features import ImageFeatures
from wordsight.images.transforms import Chain
from wordsight.models.projected_images import Projection
from wordsight.vectors.search import row_scales, unit_rows

N_COMPONENTS = 128
"""How many principal components of features are compared: few, so that a hundred thousand pictures fit in memory."""


class SharedSpace(Protocol):
    """Where words and pictures are compared."""

    by: str
    """``space``: in the model's own space; ``features``: by the features of pictures."""
    images: BatchedSearch
    """Finds pictures."""

    def words(self, language: str | None) -> BatchedSearch:
        """Finds words of a language; None: of all."""

    def vector_of_query(self, query: Query) -> np.ndarray | None:
        """The vector ``[d]`` of an expression; None where it has none here."""

    def vector_of_picture(self, row: int) -> np.ndarray:
        """The vector ``[d]`` of a picture."""

    def vector_of_features(self, features: ImageFeatures) -> np.ndarray:
        """The vector ``[d]`` of another picture, from its features.

        Raises:
            DataError: they have another number of features.
        """


class ModelSpace:
    """The space of a model that projects images.

    Args:
        space: the words.
        pictures: the images.
        project: puts features into the space.
        executor: runs the searches.

    Raises:
        DataError: the features are not of the kind that the model was trained on.
    """

    by = "space"

    def __init__(self, space: Space, pictures: Pictures, project: Projection, executor: Executor) -> None:
        self._space, self._project = space, project
        self._matrix = project(pictures.features)
        self.images = BatchedSearch(self._matrix, row_scales(self._matrix), np.arange(len(self._matrix)), executor)

    def words(self, language: str | None) -> BatchedSearch:
        """Finds words of a language; None: of all."""
        return self._space.search(language)

    def vector_of_query(self, query: Query) -> np.ndarray | None:
        """The vector of the expression itself."""
        return query.vector

    def vector_of_picture(self, row: int) -> np.ndarray:
        """The projection of a picture."""
        vector: np.ndarray = self._matrix[row]
        return vector

    def vector_of_features(self, features: ImageFeatures) -> np.ndarray:
        """The projection of another picture."""
        vector: np.ndarray = self._project(features)[0]
        return vector


class PictureFeatures:
    """The features of all pictures, centred per source and reduced, and the mean of each word's; for all models.

    Args:
        pictures: the images.
        executor: runs the searches.
    """

    def __init__(self, pictures: Pictures, executor: Executor) -> None:
        features = pictures.features
        n = min(N_COMPONENTS, features.n_features, len(features))
        self.chain = Chain.parse(f"centre pca:{n}:0.5 l2")
        self.matrix = self.chain.fit_transform(features.matrix, features.sources)
        self.executor = executor
        self.images = BatchedSearch(self.matrix, row_scales(self.matrix), np.arange(len(self.matrix)), executor)
        lexicon = pictures.lexicon
        self.means = np.empty((0, n), np.float32) if lexicon is None else lexicon.mean_features(self.matrix)


class FeatureSpace:
    """The pictures' features, with those words of a space that have pictures."""

    by = "features"

    def __init__(self, space: Space, features: PictureFeatures) -> None:
        self._space, self._features = space, features
        self.images = features.images
        self._searches: dict[str | None, BatchedSearch] = {}

    def words(self, language: str | None) -> BatchedSearch:
        """Finds words with pictures."""
        if language not in self._searches:
            rows = np.flatnonzero(self._space.allowed(language, with_pictures=True))
            means = self._features.means[self._space.entries[rows]]
            self._searches[language] = BatchedSearch(means, row_scales(means), rows, self._features.executor)
        return self._searches[language]

    def vector_of_query(self, query: Query) -> np.ndarray | None:
        """The sum of the mean features of those terms that have pictures."""
        signed = [(self._space.entries[term.row], term.sign) for term in query.terms]
        entries = [entry for entry, _ in signed if entry >= 0]
        if not entries:
            return None
        signs = np.array([sign for entry, sign in signed if entry >= 0], dtype=np.float32)
        vector: np.ndarray = signs @ unit_rows(self._features.means[entries])
        return vector

    def vector_of_picture(self, row: int) -> np.ndarray:
        """The reduced features of a picture."""
        vector: np.ndarray = self._features.matrix[row]
        return vector

    def vector_of_features(self, features: ImageFeatures) -> np.ndarray:
        """The reduced features of another picture."""
        vector: np.ndarray = self._features.chain.transform(features.matrix, features.sources)[0]
        return vector
