"""L2 projection: images mapped to skip-gram vectors by least squares, the baseline of Luo 2018.

Luo: Exploration on Grounded Word Embedding: Matching Words and Images with Image-Enhanced Skip-Gram Model. 2018
(arXiv:1809.02765).

======== =================================================
paper    here
======== =================================================
w_i      row of ``vectors_``, from skip-gram, fixed
f_i      features of one of the word's images
W_p      ``projection_``
======== =================================================
"""

from __future__ import annotations

from typing import Self

import numpy as np

from wordsight.grounding.lexicon import VisualLexicon
from wordsight.models._image_space import ImageSpace
from wordsight.models._shared_parameters import SkipGramModel
from wordsight.models._starting_text import starting_text
from wordsight.models.base import Model
from wordsight.models.parameters import hyperparameters, parameter
from wordsight.modules.least_squares import ridge
from wordsight.text.corpus import Corpus
from wordsight.vectors.word_vectors import WordVectors


@hyperparameters
class L2Projection(SkipGramModel, ImageSpace):
    """Skip-gram vectors, and a linear projection of images to them by least squares.

    The projection minimises Σ ‖W_p f − w‖² + ``penalty`` · ‖W_p‖² over all (word, image) pairs, in closed form.
    """

    name = "l2projection"
    title = "L2 projection"
    citation = (
        "Luo: Exploration on Grounded Word Embedding: Matching Words and Images with Image-Enhanced Skip-Gram Model. "
        "2018 (baseline)."
    )
    inputs = ("corpus", "lexicon")

    penalty: float = parameter(1.0, "weight of the squared entries of W_p", above=0)
    intercept: bool = parameter(
        False,
        "whether a constant 1 is added to the features. It helps to find the images of a word, but moves all images "
        "near the mean of the words",
    )

    @property
    def _intercept(self) -> bool:
        return self.intercept

    def fit(self, corpus: Corpus, lexicon: VisualLexicon, text: WordVectors | Model | None = None) -> Self:
        """Learns word vectors from a corpus, then the projection from the images of its words.

        Args:
            corpus: the text.
            lexicon: which images show a word.
            text: vectors of the corpus's words, or a fitted text model, to use instead of training SGNS.

        Raises:
            DataError: no word of the corpus has an image, or the text vectors have other words.
            UnknownNameError, ParameterError: a hyperparameter makes no sense.
        """
        self._begin()
        images = self._word_images(lexicon, corpus.vocabulary)
        start = starting_text(corpus, text, self.text_settings())
        self.vectors_, self.history_, self.interrupted_ = start.vectors, start.history, start.interrupted
        weights = ridge(images.features[images.rows], start.vectors.matrix[images.ids][images.word_of], self.penalty)
        self.projection_ = np.ascontiguousarray(weights.T, dtype=np.float32)
        return self
