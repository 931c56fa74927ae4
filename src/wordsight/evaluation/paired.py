"""Compares two spaces on the word pairs that both cover."""

from __future__ import annotations

from wordsight.evaluation.coverage import warn_of_little
from wordsight.evaluation.metrics.statistics import paired_bootstrap, score, spearman_of
from wordsight.evaluation.registry import check_vectors
from wordsight.evaluation.result import Comparison, Comparisons
from wordsight.evaluation.tasks.similarity import Sources, cosines_of_pairs, read_all, rows_of_pairs, tagged
from wordsight.vectors.word_vectors import WordVectors


def compare(
    a: WordVectors,
    b: WordVectors,
    files: Sources,
    *,
    language: str | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> Comparisons:
    """Compares two spaces on word similarity, pair by pair; one comparison a file.

    Only pairs that both spaces cover count, and each bootstrap sample draws the same pairs for both.

    Args:
        a: one space.
        b: another.
        files: one or several files of rated pairs, or such pairs.
        language: tag that the files' words have in the vectors (``en`` finds ``cat`` as ``en:cat``).
        resamples: number of bootstrap samples.
        seed: seed of the bootstrap.

    Raises:
        DataError: a file cannot be read; the message says where.
        ParameterError: a or b is no WordVectors, or there is no file.
    """
    for space in (a, b):
        check_vectors(space, "compare")
    comparisons = []
    for pairs in read_all(files, language):
        rows_a, rows_b = (rows_of_pairs(space, pairs, language) for space in (a, b))
        for space, rows in ((a, rows_a), (b, rows_b)):
            words = tagged([*pairs.first, *pairs.second], space, language)
            warn_of_little(pairs.name, int((rows >= 0).all(axis=0).sum()), len(pairs), words, space)
        used = ((rows_a >= 0) & (rows_b >= 0)).all(axis=0)
        n, ratings = int(used.sum()), pairs.ratings[used]
        rho_a = spearman_of(cosines_of_pairs(a, rows_a[:, used]), ratings)
        rho_b = spearman_of(cosines_of_pairs(b, rows_b[:, used]), ratings)
        interval = paired_bootstrap(rho_a, rho_b, n, resamples=resamples, seed=seed)
        scores = score(rho_a, n), score(rho_b, n)
        comparisons.append(Comparison("similarity", pairs.name, *scores, n, len(pairs), interval))
    return Comparisons(comparisons)
