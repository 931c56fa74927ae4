"""What models share that put words and images into one space: which images a word has, and how images get there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from wordsight.errors import DataError, ParameterError
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.visual_words import hidden_words
from wordsight.grounding.word_sources import check_word_sources
from wordsight.images.features import ImageFeatures
from wordsight.images.transforms import Chain
from wordsight.models.base import Model
from wordsight.models.sgns import SGNS
from wordsight.text.corpus import Corpus
from wordsight.text.vocabulary import Vocabulary

TRANSFORM = "centre pca:256:0.5 l2"
"""Centred per source, with a flatter spectrum, of unit length: what matches best on validation images."""


class WordImages(NamedTuple):
    """The words of a vocabulary that have images, in its order, and the images of each (compressed sparse rows).

    Attributes:
        ids: int64 [n_visual], the words' ids in the vocabulary.
        indptr: int64 [n_visual + 1], where the images of each begin and end.
        rows: int64 [n_pairs], rows of ``features``.
        weights: float32 [n_pairs], positive; relative within a word.
        features: float32 [n_images, n_features], of the images that a word has: transformed, and maybe a 1 at the end.
    """

    ids: np.ndarray
    indptr: np.ndarray
    rows: np.ndarray
    weights: np.ndarray
    features: np.ndarray

    @property
    def word_of(self) -> np.ndarray:
        """For each (word, image) pair the place of its word in ``ids``, int64 [n_pairs]."""
        return np.repeat(np.arange(len(self.ids)), np.diff(self.indptr))


def skipgram_of(corpus: Corpus, given: SGNS | None, **settings: Any) -> SGNS:
    """Skip-gram vectors to start from: those given, or those that SGNS learns with these hyperparameters.

    Raises:
        DataError: the given ones are of other words than the corpus, or of another length.
    """
    if given is None:
        return SGNS(**settings).fit(corpus)
    if given.vectors_.words != corpus.vocabulary.words or given.vectors_.dim != settings["dim"]:
        raise DataError(f"the skip-gram given ({given.vectors_}) is not of this corpus or dim; fit SGNS on it")
    return given


class ImageSpace(Model):
    """A model whose image vectors are a linear projection of the images' transformed features.

    Attributes:
        transform_: the fitted chain.
        projection_: W_p, float32 [dim, n_features].
    """

    transform: str
    control: str | None
    hide_words: float
    seed: int
    transform_: Chain
    projection_: np.ndarray

    @property
    def _intercept(self) -> bool:
        """Whether the features get a constant one, for the mean that centring takes from them."""
        return False

    def _word_images(self, lexicon: VisualLexicon, vocabulary: Vocabulary) -> WordImages:
        """Fits the transform on the images that a word has, those of hidden words aside.

        Raises:
            ParameterError: ``hide_words`` is not a share.
            UnknownNameError: no such control or transform.
            DataError: no word of the vocabulary has an image, or words and sources coincide.
        """
        hidden = set(hidden_words(lexicon, vocabulary.words, self.hide_words, self.seed))
        lexicon = lexicon.restricted(word for word in vocabulary.words if word not in hidden)
        used, rows = np.unique(lexicon.image_rows, return_inverse=True)
        sources = lexicon.features.sources and [lexicon.features.sources[row] for row in used]
        self.transform_ = Chain.parse(self.transform)
        check_word_sources(
            *(lexicon.words, lexicon.word_rows, rows, sources), chain=self.transform_, control=self.control
        )
        features = lexicon.features if self.control is None else lexicon.features.control(self.control, self.seed)
        matrix = self.transform_.fit_transform(features.matrix[used], sources)
        self.encoder_ = features.encoder_facts
        ids = vocabulary.ids(lexicon.words).astype(np.int64)
        return WordImages(ids, lexicon.indptr, rows.astype(np.int64), lexicon.weights, self._inputs(matrix))

    def _inputs(self, features: np.ndarray) -> np.ndarray:
        """Transformed features, with a 1 at the end of each row where there is an intercept."""
        return np.pad(features, ((0, 0), (0, 1)), constant_values=1) if self._intercept else features

    def image_vectors(self, features: ImageFeatures) -> np.ndarray:
        """Images in the space of the words, float32 [n_images, dim], not of unit length.

        Args:
            features: from the same encoder, and with sources as in training, if there were any.

        Raises:
            ParameterError: the model is not fitted.
            DataError: another number of features than in training.
        """
        if not hasattr(self, "projection_"):
            raise ParameterError(f"{self!r} is not fitted; call fit first")
        inputs = self._inputs(self.transform_.transform(features.matrix, features.sources))
        vectors: np.ndarray = inputs @ self.projection_.T
        return vectors

    def _tensors(self) -> dict[str, np.ndarray]:
        transform = {f"transform.{name}": array for name, array in self.transform_.tensors().items()}
        return {"projection": self.projection_, **transform}

    def _restore(self, tensors: Mapping[str, np.ndarray]) -> None:
        self.projection_ = tensors["projection"]
        start = "transform."
        fitted = {name.removeprefix(start): array for name, array in tensors.items() if name.startswith(start)}
        self.transform_ = Chain.parse(self.transform).restore(fitted)
