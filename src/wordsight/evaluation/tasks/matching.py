"""Matching: an image's word among 100 words, and a word's image among 100 images.

Luo: Exploration on Grounded Word Embedding: Matching Words and Images with Image-Enhanced Skip-Gram Model. 2018
(arXiv:1809.02765).
"""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np

from wordsight.errors import DataError
from wordsight.evaluation.data.candidates import Candidates
from wordsight.evaluation.metrics.precision import precision_result
from wordsight.evaluation.result import Result, Results
from wordsight.vectors.search import unit_rows
from wordsight.vectors.word_vectors import WordVectors

RANKS = (1, 5, 10)
DIRECTIONS = ("image-to-word", "word-to-image")


def matching(
    vectors: WordVectors,
    images: np.ndarray,
    image_ids: Sequence[str],
    candidates: Candidates | str | os.PathLike[str],
    *,
    resamples: int = 1000,
    seed: int = 0,
) -> Results:
    """How often the right word is the nearest of an image's candidates, and the right image of a word's (P@1).

    P@5 and P@10 are in the details. Nearness is cosine; a wrong answer that is as near as the right one counts as
    nearer. Questions whose word or image has no vector are left out, and coverage is the share of the others; a wrong
    answer without a vector is never found.

    Args:
        vectors: words, of any library.
        images: float [n_images, dim], images in the space of the words, e.g. from ``IESG.image_vectors``.
        image_ids: the id of each.
        candidates: the questions, or the file they were saved in.
        resamples: of the bootstrap.
        seed: of the bootstrap.

    Returns:
        Two results, of the data sets ``image-to-word`` and ``word-to-image``.

    Raises:
        DataError: the vectors do not fit together or are not finite, or the file is none of candidates.
    """
    if not isinstance(candidates, Candidates):
        candidates = Candidates.load(candidates)
    facts = {"candidates_fingerprint": candidates.fingerprint, "candidates_seed": candidates.seed}
    return Results(
        _result(direction, scores, resamples, seed, facts)
        for direction, scores in zip(DIRECTIONS, answers(vectors, images, image_ids, candidates), strict=True)
    )


def answers(
    vectors: WordVectors, images: np.ndarray, image_ids: Sequence[str], candidates: Candidates
) -> tuple[np.ndarray, np.ndarray]:
    """The cosine of each question's candidates, NaN for those without a vector; the right answer stands last.

    Args:
        vectors: words.
        images: float [n_images, dim].
        image_ids: the id of each.
        candidates: the questions.

    Returns:
        From images to words and from words to images, each [n_questions, n_candidates].

    Raises:
        DataError: the vectors do not fit together or are not finite.
    """
    if images.ndim != 2 or len(images) != len(image_ids) or images.shape[1] != vectors.dim:
        shape = f"{list(images.shape)} for {len(image_ids)} ids"
        raise DataError(f"the images are {shape}, but the words have {vectors.dim} numbers each")
    unit = unit_rows(images)
    if not np.isfinite(unit).all():
        bad = image_ids[int(np.flatnonzero(~np.isfinite(unit).all(axis=1))[0])]
        raise DataError(f"the vector of image {bad!r} is not finite (NaN or infinite); training may have diverged")
    row_of = {image: row for row, image in enumerate(image_ids)}
    rows = np.array([row_of.get(image, -1) for image in candidates.image_ids])
    cosines = unit[rows] @ vectors.unit[vectors.rows(candidates.words)].T
    cosines[:, vectors.rows(candidates.words) < 0] = np.nan
    cosines[rows < 0] = np.nan
    order, right = np.arange(len(candidates))[:, None], candidates.right_words[:, None]
    to_words = cosines[order, np.hstack([candidates.other_words, right])]
    return to_words, cosines[np.hstack([candidates.other_images, order]), right]


def _result(direction: str, scores: np.ndarray, resamples: int, seed: int, facts: dict[str, object]) -> Result:
    asked = scores[~np.isnan(scores[:, -1])]
    # A stable sort puts the right answer, which stands last, behind its equals; what is missing (NaN) goes to the end.
    found = np.argsort(-asked, axis=1, kind="stable")
    last = scores.shape[1] - 1
    return precision_result(
        "matching",
        direction,
        found,
        [{last}] * len(asked),
        n_candidates=scores.shape[1],
        total=len(scores),
        ranks=RANKS,
        resamples=resamples,
        seed=seed,
        details={**facts, "missing_words": "questions left out"},
    )
