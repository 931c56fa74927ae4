"""What a notebook shows of word vectors: the first words, each with the word nearest to it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wordsight.notebooks import Bar, html_table
from wordsight.vectors.search import nearest_at_once, unit_rows

_SHOWN = 10
_SEARCHED = 200_000
"""Among how many words the nearest is looked for, so that a notebook does not wait."""


def sample_html(words: Sequence[str], matrix: np.ndarray, scales: np.ndarray, languages: Sequence[str]) -> str:
    """A table of the first words.

    Args:
        words: all words.
        matrix: float32 ``[n_words, dim]``.
        scales: float32 ``[n_words]``, 1 / norm of each row.
        languages: the words' tags; empty where they have none.
    """
    among, topn = min(_SEARCHED, len(words)), min(2, len(words))
    found, cosines = nearest_at_once(unit_rows(matrix[:_SHOWN]), matrix[:among], scales[:among], topn)
    rows = []
    for row, (near, near_cosines) in enumerate(zip(found, cosines, strict=True)):
        others = [(words[other], float(c)) for other, c in zip(near, near_cosines, strict=True) if other != row]
        word, cosine = others[0] if others else ("", float("nan"))
        rows.append((words[row], word, Bar(cosine, f"{cosine:.3f}" if word else "")))
    size = f"WordVectors: {len(words):,} words, {matrix.shape[1]:,} dimensions"
    tags = f"; languages: {', '.join(languages)}" if languages else ""
    nearest = "nearest" if among == len(words) else f"nearest of the first {among:,}"
    return html_table(size + tags, ("word", nearest, "cosine"), rows)
