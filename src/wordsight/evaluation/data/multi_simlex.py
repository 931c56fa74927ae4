"""Multi-SimLex: 1,888 pairs of words in twelve and more languages, rated by their speakers.

Vulić et al.: Multi-SimLex: A Large-Scale Evaluation of Multilingual and Crosslingual Lexical Semantic Similarity.
Computational Linguistics 46(4), 2020. Two files stand beside each other: ``translation.csv`` has the words (columns
``ENG 1``, ``ENG 2``, ``FRA 1``, …), ``scores.csv`` their mean ratings (columns ``ENG``, ``FRA``, …), line by line. A
file of one language, such as ``ENG.csv``, is read by :mod:`wordsight.evaluation.data.rated_pairs`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from wordsight.errors import DataError, unknown_name
from wordsight.evaluation.data.rated_pairs import RatedPairs
from wordsight.storage.tables import Table, read_table
from wordsight.text.normal_form import composed

CODES = {
    "ARA": "ar", "CMN": "zh", "CYM": "cy", "ENG": "en", "EST": "et", "FIN": "fi", "FRA": "fr", "HEB": "he",
    "POL": "pl", "RUS": "ru", "SPA": "es", "SWA": "sw", "YUE": "yue",
}  # fmt: skip
"""The files' language code → the tag of words."""
SCORES = "scores.csv"


def has_translations(columns: Sequence[str]) -> bool:
    """Whether these are the columns of ``translation.csv``."""
    return bool(_languages(columns))


def _languages(columns: Sequence[str]) -> list[str]:
    return [name[:-2] for name in columns if name.endswith(" 1") and f"{name[:-2]} 2" in columns and name != "Word 1"]


def read_translations(path: Path, language: str | None = None) -> list[RatedPairs]:
    """Reads ``translation.csv`` and the ``scores.csv`` beside it.

    Args:
        path: of ``translation.csv``.
        language: tag of the one language that is wanted; its words are untagged. None: all, with tags (``en:cat``).

    Raises:
        DataError: a file is missing, or the two do not fit each other.
        UnknownNameError: the file lacks the language.
    """
    words = read_table(path)
    scores = read_table(path.with_name(SCORES))
    if len(words) != len(scores):
        raise DataError(f"{path} has {len(words)} pairs, but {scores.path} {len(scores)}; they must be of one release")
    codes = {CODES.get(code, code.lower()): code for code in _languages(list(words.columns))}
    if language is None:
        return [_set(words, scores, code, f"{tag}:") for tag, code in codes.items()]
    if language not in codes:
        raise unknown_name("language", language, codes, hint=f"{path} has {', '.join(codes)}")
    return [_set(words, scores, codes[language], "")]


def _set(words: Table, scores: Table, code: str, tag: str) -> RatedPairs:
    first, second = ([tag + composed(word) for word in words.column(f"{code} {side}")] for side in (1, 2))
    scores.column(code)  # says what is there, where it is not
    return RatedPairs(f"Multi-SimLex {code}", first, second, np.array(scores.numbers(code, default=float("nan"))))
