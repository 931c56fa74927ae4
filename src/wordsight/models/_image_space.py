"""The base class of models with one space for words and images, into which images are projected linearly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from wordsight.errors import ParameterError
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.visual_words import hidden_words
from wordsight.grounding.word_sources import check_word_sources
from wordsight.images.features import ImageFeatures
from wordsight.images.transforms import Chain
from wordsight.models._shared_parameters import ChainModel, LexiconModel
from wordsight.models.parameters import hyperparameters, learned, new_default
from wordsight.storage.tensors import below, from_below
from wordsight.text.vocabulary import Vocabulary


class WordImages(NamedTuple):
    """The words of a vocabulary that have images, in its order, with their images (compressed sparse rows).

    Attributes:
        ids: int64 [n_visual], the words' ids in the vocabulary.
        indptr: int64 [n_visual + 1]; the images of word i are ``rows[indptr[i]:indptr[i + 1]]``.
        rows: int64 [n_pairs], rows of ``features``.
        weights: float32 [n_pairs], positive; relative within a word.
        features: float32 [n_images, n_features], transformed features of these images; with an intercept the last
            column is 1.
    """

    ids: np.ndarray
    indptr: np.ndarray
    rows: np.ndarray
    weights: np.ndarray
    features: np.ndarray

    @property
    def word_of(self) -> np.ndarray:
        """The position in ``ids`` of each pair's word, int64 [n_pairs]."""
        return np.repeat(np.arange(len(self.ids)), np.diff(self.indptr))


@hyperparameters
class ImageSpace(ChainModel, LexiconModel):
    """A model whose image vectors are a linear projection of the images' transformed features.

    Attributes:
        transform_: the fitted chain.
        projection_: W_p, float32 [dim, n_features].
    """

    transform: str = new_default("centre pca:256:0.5 l2")
    """Features are centred per source, reduced to a flatter spectrum, and scaled to unit length: the best matching on
    validation images."""

    transform_: Chain = learned()
    projection_: np.ndarray = learned()

    @property
    def _intercept(self) -> bool:
        """Tells whether a constant 1 is added to the features, which replaces the mean that centring removed."""
        return False

    def _word_images(self, lexicon: VisualLexicon, vocabulary: Vocabulary, fitted: Chain | None = None) -> WordImages:
        """Fits the transform on the images of the vocabulary's words; hidden words count as words without images.

        Args:
            lexicon: which images show a word.
            vocabulary: the words that count.
            fitted: a transform that is fitted already, in place of a new one.

        Raises:
            DataError: no word of the vocabulary has an image, or words and sources coincide.
        """
        self._report(lexicon, vocabulary)
        hidden = set(hidden_words(lexicon, vocabulary.words, self.hide_words, self.seed))
        lexicon = lexicon.restricted(word for word in vocabulary.words if word not in hidden)
        used, rows = np.unique(lexicon.image_rows, return_inverse=True)
        sources = lexicon.features.sources and [lexicon.features.sources[row] for row in used]
        self.transform_ = fitted or Chain.parse(self.transform)
        check_word_sources(
            *(lexicon.words, lexicon.word_rows, rows, sources), chain=self.transform_, control=self.control
        )
        features = lexicon.features if self.control is None else lexicon.features.control(self.control, self.seed)
        matrix = self.transform_.fit_once(features.matrix[used], sources)
        self.encoder_ = features.encoder_facts
        ids = vocabulary.ids(lexicon.words).astype(np.int64)
        return WordImages(ids, lexicon.indptr, rows.astype(np.int64), lexicon.weights, self._inputs(matrix))

    def _inputs(self, features: np.ndarray) -> np.ndarray:
        """Transformed features, with a column of ones appended if there is an intercept."""
        return np.pad(features, ((0, 0), (0, 1)), constant_values=1) if self._intercept else features

    def image_vectors(self, features: ImageFeatures) -> np.ndarray:
        """Images in the space of the words, float32 [n_images, dim], not of unit length.

        Args:
            features: features from the same encoder; with sources if the training features had them.

        Raises:
            ParameterError: the model is not fitted.
            DataError: the number of features differs from training.
        """
        if not hasattr(self, "projection_"):
            raise ParameterError(f"{self!r} is not fitted; call fit first")
        inputs = self._inputs(self.transform_.transform(features.matrix, features.sources))
        vectors: np.ndarray = inputs @ self.projection_.T
        return vectors

    def _tensors(self) -> dict[str, np.ndarray]:
        return super()._tensors() | below("transform", self.transform_.tensors())

    def _restore(self, tensors: Mapping[str, np.ndarray]) -> None:
        super()._restore(tensors)
        self.transform_ = Chain.parse(self.transform).restore(from_below("transform", tensors))
