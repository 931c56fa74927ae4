"""Several data sets of rated pairs judged together: one pool across languages, or an average in one language."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from wordsight.evaluation.data.rated_pairs import RatedPairs
from wordsight.evaluation.metrics.statistics import bootstrap_values, interval_of, spearman_of
from wordsight.evaluation.result import Result, Results
from wordsight.evaluation.tasks.similarity import Sources, judged, read_all, similarity
from wordsight.vectors.word_vectors import WordVectors


def crosslingual(
    vectors: WordVectors,
    files: Sources,
    *,
    restrict_to: Collection[str] | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> Results:
    """Word similarity across languages: a result for each file, then one of all their pairs together, ``combined``.

    Args:
        vectors: words tagged with their language (``en:cat``).
        files: of rated pairs with language columns, all on one scale of ratings.
        restrict_to: only pairs of two of these words, such as those that another space has.
        resamples: of the bootstrap.
        seed: of the bootstrap.

    Raises:
        DataError: a file cannot be read; the message says where.
    """
    sets = read_all(files)
    return similarity(vectors, [*sets, pooled(sets)], restrict_to=restrict_to, resamples=resamples, seed=seed)


def pooled(sets: Sequence[RatedPairs]) -> RatedPairs:
    """The pairs of several data sets as one, named ``combined``."""
    first, second = (
        [word for words in side for word in words] for side in ([p.first for p in sets], [p.second for p in sets])
    )
    return RatedPairs("combined", first, second, np.concatenate([pairs.ratings for pairs in sets]))


def monolingual(
    vectors: WordVectors, files: Sources, *, language: str | None = None, resamples: int = 1000, seed: int = 0
) -> Results:
    """Word similarity in one language: a result for each file, then the mean of their scores, ``average``.

    Of the average, n and total are the pairs of all files, and the bootstrap draws each file's pairs anew. Files with
    fewer than three covered pairs have no score and do not count.

    Args:
        vectors: what to evaluate.
        files: of rated pairs.
        language: tag that the files' words have in the vectors.
        resamples: of the bootstrap.
        seed: of the bootstrap.

    Raises:
        DataError: a file cannot be read; the message says where.
    """
    sets = read_all(files)
    results = list(similarity(vectors, sets, language=language, resamples=resamples, seed=seed))
    scored = [(result, pairs) for result, pairs in zip(results, sets, strict=True) if np.isfinite(result.score)]
    values = []
    for _, pairs in scored:
        found = judged(vectors, pairs, language=language)
        statistic = spearman_of(found.cosines, found.ratings)
        values.append(bootstrap_values(statistic, len(found.ratings), resamples=resamples, seed=seed))
    average = Result(
        "monolingual",
        "average",
        float(np.mean([result.score for result, _ in scored])) if scored else float("nan"),
        sum(result.n for result in results),
        sum(result.total for result in results),
        interval_of(np.mean(values, axis=0)) if values else (float("nan"), float("nan")),
        {"metric": "mean Spearman correlation", "data_sets": len(scored), "resamples": resamples, "seed": seed},
    )
    return Results([*results, average])
