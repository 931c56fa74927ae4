"""spaCy: a pipeline's vocabulary gets our vectors, and its vectors become ours."""

from __future__ import annotations

from typing import Any

import numpy as np

from wordsight.errors import DataError
from wordsight.extras import require
from wordsight.text.language_tags import without_tags
from wordsight.vectors.word_vectors import WordVectors


def to_spacy(vectors: WordVectors, pipeline: Any) -> Any:
    """Gives a pipeline these vectors instead of its own; ``pipeline.to_disk(…)`` saves it with them.

    The words of one language lose their tags. Words with blanks are in the vocabulary too; a text finds them where the
    tokenizer keeps them together.

    Args:
        vectors: of one language, see :meth:`WordVectors.restricted`.
        pipeline: a pipeline of spaCy, such as ``spacy.blank("en")``.

    Returns:
        The pipeline.

    Raises:
        DataError: the words are of several languages, or one is empty.
        MissingExtraError: spaCy is not installed.
    """
    words, _ = without_tags(vectors.words)
    if "" in words:
        raise DataError("one of the words is empty, which spaCy's vocabulary cannot hold; leave it out")
    strings = pipeline.vocab.strings
    keys = [strings.add(word) for word in words]
    table = require("spacy.vectors").Vectors(strings=strings, data=np.array(vectors.matrix), keys=keys)
    table.name = f"{pipeline.lang}_wordsight.vectors"
    pipeline.vocab.vectors = table
    return pipeline


def from_spacy(pipeline: Any) -> WordVectors:
    """Makes word vectors of those of a pipeline, such as ``spacy.load("en_core_web_md")``.

    Raises:
        DataError: the pipeline has no vectors, or vectors of n-grams only (spaCy's mode floret).
    """
    table = pipeline.vocab.vectors
    if table.mode != "default" or not table.n_keys:
        has = "vectors of n-grams only" if table.mode != "default" else "no word vectors"
        raise DataError(f"the pipeline {pipeline.meta['name']} has {has}; take one with word vectors")
    rows = {key: row for key, row in table.key2row.items() if row >= 0}
    return WordVectors([pipeline.vocab.strings[key] for key in rows], np.asarray(table.data)[list(rows.values())])
