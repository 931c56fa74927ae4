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
from wordsight.evaluation.coverage import warn_of_little
from wordsight.evaluation.data.rated_pairs import RatedPairs
from wordsight.evaluation.data.rated_sets import read_sets
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
    """Word similarity: Spearman's correlation of cosines with people's ratings; one result a data set.

    Most files hold one data set. Where the vectors cover little of one, a line says what may be the reason.

    Args:
        vectors: what to evaluate.
        files: files of rated pairs in any published layout; the simplest is ``word1 word2 score`` in each line.
        language: tag that the files' words have in the vectors (``en`` finds ``cat`` as ``en:cat``), for files
            without language tags of their own; of a file in many languages it is the one that is judged.
        restrict_to: only pairs of two of these words, e.g. those that have images. The total stays the file's.
        resamples: number of bootstrap samples.
        seed: seed of the bootstrap.

    Raises:
        DataError: a file cannot be read; the message says where.
    """
    results = []
    for pairs in read_all(files, language):
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
        asked = [*tagged(pairs.first, vectors, language), *tagged(pairs.second, vectors, language)]
        if reason := warn_of_little(pairs.name, len(pairs) - missing, len(pairs), asked, vectors):
            details["hint"] = reason
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


def read_all(files: Sources, language: str | None = None) -> list[RatedPairs]:
    """The data sets of one or several files; rated pairs stay as they are.

    Args:
        files: the files.
        language: of files in many languages, the one that is wanted; None: all.

    Raises:
        DataError: a file cannot be read; the message says where.
        ParameterError: there is none.
    """
    sources = [files] if isinstance(files, str | os.PathLike | RatedPairs) else list(files)
    if not sources:
        raise ParameterError("similarity needs at least one file of word pairs")
    sets = [[source] if isinstance(source, RatedPairs) else read_sets(source, language) for source in sources]
    return [pairs for several in sets for pairs in several]


def rows_of_pairs(vectors: WordVectors, pairs: RatedPairs, language: str | None) -> np.ndarray:
    """int64 ``[2, n_pairs]``: the rows of the pairs' words, -1 for words that are not there."""
    sides = (tagged(words, vectors, language) for words in (pairs.first, pairs.second))
    return np.stack([rows_in_any_case(vectors, words) for words in sides])


def tagged(words: Sequence[str], vectors: WordVectors, language: str | None) -> list[str]:
    """The words with the language's tag, where the vectors' words have tags and these have none yet."""
    if language is None or not vectors.languages:
        return list(words)
    return [word if ":" in word else f"{language}:{word}" for word in words]


def rows_in_any_case(vectors: WordVectors, words: Sequence[str]) -> np.ndarray:
    """int64 ``[n_words]``: the row of each word, else that of its lower case, else -1."""
    rows = vectors.rows(words)
    found: np.ndarray = np.where(rows >= 0, rows, vectors.rows(map(lower_word, words)))
    return found


def cosines_of_pairs(vectors: WordVectors, rows: np.ndarray) -> np.ndarray:
    """float64 ``[n_pairs]`` of rows ``[2, n_pairs]``."""
    first, second = (unit_rows(vectors.matrix[side]).astype(np.float64) for side in rows)
    cosines: np.ndarray = np.einsum("nd,nd->n", first, second)
    return cosines
