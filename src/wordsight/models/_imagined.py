"""Text vectors beside what is seen and imagined of the words; where sight knows nothing, the text fills its half.

A visual half has rows of squared length 0 to 1: how much is known. The rest of a word's visual half counts as its text,
so that the cosine of two words of which nothing is known is that of their text vectors, whatever the others have.
"""

from __future__ import annotations

import numpy as np

from wordsight.grounding.visual_words import VisualWords
from wordsight.modules.imagination import Imagination
from wordsight.vectors.search import unit_rows


def seen_and_imagined(imagination: Imagination, visual: VisualWords, share: float) -> np.ndarray:
    """The visual half of all words: what is imagined, and for words with images also what these show.

    A word's own part is o = (1 − ``share``) n / (n + 1) for n images, since the mean of few images is noisy. With the
    certainty c of its imagination the half is o · seen + (1 − o) · imagined, of which (1 − o)² (1 − c) stays unknown.

    Args:
        imagination: what is imagined of all words.
        visual: the words with images and their visual vectors.
        share: share of what is imagined, for a word with very many images.

    Returns:
        float32 [n_words, n_features], rows with a squared length of at most 1.
    """
    half = imagination.vectors.copy()
    own = ((1 - share) * visual.images / (visual.images + 1))[:, None].astype(np.float32)
    seen = unit_rows(visual.features - visual.features.mean(axis=0)) if len(visual.ids) > 1 else visual.features
    mixed = own * seen + (1 - own) * half[visual.ids]
    unknown = (1 - own) ** 2 * (1 - imagination.certainty[visual.ids])[:, None]
    half[visual.ids] = mixed / np.sqrt((mixed**2).sum(axis=1, keepdims=True) + unknown)
    return half


def beside_text(text: np.ndarray, half: np.ndarray, weight: float) -> np.ndarray:
    """Text and visual halves side by side, float32 [n_words, dim + n_features], all rows of length √(1 + weight²).

    Args:
        text: [n_words, dim], rows of unit length.
        half: [n_words, n_features], rows of squared length 0 (nothing is known of how the word looks) to 1.
        weight: length of a visual half of which all is known, relative to the text.
    """
    unknown = np.maximum(1 - (half.astype(np.float64) ** 2).sum(axis=1, keepdims=True), 0)
    return np.hstack([text * np.sqrt(1 + weight**2 * unknown), weight * half]).astype(np.float32)
