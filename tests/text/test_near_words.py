from hypothesis import given
from hypothesis import strategies as st

from wordsight.text.near_words import near_words

FREQUENT = ["the", "goose", "geese", "loose", "house", "Paris", "NASA", "café", "elephant", "gooose"]
ENGLISH = {word: row for row, word in enumerate(FREQUENT)}
TAGGED = {f"{tag}:{word}": row for row, (word, tag) in enumerate((w, t) for w in FREQUENT for t in ("en", "fr"))}


def test_case_form_and_tag_come_before_typos() -> None:
    assert near_words("paris", ENGLISH) == ["Paris"]
    assert near_words("nasa", ENGLISH) == ["NASA"]
    assert near_words("House", ENGLISH) == ["house"]
    assert near_words("cafe\u0301", ENGLISH) == ["café"]
    assert near_words("goose", TAGGED) == ["en:goose", "fr:goose"]
    assert near_words("de:goose", TAGGED) == ["en:goose", "fr:goose"]
    assert near_words("fr:Goose", TAGGED) == ["fr:goose"]


def test_typos_by_falling_frequency() -> None:
    assert near_words("oose", ENGLISH) == ["goose", "loose"]
    assert near_words("hosue", ENGLISH) == ["house"]
    assert near_words("cafe", ENGLISH) == ["café"]
    assert near_words("elefant", ENGLISH) == ["elephant"]  # two letters off
    assert near_words("en:elephent", TAGGED) == ["en:elephant"]
    assert near_words("xyzzyq", ENGLISH) == []


def test_other_scripts() -> None:
    rows = {word: row for row, word in enumerate(["гусь", "утка", "озеро", "гуси"])}
    assert near_words("гус", rows) == ["гусь", "гуси"]


@given(st.text(max_size=8))
def test_any_text_gives_words_that_are_there(text: str) -> None:
    assert set(near_words(text, ENGLISH)) <= set(ENGLISH)
    assert set(near_words(text, TAGGED)) <= set(TAGGED)
