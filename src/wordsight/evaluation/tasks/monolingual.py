"""Word similarity in one language, averaged over several data sets."""

from __future__ import annotations

import numpy as np

from wordsight.evaluation.metrics.statistics import bootstrap_values, interval_of, spearman_of
from wordsight.evaluation.result import Result, Results
from wordsight.evaluation.task_inputs import LanguageTag, Resamples, Seed
from wordsight.evaluation.tasks.similarity import Files, judged, read_all, similarity
from wordsight.vectors.word_vectors import WordVectors


def monolingual(
    vectors: WordVectors,
    files: Files,
    *,
    language: LanguageTag = None,
    resamples: Resamples = 1000,
    seed: Seed = 0,
) -> Results:
    """Word similarity in one language: a result for each file, then the mean of their scores, ``average``.

    For the average, n and total count the pairs of all files, and the bootstrap draws each file's pairs anew. Files
    with fewer than three covered pairs have no score and do not count.

    Args:
        vectors: what to evaluate.
        files: files of rated pairs.
        language: tag that the files' words have in the vectors, such as ``en``.
        resamples: number of bootstrap samples.
        seed: seed of the bootstrap.

    Raises:
        DataError: a file cannot be read; the message says where.
    """
    sets = read_all(files, language)
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
