"""Texts of several languages as one corpus."""

from __future__ import annotations

import numpy as np
import pytest

import wordsight as ws
from wordsight.errors import DataError, ParameterError
from wordsight.text.language_tags import language_of, languages_of
from wordsight.text.languages import Block, blocks

TEXTS = {"en": ["the goose", "the lake the goose"], "de": ["die gans"]}


def corpora() -> list[ws.Corpus]:
    return [ws.Corpus.from_documents(lines, min_count=1, language=code) for code, lines in TEXTS.items()]


def test_joined_languages_keep_their_words_and_documents() -> None:
    corpus = ws.join_languages(corpora())
    expected = [[f"{code}:{word}" for word in line.split()] for code, lines in TEXTS.items() for line in lines]
    assert list(corpus.documents()) == expected
    assert corpus.vocabulary.words == ["en:the", "en:goose", "en:lake", "de:die", "de:gans"]
    assert corpus.vocabulary.counts.tolist() == [3, 2, 1, 1, 1]
    assert blocks(corpus.vocabulary) == [Block("en", 0, 3), Block("de", 3, 5)]
    assert (corpus.ids.dtype, corpus.offsets.dtype) == (np.dtype(np.int32), np.dtype(np.int64))
    assert list(ws.join_languages(iter(corpora())).documents()) == expected, "an iterator is read once"


def test_what_cannot_be_joined() -> None:
    english, german = corpora()
    with pytest.raises(ParameterError, match="no corpus"):
        ws.join_languages([])
    with pytest.raises(DataError, match="comes twice"):
        ws.join_languages([english, english])
    with pytest.raises(DataError, match=r"'the' has no language tag"):
        ws.join_languages([ws.Corpus.from_documents(["the goose the"], min_count=1), german])
    with pytest.raises(DataError, match=r"wordsight\.join_languages"):
        blocks(ws.Vocabulary(["en:a", "de:b", "en:c"], [1, 1, 1]))


@pytest.mark.parametrize(
    ("word", "language"),
    [("en:cat", "en"), ("cat", ""), (":cat", ""), ("", ""), ("zh:a:b", "zh"), ("a:", "a")],
)
def test_the_language_of_a_word(word: str, language: str) -> None:
    assert language_of(word) == language


def test_languages_of_words() -> None:
    assert languages_of(["fr:a", "en:b", "fr:c"]) == ["en", "fr"]
    assert languages_of(["fr:a", "b"]) == []


def test_one_string_is_no_list_of_sentences() -> None:
    with pytest.raises(ParameterError, match="the text of de is one string, 'die gans'"):
        ws.ParallelText({"en": ["the goose"], "de": "die gans"})
