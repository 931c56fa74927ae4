"""GloVe's text format (Pennington et al., 2014): lines ``word number … number``, no header."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path

import numpy as np

from wordsight.errors import DataError
from wordsight.storage.streams import reading
from wordsight.vectors.formats.rows import NUMBER, gather, text_blocks
from wordsight.vectors.formats.word2vec import header


def read(path: Path, *, limit: int | None = None) -> tuple[list[str], np.ndarray]:
    """Words and matrix float32 ``[n_words, dim]``; dim is how many numbers end the first line.

    Raises:
        DataError: missing, damaged or cut off; the message says where.
    """
    with reading(path) as stream:
        line = stream.readline(2**20)
    if not line.strip():
        raise DataError(f"{path} is empty; lines with a word and numbers are needed")
    if header(line) is not None:
        raise DataError(f"{path}, line 1: a header 'n_words dim', so this is no GloVe file; use from_word2vec")
    _word, *fields = line.split()
    dim = len(list(takewhile(NUMBER.fullmatch, reversed(fields))))
    if not dim:
        raise DataError(f"{path}, line 1: no numbers after the word; this is no file of word vectors")
    with reading(path) as stream:
        blocks = text_blocks(stream, path, dim, line=1)
        return gather(path, blocks, dim=dim, announced=None, limit=limit, unit="line", first=1)
