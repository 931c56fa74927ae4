"""Maps: all words of a space in two dimensions, with labels that do not overlap."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from wordsight.errors import check_at_least_1, unknown_name
from wordsight.plots.fonts import families
from wordsight.plots.style import INK, PALE, SERIES, STEEL, axes_in, legend
from wordsight.text.language_tags import language_of
from wordsight.vectors.layouts import principal_components
from wordsight.vectors.tsne import TSNE
from wordsight.vectors.word_vectors import WordVectors

METHODS = ("pca", "tsne")
_TRIED = 10
"""How many words are tried for each label that is wanted."""


def map(
    vectors: WordVectors, words: Iterable[str] | None = None, *, method: str = "pca", labels: int = 80, ax: Any = None
) -> Any:
    """Draws a map of all words; a colour stands for a language.

    Args:
        vectors: what to draw.
        words: these are highlighted, and labelled where there is room; None: the first of each language are labelled.
        method: ``"pca"``, principal components at once; or ``"tsne"`` (extra ``map``), which takes minutes for 20,000
            words and is kept in the cache.
        labels: how many words have a label, if ``words`` does not say which.
        ax: matplotlib axes to draw in; None: a figure is made.

    Returns:
        The matplotlib figure.

    Raises:
        UnknownNameError: a word is not there, or no such method.
        ParameterError: the layout cannot be computed; the message says why.
        MissingExtraError: matplotlib is not installed.
    """
    check_at_least_1(labels=labels)
    if method not in METHODS:
        raise unknown_name("method", method, METHODS, hint=f"there are: {', '.join(METHODS)}")
    named = list(words or ())
    if named:
        vectors[named]  # says which word is not there
    drawn, axes = axes_in(ax, 7, 7)
    points = principal_components(vectors) if method == "pca" else TSNE(vectors).points()
    chosen = None if words is None else vectors.rows(named)
    axes.set_aspect("equal", adjustable="box")
    axes.set_axis_off()
    size = float(np.clip(30_000 / len(points), 1, 14))
    if chosen is None:
        _draw_points(axes, vectors, points, np.arange(len(points)), size, 0.6)
        rows = vectors.most_frequent(labels * _TRIED)
        rows = rows[np.argsort(_ranks_in_language(vectors, rows), kind="stable")]
        _write(axes, points, vectors, rows, labels)
    else:
        axes.scatter(*points.T, s=size, color=PALE, linewidths=0, rasterized=True)
        _draw_points(axes, vectors, points, chosen, 24, 1)
        _write(axes, points, vectors, chosen, len(chosen))
    return drawn


def _draw_points(
    axes: Any, vectors: WordVectors, points: np.ndarray, rows: np.ndarray, size: float, alpha: float
) -> None:
    """A point for each of these words, with a legend of the languages."""
    look = {"s": size, "linewidths": 0, "alpha": alpha, "rasterized": True}
    if not vectors.languages:
        axes.scatter(*points[rows].T, color=STEEL, **look)
        return
    for i, language in enumerate(vectors.languages):
        own = np.intersect1d(rows, vectors.rows_of_language(language))
        if len(own):
            axes.scatter(*points[own].T, color=SERIES[i % len(SERIES)], label=language, **look)
    for handle in legend(axes, loc="upper left", ncols=1 + len(vectors.languages) // 20).legend_handles:
        handle.set(sizes=[24], alpha=1)


def _ranks_in_language(vectors: WordVectors, rows: np.ndarray) -> np.ndarray:
    """How many earlier rows are of the same language, int64 ``[n]``, so that languages take turns."""
    seen: dict[str, int] = {}
    ranks = []
    for row in rows:
        language = _parts(vectors, int(row))[0]
        ranks.append(seen.get(language, 0))
        seen[language] = ranks[-1] + 1
    return np.array(ranks, dtype=np.int64)


def _parts(vectors: WordVectors, row: int) -> tuple[str, str]:
    """A word's language (empty where words have no tags) and the word without its tag."""
    word = vectors.words[row]
    return (language_of(word), word.partition(":")[2]) if vectors.languages else ("", word)


def _write(axes: Any, points: np.ndarray, vectors: WordVectors, rows: np.ndarray, n: int) -> None:
    """Labels at most ``n`` of the words, in their order, each where it covers no earlier label."""
    texts = [_parts(vectors, int(row))[1] for row in rows]
    look = {"fontsize": 8, "color": INK, "family": families(texts), "ha": "center", "va": "bottom", "zorder": 4}
    from matplotlib.patheffects import withStroke

    look |= {"parse_math": False, "path_effects": [withStroke(linewidth=2, foreground="white")]}
    axes.figure.draw_without_rendering()  # settles where the axes are
    boxes = np.empty((0, 4))
    for row, text in zip(rows, texts, strict=True):
        label = axes.annotate(text, points[row], xytext=(0, 2), textcoords="offset points", **look)
        (left, bottom), (right, top) = label.get_window_extent().get_points()
        apart = (left > boxes[:, 2]) | (boxes[:, 0] > right) | (bottom > boxes[:, 3]) | (boxes[:, 1] > top)
        if not apart.all():
            label.remove()
            continue
        boxes = np.vstack([boxes, [left, bottom, right, top]])
        if len(boxes) == n:
            return
