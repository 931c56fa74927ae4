"""Visual vectors that are imagined from text: what PIXIE and IV-SGNS give to words without images."""

from __future__ import annotations

import numpy as np

from wordsight.grounding.visual_words import VisualWords
from wordsight.modules.least_squares import ridge

PENALTY = 20.0
"""Weight of the squared entries of the map, for text vectors of unit length."""


def imagined(text: np.ndarray, visual: VisualWords) -> np.ndarray:
    """Visual vectors for all words, by a linear map that the words with images teach, float32 [n_words, n_features].

    Args:
        text: [n_words, dim], rows of about unit length.
        visual: the words that have a visual vector, and these.
    """
    vectors: np.ndarray = (text @ ridge(text[visual.ids], visual.features, PENALTY)).astype(np.float32)
    return vectors
