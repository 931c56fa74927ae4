"""What somebody types, found: expressions, beginnings, and words that were perhaps meant."""

from __future__ import annotations

import unicodedata
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordsight.explore.expressions import parse
from wordsight.explore.space import Space
from wordsight.explore.suggestions import Suggestions, plain
from wordsight.vectors.word_vectors import WordVectors

KNOWN = {"king", "man", "woman", "New York", "-lrb-", "+1", "c++", "-"}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("king - man + woman", "+king -man +woman"),
        ("king -man +woman", "+king -man +woman"),
        ("  red   car ", "+red +car"),
        ("- king", "-king"),
        ("king − man", "+king -man"),
        ("New York", "+New York"),
        ("-lrb-", "+-lrb-"),
        ("king + -lrb-", "+king +-lrb-"),
        ("c++", "+c++"),
        ("-", "+-"),
        ("king - - man", "+king -man"),
        ("+", ""),
        ("", ""),
    ],
)
def test_expressions(expression: str, expected: str) -> None:
    found = parse(expression, KNOWN.__contains__)
    assert " ".join(f"{'+' if sign > 0 else '-'}{text}" for text, sign in found) == expected


@given(st.text(max_size=60))
def test_any_text_is_an_expression(text: str) -> None:
    for one in parse(text, lambda word: False):
        assert one.text.strip() == one.text != "" and one.sign in (1, -1)


LABELS = ["the", "Goose", "goosebumps", "gööse", "go", "duck", "鵝", "鵝鳥", "إوزة", "goo\u0301se", "good"]


def test_what_begins_with_a_text_comes_equal_first_then_by_rank() -> None:
    index = Suggestions(LABELS)
    assert [LABELS[row] for row in index.beginning_with("goose", 9)] == ["Goose", "gööse", "goo\u0301se", "goosebumps"]
    assert [LABELS[row] for row in index.beginning_with("GO", 3)] == ["go", "Goose", "goosebumps"]
    assert [LABELS[row] for row in index.beginning_with("鵝", 9)] == ["鵝", "鵝鳥"]
    assert [LABELS[row] for row in index.beginning_with("إو", 9)] == ["إوزة"]
    only = np.array([label == "good" for label in LABELS])
    assert index.beginning_with("go", 9, only) == [LABELS.index("good")]


@given(st.lists(st.text(min_size=1, max_size=6), min_size=1, max_size=30, unique=True), st.text(min_size=1, max_size=3))
def test_beginnings_are_those_that_a_look_at_all_words_finds(labels: list[str], text: str) -> None:
    def key(word: str) -> str:
        if word.isascii():
            return word.lower()
        apart = unicodedata.normalize("NFKD", word.casefold())
        return "".join(c for c in apart if not unicodedata.combining(c)) or word

    expected = {row for row, label in enumerate(labels) if key(label).startswith(key(text))}
    assert set(Suggestions(labels).beginning_with(text, 100)) == expected


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("accomodation", "accommodation"), ("recieve", "receive"), ("Wymen", "women"), ("gans", "goose"), ("zq", "")],
)
def test_words_that_were_perhaps_meant(typed: str, meant: str) -> None:
    labels = ["accommodation", "receive", "women", "goose", "straße", "accordion", "deceive", "omen"]
    found = [labels[row] for row in Suggestions(labels).near(typed, 3)]
    assert found[:1] == ([meant] if meant and meant != "goose" else []), "gans is not near to goose by letters"


@given(st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=20, unique=True), st.data())
def test_a_word_itself_is_always_near(labels: list[str], data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(labels))
    near = Suggestions(labels).near(word, 20)
    assert any(plain(labels[row]).replace("\n", " ") == plain(word).replace("\n", " ") for row in near)


def test_words_are_found_in_other_spellings_and_languages() -> None:
    words = ["en:goose", "de:Gans", "de:goose", "fr:caf\u00e9"]
    space = Space("x", "", WordVectors(words, np.eye(4)), ThreadPoolExecutor(1))
    assert space.rows_of("goose") == [2, 0]  # languages in their order
    assert space.rows_of("en:goose") == [0] and space.rows_of("GOOSE") == [2, 0]
    assert space.rows_of("cafe\u0301") == [3] and space.rows_of("Gans") == [1] and space.rows_of("gans") == []
    assert space.vectors.most_frequent(3).tolist() == [0, 1, 3] and space.vectors.most_frequent(99).tolist() == [
        0,
        1,
        2,
        3,
    ]
    untagged = Space("x", "", WordVectors(["http://a", "b"], np.eye(2)), ThreadPoolExecutor(1))
    assert untagged.languages == [] and untagged.label(0) == "http://a"
