"""Matching: an image's word among 100 words, and a word's image among 100 images.

Luo: Exploration on Grounded Word Embedding: Matching Words and Images with Image-Enhanced Skip-Gram Model. 2018
(arXiv:1809.02765).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import numpy as np

from wordsight.evaluation.data.candidates import Candidates
from wordsight.evaluation.metrics.precision import precision_result
from wordsight.evaluation.result import Result, Results
from wordsight.evaluation.task_inputs import Given, ImagesInSpace, Resamples, Seed, images_in_space
from wordsight.vectors.word_vectors import WordVectors

RANKS = (1, 5, 10)
DIRECTIONS = ("image-to-word", "word-to-image")


def matching(
    vectors: WordVectors,
    images: ImagesInSpace,
    candidates: Annotated[Candidates | str | os.PathLike[str], Given("FILE", Path)],
    *,
    resamples: Resamples = 1000,
    seed: Seed = 0,
) -> Results:
    """Matching: an image's word among 100 words, and a word's image among 100 images (P@1, P@5, P@10).

    Nearness is cosine; a wrong answer that is as near as the right one counts as
    nearer. Questions whose word or image has no vector are left out, and coverage is the share of the others; a wrong
    answer without a vector is never found.

    Args:
        vectors: words, of any library.
        images: images in the space of the words, by their ids.
        candidates: the questions, or the JSON file that ``Candidates.save`` wrote.
        resamples: number of bootstrap samples.
        seed: seed of the bootstrap.

    Returns:
        Two results, of the data sets ``image-to-word`` and ``word-to-image``.

    Raises:
        DataError: the vectors do not fit together or are not finite, or the file is none of candidates.
    """
    if not isinstance(candidates, Candidates):
        candidates = Candidates.load(candidates)
    space = images_in_space(vectors, images)
    facts = {"candidates_fingerprint": candidates.fingerprint, "candidates_seed": candidates.seed}
    return Results(
        _result(direction, scores, resamples, seed, facts)
        for direction, scores in zip(DIRECTIONS, answers(vectors, space, candidates), strict=True)
    )


def answers(
    vectors: WordVectors, images: WordVectors, candidates: Candidates, *, cosine: bool = True
) -> tuple[np.ndarray, np.ndarray]:
    """The nearness of each question's candidates, NaN for those without a vector; the right answer stands last.

    Args:
        vectors: words.
        images: images in the space of the words, by their ids.
        candidates: the questions.
        cosine: whether nearness is the cosine; else it is the inner product.

    Returns:
        From images to words and from words to images, each float32 [n_questions, n_candidates].
    """
    words, rows = vectors.rows(candidates.words), images.rows(candidates.image_ids)
    seen, known = (images.unit, vectors.unit) if cosine else (images.matrix, vectors.matrix)
    nearness = seen[rows] @ known[words].T
    nearness[:, words < 0] = np.nan
    nearness[rows < 0] = np.nan
    order, right = np.arange(len(candidates))[:, None], candidates.right_words[:, None]
    to_words = nearness[order, np.hstack([candidates.other_words, right])]
    return to_words, nearness[np.hstack([candidates.other_images, order]), right]


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
