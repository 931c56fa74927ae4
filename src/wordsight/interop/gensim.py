"""gensim: vectors as its KeyedVectors, and its KeyedVectors as ours."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np

from wordsight.errors import DataError
from wordsight.extras import require
from wordsight.storage.streams import existing
from wordsight.vectors.subwords import Subwords
from wordsight.vectors.word_vectors import WordVectors


def to_gensim(vectors: WordVectors) -> Any:
    """Makes a ``gensim.models.KeyedVectors`` with the same words, in the same order; the numbers are copied.

    Vectors for other words (buckets, n-grams) stay behind: KeyedVectors have none.

    Raises:
        MissingExtraError: gensim is not installed.
    """
    keyed = require("gensim.models").KeyedVectors(vectors.dim, dtype=np.float32)
    keyed.add_vectors(vectors.words, np.array(vectors.matrix))
    return keyed


def from_gensim(source: Any) -> WordVectors:
    """Makes word vectors of gensim's, or of a file that gensim saved.

    A file of gensim is a pickle: reading it runs whatever code it holds. Read only files that you trust, and save them
    in another format.

    Args:
        source: a KeyedVectors; a model such as Word2Vec or FastText; or a path (``.kv``, ``.model``). FastText's
            n-grams come along.

    Raises:
        DataError: no such file, no file of gensim, or something that has no word vectors.
        MissingExtraError: gensim is not installed.
    """
    if isinstance(source, str | os.PathLike):
        source = _unpickled(existing(source, what="file"))
    keyed = getattr(source, "wv", source)
    words, matrix = getattr(keyed, "index_to_key", None), getattr(keyed, "vectors", None)
    if words is None or not isinstance(matrix, np.ndarray):
        kind = f"{type(source).__module__}.{type(source).__qualname__}"
        raise DataError(f"{kind} has no word vectors; give a KeyedVectors of gensim, or a model with one in .wv")
    return WordVectors(map(str, words), np.array(matrix, dtype=np.float32), _subwords(keyed))


def _unpickled(path: Path) -> Any:
    try:
        return require("gensim.models").KeyedVectors.load(str(path), mmap=None)
    except Exception as error:  # of a damaged pickle comes almost anything
        raise DataError(
            f"{path} is no whole file of gensim ({type(error).__name__}: {error}); save it again"
        ) from error


def _subwords(keyed: Any) -> Subwords | None:
    """The n-grams of FastText; None where there are none."""
    matrix = getattr(keyed, "vectors_ngrams", None)
    if matrix is None or not len(matrix) or keyed.max_n < 1:
        return None
    return Subwords(max(1, int(keyed.min_n)), int(keyed.max_n), np.array(matrix, dtype=np.float32))
