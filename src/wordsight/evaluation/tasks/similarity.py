"""Word similarity: do the vectors' cosines rank word pairs as people do?

Score: Spearman's rank correlation of cosines and ratings, ties having their average rank. A word is looked up as the
file has it, else in lower case; pairs with a word that the vectors lack are left out and counted.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np

from wordsight.errors import ParameterError
from wordsight.evaluation.data.rated_pairs import RatedPairs, read_pairs
from wordsight.evaluation.metrics.statistics import bootstrap_interval, score, spearman_of
from wordsight.evaluation.result import Result, Results
from wordsight.evaluation.task_inputs import Given, LanguageTag, Resamples, Seed
from wordsight.text.language_tags import lower_word
from wordsight.vectors.search import unit_rows
from wordsight.vectors.word_vectors import WordVectors

Source = str | os.PathLike[str] | RatedPairs
"""A file of rated pairs, or such pairs."""
Sources = Source | Sequence[Source]
Files = Annotated[Sources, Given("FILE", list[Path])]
"""One or several files of rated pairs; a line is ``word1 word2 score``."""


def similarity(
    vectors: WordVectors,
    files: Files,
    *,
    language: LanguageTag = None,
    restrict_to: Collection[str] | None = None,
    resamples: Resamples = 1000,
    seed: Seed = 0,
) -> Results:
    """Word similarity: Spearman's correlation of cosines with people's ratings; one result a file.

    Args:
        vectors: what to evaluate.
        files: files of rated pairs; a line is ``word1 word2 score``, perhaps with two columns of language tags.
        language: tag that the files' words have in the vectors (``en`` finds ``cat`` as ``en:cat``), for files
            without language tags of their own.
        restrict_to: only pairs of two of these words, e.g. those that have images. The total stays the file's.
        resamples: number of bootstrap samples.
        seed: seed of the bootstrap.

    Raises:
        DataError: a file cannot be read; the message says where.
    """
    results = []
    for pairs in read_all(files):
        cosines, ratings, _, missing = judged(vectors, pairs, language=language, restrict_to=restrict_to)
        n = len(ratings)
        statistic = spearman_of(cosines, ratings)
        interval = bootstrap_interval(statistic, n, resamples=resamples, seed=seed)
        details: dict[str, Any] = {
            "metric": "Spearman correlation of cosine and rating",
            "missing": missing,
            "missing_words": "pairs left out",
            "restricted": restrict_to is not None,
            "resamples": resamples,
            "seed": seed,
        }
        results.append(Result("similarity", pairs.name, score(statistic, n), n, len(pairs), interval, details))
    return Results(results)


class Judged(NamedTuple):
    """What vectors and people say of the same pairs.

    Attributes:
        cosines: float64 [n].
        ratings: float64 [n].
        positions: int64 [n], where in the file's pairs these are.
        missing: how many pairs the vectors do not cover.
    """

    cosines: np.ndarray
    ratings: np.ndarray
    positions: np.ndarray
    missing: int


def judged(
    vectors: WordVectors,
    pairs: RatedPairs,
    *,
    language: str | None = None,
    restrict_to: Collection[str] | None = None,
) -> Judged:
    """The cosines of those pairs that count, beside their ratings; arguments as in :func:`similarity`."""
    rows = rows_of_pairs(vectors, pairs, language)
    covered = (rows >= 0).all(axis=0)
    used = covered if restrict_to is None else covered & np.isin(rows, vectors.rows(restrict_to)).all(axis=0)
    missing = int((~covered).sum())
    return Judged(cosines_of_pairs(vectors, rows[:, used]), pairs.ratings[used], np.flatnonzero(used), missing)


def read_all(files: Sources) -> list[RatedPairs]:
    """One or several files, read; rated pairs stay as they are.

    Raises:
        DataError: a file cannot be read; the message says where.
        ParameterError: there is none.
    """
    sources = [files] if isinstance(files, str | os.PathLike | RatedPairs) else list(files)
    if not sources:
        raise ParameterError("similarity needs at least one file of word pairs")
    return [source if isinstance(source, RatedPairs) else read_pairs(source) for source in sources]


def rows_of_pairs(vectors: WordVectors, pairs: RatedPairs, language: str | None) -> np.ndarray:
    """int64 ``[2, n_pairs]``: the rows of the pairs' words, -1 for words that are not there."""
    tag = f"{language}:" if language else ""
    sides = []
    for words in (pairs.first, pairs.second):
        tagged = [word if ":" in word else tag + word for word in words]
        rows = vectors.rows(tagged)
        sides.append(np.where(rows >= 0, rows, vectors.rows(map(lower_word, tagged))))
    return np.stack(sides)


def cosines_of_pairs(vectors: WordVectors, rows: np.ndarray) -> np.ndarray:
    """float64 ``[n_pairs]`` of rows ``[2, n_pairs]``."""
    first, second = (unit_rows(vectors.matrix[side]).astype(np.float64) for side in rows)
    cosines: np.ndarray = np.einsum("nd,nd->n", first, second)
    return cosines
