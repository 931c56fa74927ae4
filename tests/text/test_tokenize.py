from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordsight.errors import ParameterError, UnknownNameError
from wordsight.text.corpus import Corpus
from wordsight.text.tokenize import TOKENIZERS, Tokenizer, tokenizer

NAMES = tuple(TOKENIZERS)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("whitespace", "The cat, sat.\ton  it", ["The", "cat,", "sat.", "on", "it"]),
        ("whitespace", "no\u00a0break", ["no\u00a0break"]),
        ("text8", "In 2017, the CAT's café", ["in", "two", "zero", "one", "seven", "the", "cat", "s", "caf"]),
        ("words", "L'Été: 3 çà_et-là!", ["l", "été", "3", "çà", "et", "là"]),
        ("words", "e\u0301te\u0301", ["été"]),
        ("words", "हिन्दी में", ["हिन्दी", "में"]),
        ("words", "กิน ข้าว", ["กิน", "ข้าว"]),
        ("words", "天気 晴れ", ["天気", "晴れ"]),
    ],
)
def test_examples(name: str, text: str, expected: list[str]) -> None:
    assert tokenizer(name).tokens(text) == [unicodedata.normalize("NFC", word) for word in expected]


def test_language_tag_stands_before_every_word() -> None:
    assert tokenizer("words", "fr").tokens("le pain") == ["fr:le", "fr:pain"]


@given(st.text())
def test_text8_leaves_lower_case_letters_only(text: str) -> None:
    assert re.fullmatch(r"([a-z]+ ?)*", " ".join(tokenizer("text8").tokens(text)))


@given(st.text(), st.sampled_from(NAMES))
def test_any_text_is_split_into_words_without_blanks_and_again_to_the_same(text: str, name: str) -> None:
    tokens = tokenizer(name).tokens(text)
    assert all(token and not re.search("[\0-\x20]", token) for token in tokens)
    assert tokenizer(name).tokens(" ".join(tokens)) == tokens or name == "words"  # lower-casing may leave NFC


@given(st.text(alphabet=st.characters(categories=["L", "M", "N", "Z", "P"])))
def test_words_keeps_every_letter_mark_and_digit(text: str) -> None:
    kept = "".join(tokenizer("words").tokens(text))
    normal = unicodedata.normalize("NFC", text).lower()
    assert kept == "".join(c for c in normal if unicodedata.category(c)[0] in "LMN")


@pytest.mark.parametrize("name", NAMES)
def test_documents_stay_apart(name: str) -> None:
    assert tokenizer(name).normalise("ein satz\nnoch einer ß\n".encode()).count(b"\n") == 2


def test_unknown_tokenizer_and_bad_tag() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'words'"):
        tokenizer("word")
    with pytest.raises(ParameterError, match="language tag"):
        Tokenizer("words", "en gb")


def test_a_new_tokenizer_is_one_function_and_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def letters(block: bytes) -> bytes:
        return re.sub(rb"(\w)", rb"\1 ", block)

    monkeypatch.setitem(TOKENIZERS, "letters", letters)
    assert tokenizer("letters", "en").tokens("goose") == ["en:g", "en:o", "en:o", "en:s", "en:e"]
    assert Corpus.from_documents(["goose"], min_count=1, tokenizer="letters").vocabulary.words == ["o", "e", "g", "s"]
