"""Files of word pairs with people's similarity ratings.

A line is ``word1 word2 score``, separated by tabs (then words may have blanks in them) or by blanks; two more columns
may name the words' languages, ``word1 word2 score lang1 lang2``, which is the same as tagged words (``en:cat``).
A header line may name the columns (word1, word2 and score at least); then they may stand in any order, among others.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from wordsight.errors import DataError
from wordsight.storage.plain_text import read_text
from wordsight.storage.streams import COMPRESSED

COLUMNS = ("word1", "word2", "score", "lang1", "lang2")
"""The columns of a file without a header; the last two may be missing."""
_WORDS = (("word1", "lang1"), ("word2", "lang2"))


@dataclass(frozen=True)
class RatedPairs:
    """Word pairs and their ratings.

    Attributes:
        name: of the data set: the file's name without its ending.
        first: the first words, with a language tag where the file has one.
        second: the second words.
        ratings: float64 ``[n_pairs]``, higher being more similar.
    """

    name: str
    first: list[str]
    second: list[str]
    ratings: np.ndarray

    def __len__(self) -> int:
        return len(self.first)


def read_pairs(path: str | os.PathLike[str]) -> RatedPairs:
    """Reads a file of rated pairs (plain, .gz, .xz or .bz2).

    Raises:
        DataError: missing, empty, not UTF-8, a line with other columns or a score that is no finite number; the message
            names the line.
    """
    path = Path(path)
    name = path.with_suffix("") if path.suffix.lower() in COMPRESSED else path
    return parse_pairs(read_text(path), name.stem, str(path))


def parse_pairs(text: str, name: str, source: str) -> RatedPairs:
    """Parses the content of a file of rated pairs.

    Args:
        text: the content.
        name: of the data set.
        source: where the text is from, for messages.

    Raises:
        DataError: no pairs, a line with other columns or a score that is no finite number; the message names the line.
    """
    rows = [(number, _fields(line)) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    columns: Sequence[str] = COLUMNS
    if rows and set(COLUMNS[:3]) <= set(rows[0][1]):
        columns = rows.pop(0)[1]
    if not rows:
        raise DataError(f"{source} has no pairs; lines 'word1 word2 score' are needed")
    if columns is COLUMNS and len(rows[0][1]) == 3:
        columns = COLUMNS[:3]
    first, second, ratings = zip(*(_pair(f"{source}, line {n}", fields, columns) for n, fields in rows), strict=True)
    return RatedPairs(name, list(first), list(second), np.array(ratings, dtype=np.float64))


def _fields(line: str) -> list[str]:
    line = line.strip()
    return [field.strip() for field in line.split("\t")] if "\t" in line else line.split()


def _pair(where: str, fields: list[str], columns: Sequence[str]) -> tuple[str, str, float]:
    if len(fields) != len(columns):
        raise DataError(f"{where}: {len(fields)} fields, but the columns are {' '.join(columns)}")
    row = dict(zip(columns, fields, strict=True))
    try:
        rating = float(row["score"])
    except ValueError:
        rating = math.nan
    if not math.isfinite(rating):
        raise DataError(f"{where}: the score is {row['score']!r}, not a finite number")
    words = [f"{row[lang]}:{row[word]}" if row.get(lang) else row[word] for word, lang in _WORDS]
    if not row["word1"] or not row["word2"]:
        raise DataError(f"{where}: a word is missing")
    return words[0], words[1], rating
