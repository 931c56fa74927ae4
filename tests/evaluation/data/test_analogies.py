from pathlib import Path

import pytest

from wordsight.errors import DataError
from wordsight.evaluation.data.analogies import Question, read_analogies

GOOGLE = """: capital-common-countries
Athens Greece Baghdad Iraq
Athens Greece Bern Switzerland

: gram1-adjective-to-adverb
calm calmly happy happily
"""


def test_google(tmp_path: Path) -> None:
    path = tmp_path / "questions-words.txt"
    path.write_text(GOOGLE)
    first, second = read_analogies(path)
    assert (first.name, first.group, len(first.questions)) == ("capital-common-countries", "semantic", 2)
    assert (second.name, second.group) == ("gram1-adjective-to-adverb", "syntactic")
    assert first.questions[1] == Question("Athens", "Greece", "Bern", ("Switzerland",))


def test_questions_without_headings(tmp_path: Path) -> None:
    path = tmp_path / "msr.txt"
    path.write_text("good better rough rougher\n")
    (only,) = read_analogies(path)
    assert (only.name, only.group, only.questions) == ("msr", "", [Question("good", "better", "rough", ("rougher",))])


def test_bats(tmp_path: Path) -> None:
    for folder, name, text in (
        ("1_Inflectional_morphology", "I01 [noun - plural_reg]", "album\talbums\ncafe\u0301\tcafe\u0301s\nera\teras\n"),
        ("3_Encyclopedic_semantics", "E05 [animal - young]", "cat\tkitten/kitty\ndog\tpuppy/whelp\n"),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{name}.txt").write_text(text)
    plural, young = read_analogies(tmp_path)
    assert (plural.group, plural.name, len(plural.questions)) == (
        "1_Inflectional_morphology",
        "I01 [noun - plural_reg]",
        6,
    )
    assert plural.questions[0] == Question("album", "albums", "café", ("cafés",))
    assert young.questions == [
        Question("cat", "kitten", "dog", ("puppy", "whelp")),
        Question("dog", "puppy", "cat", ("kitten", "kitty")),
    ]
    assert read_analogies(tmp_path / "3_Encyclopedic_semantics")[0].group == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no analogies"),
        (": heading\n", "no analogies"),
        (": heading\na b c d\na b c\n", r"a\.txt, line 3: 3 fields"),
        ("a b\na b c d\n", r"a\.txt, line 1: 2 fields"),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "a.txt").write_text(text)
    with pytest.raises(DataError, match=message):
        read_analogies(tmp_path / "a.txt")
    with pytest.raises(DataError, match="no such"):
        read_analogies(tmp_path / "b.txt")
