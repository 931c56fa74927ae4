"""Files of word pairs with people's similarity ratings, in the layouts that they are published in.

The layout is found from the content. A line is ``word1 word2 score``, with tabs, semicolons or commas between (then
words may have blanks in them) or blanks. Two more columns may name the words' languages, ``word1 word2 score lang1
lang2``, which is the same as tagged words (``en:cat``). Known are also:

- a header, such as SimLex-999's, WordSim-353's (``combined.csv``) or Multi-SimLex's (``ENG.csv``, where the score is
  the mean of the annotators'); the columns may then stand in any order, among others;
- SimVerb-3500's ``word1 word2 POS score relation``;
- RareWords' mean score with the raters' own after it;
- MEN's lemmas, ``sun-n moon-n 43``, whose parts of speech are left out.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from wordsight.errors import DataError
from wordsight.storage.plain_text import read_text
from wordsight.storage.streams import COMPRESSED
from wordsight.text.normal_form import composed

COLUMNS = ("word1", "word2", "score", "lang1", "lang2")
"""The columns of a file without a header; the last two may be missing."""
SIMVERB = ("word1", "word2", "pos", "score", "relation")
_HEADERS = {
    "word1": {"word1", "w1", "concept1"},
    "word2": {"word2", "w2", "concept2"},
    "score": {"score", "simlex999", "humanmean", "mean", "average", "averagescore", "rating", "similarity"},
    "lang1": {"lang1"},
    "lang2": {"lang2"},
}
"""Column → what files call it, in lower case, letters and digits only."""
_WORDS = (("word1", "lang1"), ("word2", "lang2"))
_LEMMA = re.compile(r".+-[nvja]")


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
    rows = split_rows(composed(text))
    columns = header_columns(rows[0][1]) if rows else ()
    if columns:
        rows = rows[1:]
    if not rows:
        raise DataError(f"{source} has no pairs; lines 'word1 word2 score' are needed")
    columns = columns or _columns_of(rows[0][1])
    first, second, ratings = zip(*(_pair(f"{source}, line {n}", fields, columns) for n, fields in rows), strict=True)
    if all(map(_LEMMA.fullmatch, (*first, *second))):
        first, second = (tuple(word[:-2] for word in words) for words in (first, second))
    return RatedPairs(name, list(first), list(second), np.array(ratings, dtype=np.float64))


def split_rows(text: str) -> list[tuple[int, list[str]]]:
    """The fields of each line that has any, with its number; the first line says what stands between fields."""
    lines = [(number, line.strip()) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    delimiter = _delimiter(lines[0][1]) if lines else None
    return [(number, [field.strip().strip('"') for field in line.split(delimiter)]) for number, line in lines]


def _delimiter(line: str) -> str | None:
    """What stands between the fields of such a line; None for blanks."""
    return next((mark for mark, least in (("\t", 1), (";", 2), (",", 2)) if line.count(mark) >= least), None)


def header_columns(fields: Sequence[str]) -> tuple[str, ...]:
    """The columns that a header names, others as they are called in the file; empty where the line is no header."""
    plain = [re.sub(r"[^a-z0-9]", "", field.lower()) for field in fields]
    columns = [next((column for column, names in _HEADERS.items() if name in names), name) for name in plain]
    rated = "score" in columns or any(name.startswith("annotator") for name in columns)
    return tuple(columns) if {"word1", "word2"} <= set(columns) and rated else ()


def _columns_of(fields: Sequence[str]) -> tuple[str, ...]:
    """The columns of a file without a header, from its first line."""
    numbers = [math.isfinite(number(field)) for field in fields]
    if numbers == [False, False, False, True, False]:
        return SIMVERB
    if len(fields) > 3 and all(numbers[2:]):
        return COLUMNS[:3] + tuple(f"rater{i}" for i in range(1, len(fields) - 2))
    return COLUMNS[:3] if len(fields) == 3 else COLUMNS


def number(text: str) -> float:
    """The number that a text is; NaN where it is none."""
    try:
        return float(text)
    except ValueError:
        return math.nan


def _pair(where: str, fields: Sequence[str], columns: Sequence[str]) -> tuple[str, str, float]:
    if len(fields) != len(columns):
        raise DataError(f"{where}: {len(fields)} fields, but the columns are {' '.join(columns)}")
    row = dict(zip(columns, fields, strict=True))
    scores = [row[name] for name in columns if name.startswith("annotator") and row[name]]
    scores = [row["score"]] if "score" in row else scores or [""]
    bad = next((score for score in scores if not math.isfinite(number(score))), None)
    if bad is not None:
        raise DataError(f"{where}: the score is {bad!r}, not a finite number")
    if not row["word1"] or not row["word2"]:
        raise DataError(f"{where}: a word is missing")
    words = [f"{row[lang]}:{row[word]}" if row.get(lang) else row[word] for word, lang in _WORDS]
    return words[0], words[1], math.fsum(map(float, scores)) / len(scores)
