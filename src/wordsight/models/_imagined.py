"""Visual vectors imagined from text, which PIXIE and IV-SGNS give to words without images."""

from __future__ import annotations

import numpy as np

from wordsight.grounding.visual_words import VisualWords
from wordsight.modules.least_squares import ridge

PENALTY = 20.0
"""L2 penalty on the map, for text vectors of unit length."""


def imagined(text: np.ndarray, visual: VisualWords) -> np.ndarray:
    """Visual vectors for all words, by a ridge regression on the words with images, float32 [n_words, n_features].

    Args:
        text: [n_words, dim], rows of about unit length.
        visual: the words with visual vectors.
    """
    vectors: np.ndarray = (text @ ridge(text[visual.ids], visual.features, PENALTY)).astype(np.float32)
    return vectors
