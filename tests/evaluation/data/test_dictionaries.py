from pathlib import Path

import pytest

from wordsight.errors import DataError
from wordsight.evaluation.data.dictionaries import name_pairs, one_word_names, read_dictionary


def test_a_dictionary_file(tmp_path: Path) -> None:
    path = tmp_path / "en-de.0-5000.txt"
    path.write_text("1 1\n2\t2\n\n3   3\nno nein\n")
    assert read_dictionary(path) == [("1", "1"), ("2", "2"), ("3", "3"), ("no", "nein")]
    path.write_text("1 1\n2 2 2\n")
    with pytest.raises(DataError, match=r"line 2: 3 fields, but a line is 'source target'"):
        read_dictionary(path)
    path.write_text("\n")
    with pytest.raises(DataError, match="has no pairs"):
        read_dictionary(path)
    path.write_bytes(b"a b\n\xff c\n")
    with pytest.raises(DataError, match="line 2: not UTF-8"):
        read_dictionary(path)


def test_name_pairs_are_the_one_word_names_of_both() -> None:
    english = {"🐱": "Cat", "🐶": "dog", "🌃": "night with stars", "🦊": "fox"}
    german = {"🐱": "Katze", "🐶": "Hund", "🌃": "Sternenhimmel", "🦊": "roter Fuchs", "🥨": "Brezel"}
    assert name_pairs(english, german) == [("cat", "katze"), ("dog", "hund")]
    assert one_word_names(german) == {"🐱": "katze", "🐶": "hund", "🌃": "sternenhimmel", "🥨": "brezel"}
