from __future__ import annotations

import re
import sys
import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from wordsight.errors import MissingExtraError, ParameterError, UnknownNameError
from wordsight.text.corpus import Corpus
from wordsight.text.normal_form import lower
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
        ("words", "天気 晴れ", ["天", "気", "晴", "れ"]),
        ("words", "東京towerで トラック2台", ["東", "京", "tower", "で", "トラック", "2", "台"]),
        ("words", "می‌خواهم", ["می‌خواهم"]),
        ("words", "co\u00adoperate می‌", ["cooperate", "می"]),
        ("words", "a cat😀❤️ 👍🏽👍", ["a", "cat", "😀", "❤", "👍🏽", "👍"]),
        ("words", "👩‍🚀🇩🇪🇫🇷", ["👩‍🚀", "🇩🇪", "🇫🇷"]),
        ("words", "Lego™ → m²", ["lego", "m²"]),
        ("whitespace", "cafe\u0301", ["café"]),
    ],
)
def test_examples(name: str, text: str, expected: list[str]) -> None:
    assert tokenizer(name).tokens(text) == [unicodedata.normalize("NFC", word) for word in expected]


# Looked at one by one: each language of the table as "words" and as "icu" part it.
SCRIPTS = [
    ("ja", "犬がトラックを見た。", "犬 が トラック を 見 た", "犬 が トラック を 見 た"),
    ("zh", "小狗在公园里奔跑。", "小 狗 在 公 园 里 奔 跑", "小狗 在 公园 里 奔跑"),
    ("th", "แมวสีดำกินข้าว", "แมวสีดำกินข้าว", "แมว สี ดำ กิน ข้าว"),
    ("ar", "القطة السوداء، على الكرسي!", "القطة السوداء على الكرسي", "القطة السوداء على الكرسي"),
    ("hi", "काली बिल्ली कुर्सी पर बैठी है।", "काली बिल्ली कुर्सी पर बैठी है", "काली बिल्ली कुर्सी पर बैठी है"),
    ("tr", "İstanbul'da IRMAK ve Kedi", "istanbul da ırmak ve kedi", "istanbul da ırmak ve kedi"),
]


@pytest.mark.parametrize(("language", "text", "words", "icu"), SCRIPTS)
def test_words_in_six_scripts(language: str, text: str, words: str, icu: str) -> None:
    for name, expected in (("words", words), ("icu", icu)):
        assert tokenizer(name, language).tokens(text) == [f"{language}:{word}" for word in expected.split()]


def _units() -> st.SearchStrategy[str]:
    """Letters with their marks in several scripts, emoji with what belongs to them, and what parts words."""
    letters = st.builds(str.__add__, st.sampled_from("aZéßжΣبह한7"), st.text("\u0301\u0323", max_size=2))
    emoji = st.sampled_from(["😀", "👍🏽", "👩\u200d🚀", "🇩🇪", "🏴\U000e0067\U000e0062\U000e007f"])
    return st.one_of(letters, emoji, st.sampled_from("東京はらガーｶ"), st.sampled_from([" ", "-", "!", "。", "\n"]))


@given(st.lists(_units()).map("".join))
def test_words_are_those_of_the_standard_where_it_is_followed(text: str) -> None:
    # The regex library has the whole of UAX 29; what we leave out needs an apostrophe, full stop or underscore.
    parts = regex.split(r"(?w)\b", lower(text), flags=regex.V1)
    expected = [part for part in parts if regex.search(r"[\p{L}\p{N}\p{Emoji_Presentation}]", part)]
    assert tokenizer("words").tokens(text) == expected


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_words_are_runs_of_letters_and_digits(text: str) -> None:
    expected = re.findall("[a-z0-9]+", text.lower())
    assert tokenizer("words").tokens(text) == expected == tokenizer("icu").tokens(text)


@given(st.text(st.characters(max_codepoint=0x24F)))
def test_blocks_of_latin_text_have_the_same_words_with_and_without_a_dictionary(text: str) -> None:
    assert tokenizer("words").tokens(text) == tokenizer("icu").tokens(text)


@given(st.text(), st.sampled_from(["words", "icu"]))
def test_both_forms_of_a_text_have_the_same_words(text: str, name: str) -> None:
    forms = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    first, second = (tokenizer(name).tokens(form) for form in forms)
    assert first == second


def test_i_is_lower_cased_by_the_language() -> None:
    assert tokenizer("words", "tr").tokens("IĞDIR İZMİR") == ["tr:ığdır", "tr:izmir"]
    assert tokenizer("words", "az_Latn").tokens("I") == ["az_Latn:ı"]
    assert tokenizer("words", "en").tokens("IT") == ["en:it"]


def test_the_dictionary_needs_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "icu4py", None)
    monkeypatch.delitem(sys.modules, "icu4py.breakers", raising=False)
    with pytest.raises(MissingExtraError, match=r"wordsight\[segmentation\]"):
        tokenizer("icu").tokens("犬")


def test_language_tag_stands_before_every_word() -> None:
    assert tokenizer("words", "fr").tokens("le pain") == ["fr:le", "fr:pain"]


@given(st.text())
def test_text8_leaves_lower_case_letters_only(text: str) -> None:
    assert re.fullmatch(r"([a-z]+ ?)*", " ".join(tokenizer("text8").tokens(text)))


@given(st.text(), st.sampled_from(NAMES))
def test_any_text_is_split_into_words_without_blanks_and_again_to_the_same(text: str, name: str) -> None:
    tokens = tokenizer(name).tokens(text)
    assert all(token and not re.search("[\0-\x20]", token) for token in tokens)
    assert tokenizer(name).tokens(" ".join(tokens)) == tokens or name == "icu"  # its dictionaries look at neighbours


@given(st.text(alphabet=st.characters(categories=["L", "M", "N", "Z", "P"])))
def test_words_keeps_every_letter_mark_and_digit(text: str) -> None:
    kept = "".join(tokenizer("words").tokens(text))
    assert kept == "".join(c for c in lower(text) if unicodedata.category(c)[0] in "LMN" and c not in "\ufe0e\ufe0f")


@pytest.mark.parametrize("name", NAMES)
def test_documents_stay_apart(name: str) -> None:
    assert tokenizer(name).normalise("ein satz\nnoch einer ß\n".encode()).count(b"\n") == 2


def test_unknown_tokenizer_and_bad_tag() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'words'"):
        tokenizer("word")
    with pytest.raises(ParameterError, match="language tag"):
        Tokenizer("words", "en gb")


def test_a_new_tokenizer_is_one_function_and_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def letters(block: bytes, language: str | None) -> bytes:
        return re.sub(rb"(\w)", rb"\1 ", block)

    monkeypatch.setitem(TOKENIZERS, "letters", letters)
    assert tokenizer("letters", "en").tokens("goose") == ["en:g", "en:o", "en:o", "en:s", "en:e"]
    assert Corpus.from_documents(["goose"], min_count=1, tokenizer="letters").vocabulary.words == ["o", "e", "g", "s"]
