from pathlib import Path

import numpy as np
import pytest

from wordsight.errors import DataError, UnknownNameError
from wordsight.evaluation.data.rated_sets import read_sets
from wordsight.evaluation.registry import evaluate
from wordsight.vectors.word_vectors import WordVectors


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "translation.csv").write_text(
        "ID,ENG 1,ENG 2,FRA 1,FRA 2\n1,dog,cat,chien,chat\n2,sun,tea,soleil,the\u0301\n"
    )
    (tmp_path / "scores.csv").write_text("ID,ENG,FRA\n1,2.5,3\n2,0.5,1\n")
    return tmp_path


def test_multi_simlex_is_a_set_a_language(folder: Path) -> None:
    english, french = read_sets(folder / "translation.csv")
    assert (english.name, english.first, english.second) == (
        "Multi-SimLex ENG", ["en:dog", "en:sun"], ["en:cat", "en:tea"]
    )  # fmt: skip
    assert french.second == ["fr:chat", "fr:thé"]
    np.testing.assert_array_equal(french.ratings, [3, 1])
    (only,) = read_sets(folder / "translation.csv", "fr")
    assert only.first == ["chien", "soleil"]


def test_one_language_of_several_is_judged(folder: Path) -> None:
    words = ["chien", "chat", "soleil", "thé"]
    for tag in ("", "fr:"):
        space = WordVectors([tag + word for word in words], np.eye(4))
        result = evaluate(space, "similarity", files=folder / "translation.csv", language="fr").only
        assert (result.n, result.total) == (2, 2)


def test_files_that_do_not_fit_are_refused(folder: Path) -> None:
    with pytest.raises(UnknownNameError, match="has en, fr"):
        read_sets(folder / "translation.csv", "sw")
    (folder / "scores.csv").write_text("ID,ENG,FRA\n1,2.5,3\n")
    with pytest.raises(DataError, match=r"2 pairs, but .*1; they must be of one release"):
        read_sets(folder / "translation.csv")
    (folder / "scores.csv").unlink()
    with pytest.raises(DataError, match=r"no such .*scores\.csv"):
        read_sets(folder / "translation.csv")


def test_semsim_is_two_sets_and_others_are_one(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("WORDPAIR SEMANTIC VISUAL\nairplane#helicopter 3.8 3.2\n")
    assert [pairs.name for pairs in read_sets(path)] == ["SemSim", "VisSim"]
    path.write_text("sun moon 7.5\n")
    assert [pairs.name for pairs in read_sets(path)] == ["a"]
