"""Word similarity across languages, several data sets judged together as one pool."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from wordsight.evaluation.data.rated_pairs import RatedPairs
from wordsight.evaluation.result import Results
from wordsight.evaluation.task_inputs import Resamples, Seed
from wordsight.evaluation.tasks.similarity import Files, read_all, similarity
from wordsight.vectors.word_vectors import WordVectors


def crosslingual(
    vectors: WordVectors,
    files: Files,
    *,
    restrict_to: Collection[str] | None = None,
    resamples: Resamples = 1000,
    seed: Seed = 0,
) -> Results:
    """Word similarity across languages: a result for each file, then one of all their pairs together, ``combined``.

    Args:
        vectors: words tagged with their language (``en:cat``).
        files: files of rated pairs with language columns, all on one scale of ratings.
        restrict_to: only pairs of two of these words, such as those that another space has.
        resamples: number of bootstrap samples.
        seed: seed of the bootstrap.

    Raises:
        DataError: a file cannot be read; the message says where.
    """
    sets = read_all(files)
    return similarity(vectors, [*sets, pooled(sets)], restrict_to=restrict_to, resamples=resamples, seed=seed)


def pooled(sets: Sequence[RatedPairs]) -> RatedPairs:
    """The pairs of several data sets as one, named ``combined``."""
    first = [word for pairs in sets for word in pairs.first]
    second = [word for pairs in sets for word in pairs.second]
    return RatedPairs("combined", first, second, np.concatenate([pairs.ratings for pairs in sets]))
