import logging
from pathlib import Path

import numpy as np
import pytest

from wordsight.evaluation.data.rated_pairs import RatedPairs
from wordsight.evaluation.paired import compare
from wordsight.evaluation.registry import evaluate
from wordsight.vectors.word_vectors import WordVectors

PAIRS = "dog\tcat\t8\nsun\tmoon\t6\nhouse\tgoose\t1\nfire\twater\t3\n"
WORDS = ["dog", "cat", "sun", "moon", "house", "goose", "fire", "water"]


def space(words: list[str]) -> WordVectors:
    return WordVectors(words, np.random.default_rng(0).normal(size=(len(words), 4)))


@pytest.mark.parametrize(
    ("words", "pairs", "hint"),
    [
        ([f"en:{word}" for word in WORDS], PAIRS, "language tags such as 'en:dog': say language en"),
        ([f"de:{word}" for word in WORDS], PAIRS, "language tags such as 'de:dog': say language de"),
        (WORDS, PAIRS.replace("\t", "\ten:", 1).replace("dog", "en:dog"), "'en:dog', but the vectors' have none"),
        ([word.capitalize() for word in WORDS], PAIRS, "a capital letter, such as 'Dog'"),
        ([f"{word}_NOUN" for word in WORDS], PAIRS, "marks, such as 'dog_NOUN'"),
        ([f"{word}-n" for word in WORDS], PAIRS, "marks, such as 'dog-n'"),
        ([f"/c/en/{word}" for word in WORDS], PAIRS, "marks, such as '/c/en/dog'"),
        (["x", "y", "z"], PAIRS, "the vectors have words such as 'x', 'y', 'z'"),
    ],
)
def test_no_coverage_is_never_silent(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, words: list[str], pairs: str, hint: str
) -> None:
    path = tmp_path / "EN.txt"
    path.write_text("\n".join(line for line in pairs.split("\n") if "en:dog" in line or "en:" not in pairs))
    with caplog.at_level(logging.WARNING):
        result = evaluate(space(words), "similarity", files=path).only
    assert result.n == 0
    assert f"EN: the vectors cover none of {result.total} items" in caplog.text
    assert hint in caplog.text and hint in result.details["hint"]


def test_full_coverage_is_silent_and_little_is_not(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "EN.txt"
    path.write_text(PAIRS)
    with caplog.at_level(logging.WARNING):
        assert "hint" not in evaluate(space(WORDS), "similarity", files=path).only.details
        evaluate(space([f"en:{word}" for word in WORDS]), "similarity", files=path, language="en")
        evaluate(space(["dog", "cat", "x"]), "similarity", files=path)  # a small vocabulary, and nothing that helps
    assert not caplog.text


def test_other_tasks_say_it_too(caplog: pytest.LogCaptureFixture) -> None:
    vectors = space([f"{tag}:{word.capitalize()}" for tag in ("en", "de") for word in WORDS])
    pairs = [(word, word) for word in WORDS]
    with caplog.at_level(logging.WARNING):
        assert evaluate(vectors, "translation", dictionary=pairs, source="en", target="de").only.n == 0
        assert "en-de: the vectors cover none of 8 items" in caplog.text
        caplog.clear()
        assert evaluate(vectors, "naming", images=space(["a"]), names={"a": "dog"}, language="en").only.n == 0
        assert "en: the vectors cover none of 1 items" in caplog.text
        caplog.clear()
        sets = RatedPairs("mine", WORDS[:4], WORDS[4:], np.arange(4.0))
        compare(space(WORDS), vectors, [sets])
    assert "mine: the vectors cover none of 4 items" in caplog.text
