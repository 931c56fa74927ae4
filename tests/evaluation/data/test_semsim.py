"""The reader of SemSim and VisSim."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from wordsight.errors import DataError
from wordsight.evaluation.data.semsim import read_semsim
from wordsight.evaluation.tasks.similarity import similarity
from wordsight.vectors.word_vectors import WordVectors


def test_reads_both_ratings(tmp_path: Path) -> None:
    path = tmp_path / "judgements.txt"
    path.write_text("WORDPAIR\tSEMANTIC\tVISUAL\ncat#dog\t3\t1.5\ncat#bus\t1\t1\ndog#bus\t1.2\t2\n")
    semantic, visual = read_semsim(path)
    assert semantic.name == "SemSim" and visual.name == "VisSim"
    assert list(zip(semantic.first, semantic.second, semantic.ratings, visual.ratings, strict=True)) == [
        ("cat", "dog", 3.0, 1.5),
        ("cat", "bus", 1.0, 1.0),
        ("dog", "bus", 1.2, 2.0),
    ]
    vectors = WordVectors(["cat", "dog", "bus"], np.array([[1, 0], [1, 0.1], [0.2, 1]], dtype=np.float32))
    results = similarity(vectors, [semantic, visual])
    assert results["SemSim"].score == 1.0 and results["VisSim"].score == pytest.approx(0.5)  # ranks 3 1 2 against 2 1 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "first line must be"),
        ("cat#dog 1 2\n", "first line must be"),
        ("WORDPAIR SEMANTIC VISUAL\n", "no pairs"),
        ("WORDPAIR SEMANTIC VISUAL\ncat#dog 1 2\ncat dog 1 2\n", "line 3"),
        ("WORDPAIR SEMANTIC VISUAL\ncat#dog 1\n", "line 2"),
        ("WORDPAIR SEMANTIC VISUAL\ncat#dog 1 nan\n", "line 2"),
    ],
)
def test_refuses_other_files(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "judgements.txt"
    path.write_text(text)
    with pytest.raises(DataError, match=message):
        read_semsim(path)
