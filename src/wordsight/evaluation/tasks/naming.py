"""Naming: the word that is nearest to an image, checked against the image's name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wordsight.errors import DataError, ParameterError
from wordsight.evaluation.metrics.precision import precision_result
from wordsight.evaluation.result import Results
from wordsight.vectors.word_vectors import WordVectors

RANKS = (1, 5, 10)


def naming(
    vectors: WordVectors,
    images: np.ndarray,
    names: Sequence[str],
    *,
    language: str | None = None,
    name: str | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> Results:
    """How often an image's name is the nearest (P@1; P@5 and P@10 in the details) of all words of a language.

    Images whose name has no vector are left out; coverage is the share of the others.

    Args:
        vectors: words, tagged with their language (``en:cat``) if one is given.
        images: float [n_images, dim], images in the space of the words, e.g. from ``ImageVec.image_vectors``.
        names: the name of each image: one word, untagged; upper case counts as lower.
        language: tag of the words to choose from; None: all words.
        name: of the data set; None for the language.
        resamples: of the bootstrap.
        seed: of the bootstrap.

    Raises:
        ParameterError: there are no images, or not one name for each.
        DataError: vectors of another length than the words', or not finite.
        UnknownNameError: no word has this language.
    """
    if len(images) != len(names) or not len(names):
        raise ParameterError(f"naming needs images and one name for each, not {len(images)} images, {len(names)} names")
    if images.ndim != 2 or images.shape[1] != vectors.dim:
        raise DataError(f"the images are {list(images.shape)}, but the words have {vectors.dim} numbers each")
    tag = f"{language}:" if language else ""
    rows = vectors.rows(tag + word.lower() for word in names)
    known = rows >= 0
    found = vectors.nearest(images[known], max(RANKS), language=language)[0]
    result = precision_result(
        "naming",
        name or language or "images",
        found,
        [{row} for row in rows[known].tolist()],
        n_candidates=len(vectors.restricted(language)) if language else len(vectors),
        total=len(names),
        ranks=RANKS,
        resamples=resamples,
        seed=seed,
        details={"language": language, "missing_words": "images left out"},
    )
    return Results([result])
