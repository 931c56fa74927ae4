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

from wordsight.errors import ParameterError
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.models._image_space import TRANSFORM, ImageSpace, skipgram_of
from wordsight.models.sgns import SGNS, text_settings
from wordsight.text.corpus import Corpus


class L2Projection(ImageSpace):
    """The projection with the least squared distance to the words' vectors, which it leaves as skip-gram made them.

    It minimises Σ ‖W_p f − w‖² over all pairs of a word and one of its images, plus ``penalty`` · ‖W_p‖², in closed
    form.

    Args:
        dim, window, negatives, subsample, epochs, learning_rate: of the skip-gram, as in SGNS.
        penalty: of the squared entries of W_p.
        intercept: the features get a constant one, for the mean that centring takes from them. It
            serves to find a word's image, but then all images lie near the mean of the words.
        transform: chain of :mod:`wordsight.images.transforms`, fitted on the images of the lexicon's words.
        control: None, or ``"shuffled"`` or ``"random"`` image features.
        hide_words: share of the visual words that are treated as if they had no image.
        seed: of the skip-gram, the control and the hidden words.
        workers: threads of the skip-gram; None for one a core.
    """

    name = "l2projection"
    title = "L2 projection"
    citation = (
        "Luo: Exploration on Grounded Word Embedding: Matching Words and Images with Image-Enhanced Skip-Gram Model. "
        "2018 (baseline)."
    )
    inputs = ("corpus", "lexicon")

    def __init__(
        self,
        dim: int = 100,
        window: int = 5,
        negatives: int = 5,
        subsample: float = 1e-4,
        epochs: int = 5,
        learning_rate: float = 0.025,
        penalty: float = 1.0,
        intercept: bool = False,
        transform: str = TRANSFORM,
        control: str | None = None,
        hide_words: float = 0.0,
        seed: int = 0,
        workers: int | None = None,
    ) -> None:
        self.dim = dim
        self.window = window
        self.negatives = negatives
        self.subsample = subsample
        self.epochs = epochs
        self.learning_rate = learning_rate
        self.penalty = penalty
        self.intercept = intercept
        self.transform = transform
        self.control = control
        self.hide_words = hide_words
        self.seed = seed
        self.workers = workers

    @property
    def _intercept(self) -> bool:
        return self.intercept

    def fit(self, corpus: Corpus, lexicon: VisualLexicon, text: SGNS | None = None) -> Self:
        """Learns word vectors from a corpus, then the projection from the images of its words.

        Args:
            corpus: the text.
            lexicon: which images show a word.
            text: a skip-gram fitted on the corpus, in place of one with these hyperparameters.

        Raises:
            DataError: no word of the corpus has an image.
            UnknownNameError, ParameterError: a hyperparameter makes no sense.
        """
        if not self.penalty > 0:
            raise ParameterError(f"penalty is {self.penalty}; it must be positive")
        images = self._word_images(lexicon, corpus.vocabulary)
        text = skipgram_of(corpus, text, **text_settings(self))
        self.vectors_, self.history_, self.interrupted_ = text.vectors_, text.history_, text.interrupted_
        self.projection_ = least_squares(
            images.features[images.rows], text.vectors_.matrix[images.ids][images.word_of], self.penalty
        )
        return self


def least_squares(features: np.ndarray, vectors: np.ndarray, penalty: float) -> np.ndarray:
    """W that minimises Σ ‖W f − w‖² + penalty ‖W‖², float32 [dim, n_features].

    Args:
        features: f, float32 [n_pairs, n_features].
        vectors: w, float32 [n_pairs, dim].
        penalty: of the squared entries.
    """
    f = features.astype(np.float64)
    gram = f.T @ f + penalty * np.eye(f.shape[1])
    solution: np.ndarray = np.linalg.solve(gram, f.T @ vectors.astype(np.float64))
    return np.ascontiguousarray(solution.T, dtype=np.float32)
