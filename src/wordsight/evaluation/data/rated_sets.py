"""All data sets of rated pairs in a file: one in most files, two in SemSim's, one a language in Multi-SimLex's."""

from __future__ import annotations

import os
from pathlib import Path

from wordsight.evaluation.data.multi_simlex import has_translations, read_translations
from wordsight.evaluation.data.rated_pairs import RatedPairs, read_pairs
from wordsight.evaluation.data.semsim import is_semsim, read_semsim
from wordsight.storage.plain_text import read_text


def read_sets(path: str | os.PathLike[str], language: str | None = None) -> list[RatedPairs]:
    """Reads a file of rated pairs in any published layout, found by its content.

    Args:
        path: the file.
        language: of several languages in one file, the one that is wanted, by its tag; None: all of them.

    Raises:
        DataError: it cannot be read; the message names the line.
        UnknownNameError: the file has several languages, but not this one.
    """
    path = Path(path)
    header = read_text(path).lstrip().partition("\n")[0].strip()
    if is_semsim(header):
        return list(read_semsim(path))
    if has_translations(header.split(",")):
        return read_translations(path, language)
    return [read_pairs(path)]
