"""What a notebook shows of a visual lexicon: the first words with their pictures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wordsight.images.thumbnail import notebook_pictures
from wordsight.notebooks import Bar, html_table

_WORDS, _PICTURES = 10, 6


def lexicon_html(
    words: Sequence[str], indptr: np.ndarray, image_rows: np.ndarray, weights: np.ndarray, ids: Sequence[str]
) -> str:
    """A table of the first words, each with its pictures of the greatest weight.

    Args:
        words: all words.
        indptr: int64 ``[n_words + 1]``, where each word's images begin and end.
        image_rows: int64 ``[n_pairs]``.
        weights: float32 ``[n_pairs]``.
        ids: of the images, by their rows.
    """
    counts = np.diff(indptr)
    most = int(counts.max())
    rows = []
    for word, start, n in zip(words[:_WORDS], indptr, counts, strict=False):
        order = np.argsort(-weights[start : start + n], kind="stable")[:_PICTURES]
        pictures = notebook_pictures(ids[row] for row in image_rows[start : start + n][order])
        rows.append((word, Bar(float(n / most), f"{n:,}"), pictures))
    caption = f"VisualLexicon: {len(words):,} words, {len(np.unique(image_rows)):,} images"
    return html_table(caption, ("word", "images", "first images"), rows)
