"""Judging: people's ratings of word pairs beside the cosines of each model, and where two models part."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from wordsight.errors import DataError
from wordsight.evaluation.data.rated_pairs import RatedPairs, parse_pairs
from wordsight.evaluation.metrics.statistics import bootstrap_interval, score, spearman_of
from wordsight.evaluation.tasks.similarity import Judged, judged
from wordsight.explore.space import Space

MOST_PAIRS = 20_000
"""How many pairs a file may have: a bootstrap of more takes longer than anybody waits."""
MOST_DISAGREEMENTS = 50


def judge(spaces: Sequence[Space], text: str, name: str, language: str | None = None) -> dict[str, Any]:
    """Compares people's ratings with each model's cosines.

    Args:
        spaces: the models.
        text: the content of a file of rated pairs; a line is ``word1 word2 score``.
        name: of the data set.
        language: tag of the file's words in tagged spaces.

    Raises:
        DataError: a line cannot be read (the message names it), or there are too many pairs.
    """
    pairs = parse_pairs(text, name, name)
    if len(pairs) > MOST_PAIRS:
        raise DataError(f"{name} has {len(pairs):,} pairs; at most {MOST_PAIRS:,} are judged here, use wordsight eval")
    found = [judged(space.vectors, pairs, language=language if space.languages else None) for space in spaces]
    return {
        "name": name,
        "n_pairs": len(pairs),
        "models": [_of_model(model, pairs, one) for model, one in enumerate(found)],
        "disagreements": _disagreements(pairs, found),
    }


def _of_model(model: int, pairs: RatedPairs, found: Judged) -> dict[str, Any]:
    n = len(found.ratings)
    statistic = spearman_of(found.cosines, found.ratings)
    low, high = bootstrap_interval(statistic, n)
    points = zip(found.positions.tolist(), found.ratings.tolist(), found.cosines.tolist(), strict=True)
    return {
        "id": model,
        "rho": _number(score(statistic, n)),
        "low": _number(low),
        "high": _number(high),
        "n": n,
        "coverage": round(n / len(pairs), 4),
        "points": [
            {"a": pairs.first[i], "b": pairs.second[i], "rating": rating, "cosine": round(cosine, 4)}
            for i, rating, cosine in points
        ],
    }


def _disagreements(pairs: RatedPairs, found: Sequence[Judged]) -> list[dict[str, Any]]:
    """Pairs that all models cover and whose ranks one gets right and another wrong, the clearest first."""
    common = sorted(set.intersection(*(set(one.positions.tolist()) for one in found)))
    if len(found) < 2 or not common:
        return []
    cosines = np.stack([one.cosines[np.searchsorted(one.positions, common)] for one in found])
    ratings = pairs.ratings[common]
    ranks, right = np.stack([_ranks(one) for one in cosines]), _ranks(ratings)
    errors = np.abs(ranks - right)
    apart = errors.max(axis=0) - errors.min(axis=0)
    return [
        {
            "a": pairs.first[common[i]],
            "b": pairs.second[common[i]],
            "rating": float(ratings[i]),
            "cosines": cosines[:, i].round(4).tolist(),
            "ranks": ranks[:, i].round(4).tolist(),
            "rating_rank": round(float(right[i]), 4),
        }
        for i in np.argsort(-apart, kind="stable")[:MOST_DISAGREEMENTS]
    ]


def _ranks(values: np.ndarray) -> np.ndarray:
    """Ranks of values ``[n]``, ties having their average, from 0 for the lowest to 1."""
    _, group, sizes = np.unique(values, return_inverse=True, return_counts=True)
    ranks: np.ndarray = (np.cumsum(sizes) - (sizes + 1) / 2)[group] / max(1, len(values) - 1)
    return ranks


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 4)
