"""Naming: the word that is nearest to an image, checked against the image's name."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from wordsight.errors import DataError, ParameterError, unknown_name
from wordsight.evaluation.coverage import warn_of_little
from wordsight.evaluation.metrics.precision import precision_result
from wordsight.evaluation.result import Results
from wordsight.evaluation.task_inputs import Given, ImagesInSpace, LanguageTag, Resamples, Seed, images_in_space
from wordsight.storage.tables import IMAGE_COLUMNS, read_table
from wordsight.text.normal_form import lower
from wordsight.vectors.word_vectors import WordVectors

RANKS = (1, 5, 10)


def naming(
    vectors: WordVectors,
    images: ImagesInSpace,
    names: Annotated[Mapping[str, str] | str | os.PathLike[str], Given("TABLE", Path)],
    *,
    language: LanguageTag = None,
    name: str | None = None,
    resamples: Resamples = 1000,
    seed: Seed = 0,
) -> Results:
    """Image naming: how often an image's name is the nearest of all words (P@1, P@5, P@10).

    Images whose name has no vector are left out; coverage is the share of the others. Images without a name are not
    asked.

    Args:
        vectors: words, tagged with their language (``en:cat``) if one is given.
        images: images in the space of the words, by their ids.
        names: image id → its name, one word without a tag, upper case counting as lower; or a table with the columns
            image and name.
        language: tag of the words to choose from; None: all words.
        name: name of the data set; None for the language.
        resamples: number of bootstrap samples.
        seed: seed of the bootstrap.

    Raises:
        ParameterError: no image has a name.
        DataError: vectors of another length than the words', or a file that cannot be read.
        UnknownNameError: a name is given to an image that is not there, or no word has this language.
    """
    space = images_in_space(vectors, images)
    if not isinstance(names, Mapping):
        names = read_names(names)
    if not names:
        raise ParameterError("naming needs at least one image with a name")
    shown = space.rows(names)
    if (shown < 0).any():
        raise unknown_name("image", list(names)[int(shown.argmin())], space.words, hint="it has no vector")
    tag = f"{language}:" if language else ""
    words = [tag + lower(word, language) for word in names.values()]
    rows = vectors.rows(words)
    known = rows >= 0
    warn_of_little(name or language or "images", int(known.sum()), len(words), words, vectors)
    found = vectors.nearest(space.matrix[shown[known]], max(RANKS), language=language)[0]
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


def read_names(path: str | os.PathLike[str]) -> dict[str, str]:
    """Image → its name, from a table with the columns ``image`` (or ``path``) and ``name`` (or ``word``).

    Raises:
        DataError: the table cannot be read, lacks a column, or names an image twice.
    """
    table = read_table(path)
    images, names = table.column(*IMAGE_COLUMNS), table.column("name", "word")
    found = dict(zip(images, names, strict=True))
    if len(found) < len(images):
        twice = next(image for i, image in enumerate(images) if image in images[:i])
        raise DataError(f"{path} names the image {twice!r} twice; naming takes one name an image")
    return found
