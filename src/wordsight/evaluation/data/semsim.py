"""SemSim and VisSim: 7,576 pairs of nouns, rated for the similarity of what they mean and of how they look.

Silberer, Lapata: Learning Grounded Meaning Representations with Autoencoders. ACL 2014. Their one file has a header
``WORDPAIR SEMANTIC VISUAL`` and lines such as ``airplane#helicopter 3.8 3.2``, separated by tabs or blanks.
"""

from __future__ import annotations

import math
import os

import numpy as np

from wordsight.errors import DataError
from wordsight.evaluation.data.rated_pairs import RatedPairs
from wordsight.storage.plain_text import read_text

HEADER = ("wordpair", "semantic", "visual")


def is_semsim(header: str) -> bool:
    """Whether a file with this first line is SemSim/VisSim's."""
    return tuple(header.lower().split()) == HEADER


def read_semsim(path: str | os.PathLike[str]) -> tuple[RatedPairs, RatedPairs]:
    """Reads the published file: the pairs with their semantic ratings (SemSim), and with their visual ones (VisSim).

    Raises:
        DataError: missing, empty, another header, or a line that is no pair with two finite numbers (names the line).
    """
    lines = [(number, line.split()) for number, line in enumerate(read_text(path).split("\n"), start=1) if line.strip()]
    if not lines or not is_semsim(" ".join(lines[0][1])):
        raise DataError(f"{path} is not SemSim/VisSim's file: its first line must be {' '.join(HEADER).upper()}")
    if len(lines) == 1:
        raise DataError(f"{path} has no pairs below its header")
    first, second, semantic, visual = zip(*(_pair(f"{path}, line {n}", fields) for n, fields in lines[1:]), strict=True)
    return (
        RatedPairs("SemSim", list(first), list(second), np.array(semantic)),
        RatedPairs("VisSim", list(first), list(second), np.array(visual)),
    )


def _pair(where: str, fields: list[str]) -> tuple[str, str, float, float]:
    words = fields[0].split("#")
    try:
        semantic, visual = map(float, fields[1:])
    except ValueError:
        semantic = visual = math.nan
    if len(words) != 2 or not all(words) or not (math.isfinite(semantic) and math.isfinite(visual)):
        raise DataError(f"{where}: {' '.join(fields)!r} is not of the form word#word number number")
    return words[0], words[1], semantic, visual
