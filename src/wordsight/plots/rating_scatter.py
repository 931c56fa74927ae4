"""Ratings: people's ratings of word pairs against cosines, as in figure 3 of WIELD."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from wordsight.errors import ParameterError
from wordsight.evaluation.metrics.statistics import bootstrap_interval, score, spearman_of
from wordsight.evaluation.tasks.similarity import Source, judged, read_all
from wordsight.plots.fonts import families
from wordsight.plots.style import ACCENT, FAINT, INK, SERIES, axes_in, legend, tidy
from wordsight.vectors.word_vectors import WordVectors


def ratings(
    vectors: WordVectors | Mapping[str, WordVectors], file: Source, *, language: str | None = None, ax: Any = None
) -> Any:
    """Draws a point a word pair, its rating against its cosine, and the mean cosine in each tenth of the ratings.

    The legend has Spearman's correlation with its 95 % bootstrap interval, and the number of pairs that count.

    Args:
        vectors: a space, or several by their names.
        file: rated pairs, or a file of one data set.
        language: tag that the file's words have in the vectors, such as ``en``.
        ax: matplotlib axes to draw in; None: a figure is made.

    Returns:
        The matplotlib figure.

    Raises:
        DataError: the file cannot be read; the message says where.
        ParameterError: the file has several data sets, or there is no space or no pair that the vectors cover.
        MissingExtraError: matplotlib is not installed.
    """
    spaces = {"": vectors} if isinstance(vectors, WordVectors) else dict(vectors)
    sets = read_all(file, language)
    if len(sets) != 1:
        raise ParameterError(f"{file} has {len(sets)} data sets; say with language which to draw")
    if not spaces:
        raise ParameterError("ratings needs at least one space of word vectors")
    drawn, axes = axes_in(ax, 5, 3.8)
    tidy(axes)
    colours = [(FAINT, ACCENT)] if len(spaces) == 1 else [(colour, colour) for colour in SERIES]
    for i, (name, space) in enumerate(spaces.items()):
        found = judged(space, sets[0], language=language)
        n = len(found.ratings)
        if not n:
            raise ParameterError(f"the vectors {name or 'given'} have no pair of {sets[0].name}; is a language needed?")
        statistic = spearman_of(found.cosines, found.ratings)
        low, high = bootstrap_interval(statistic, n)
        said = f"ρ = {score(statistic, n):.3f} [{low:.3f}, {high:.3f}], {n:,} pairs"
        points, line = colours[i % len(colours)]
        rating_points(axes, found.ratings, found.cosines, f"{name}: {said}" if name else said, points, line)
    axes.set_title(sets[0].name, fontsize=10, color=INK, loc="left", parse_math=False)
    axes.set_xlabel("people's rating", fontsize=8, color=INK)
    axes.set_ylabel("cosine", fontsize=8, color=INK)
    legend(axes, families(spaces))
    return drawn


def rating_points(
    axes: Any, ratings: np.ndarray, cosines: np.ndarray, label: str, points: str = FAINT, line: str = ACCENT
) -> None:
    """Draws a point for each pair, and the mean cosine in each tenth of the ratings.

    Args:
        axes: where to draw.
        ratings: float64 ``[n_pairs]``.
        cosines: float64 ``[n_pairs]``.
        label: of the line, in the legend.
        points: colour of the points.
        line: colour of the means.
    """
    axes.scatter(ratings, cosines, s=6, alpha=min(1.0, max(0.3, 100 / len(ratings))), linewidths=0, color=points)
    tenths = np.array_split(np.argsort(ratings, kind="stable"), 10)
    means = [(ratings[part].mean(), cosines[part].mean()) for part in tenths if len(part)]
    axes.plot(*zip(*means, strict=True), color=line, marker="o", markersize=4, label=label)
