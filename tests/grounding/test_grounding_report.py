from __future__ import annotations

import logging

import numpy as np
import pytest

from wordsight.grounding.captions import ImageCaptions
from wordsight.grounding.grounding_report import GroundingReport, captions_report, grounding_report
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.query_pairs import QueryPairs
from wordsight.images.features import ImageFeatures


def lexicon() -> VisualLexicon:
    features = ImageFeatures([f"i{i}" for i in range(8)], np.eye(8, dtype=np.float32), sources=["a", "b"] * 4)
    images = {"cat": [0, 1, 2], "dog": [2], "Paris": [3], "cafe\u0301": [4], "ice cream": [5], "zyx": [6], "abc": [6]}
    return VisualLexicon.from_rows({word: np.array(rows) for word, rows in images.items()}, features)


TEXT = ["the", "cat", "dog", "paris", "café"]


def test_every_word_of_the_table_is_used_or_has_a_reason() -> None:
    report = grounding_report(lexicon(), TEXT)
    assert (report.words, report.in_table, report.in_vocabulary) == (2, 7, 5)
    assert {u.reason: (u.n, u.examples) for u in report.unmatched} == {
        "not in the text or too rare": (2, ("zyx", "abc")),
        "in another case": (1, ("Paris, in the text paris",)),
        "in another Unicode normal form": (1, ("cafe\u0301, in the text café",)),
        "of several words": (1, ("ice cream",)),
    }
    assert (report.images_used, report.images, report.images_per_word) == (3, 8, 2.0)
    assert report.sources == {"a": 2, "b": 1}
    assert GroundingReport.from_facts(report.facts()) == report


def test_hidden_words_are_named_as_such() -> None:
    report = grounding_report(lexicon(), TEXT, hidden=["dog"])
    assert report.words == 1 and ("hidden by hide_words", 1, ("dog",)) in report.unmatched


def test_too_little_is_a_warning_and_enough_is_none(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "wordsight"):
        grounding_report(lexicon(), TEXT).log()
    assert [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING] == [
        "only 2 of the 7 words with images are used (not in the text or too rare, mostly); compare the table's words "
        "with the text's"
    ]
    assert "3 used (a 2, b 1), 5 unused" in caplog.text
    few = grounding_report(lexicon(), lexicon().words)
    assert not few.unmatched and "hardly anything can be imagined" in str(few.warning())
    assert few._replace(words=1000, in_table=1000).warning() is None


def test_captions_say_which_words_have_a_vector_and_which_images_they_see() -> None:
    texts, rows = ["a red fox", "red fox", "a dog", "hapax", "…", "red"], [0, 1, 1, 2, 3, 4]
    features, weights = lexicon().features, np.array([1, 1, 1, 1, 1, 0])
    captions = ImageCaptions(texts, np.array(rows), features, weights=weights)
    report = captions_report(QueryPairs.from_captions(captions, min_count=2), features)
    # a: 0 1, red: 0 1, fox: 0 1. The caption of a hapax has no word left; the last one weighs nothing.
    assert (report.words, report.in_table, report.in_vocabulary) == (3, 5, None)
    assert report.unmatched == (("rarer than min_count", 2, ("dog", "hapax")),)
    assert (report.images_used, report.images, report.images_per_word) == (2, 8, 2.0)
    assert report.sources == {"a": 1, "b": 1} and report.warning() is None
    assert str(report).startswith("grounded: 3 words with images, of 5 in the captions\nnot used: 2 rarer than")
    assert GroundingReport.from_facts(report.facts()) == report
    hashed = captions_report(QueryPairs.from_captions(captions, min_count=2, n_buckets=4), features)
    assert hashed.unmatched[0].reason == "rarer than min_count, only in shared buckets" and hashed.images_used == 3


def test_without_a_text_few_images_are_no_warning() -> None:
    assert grounding_report(lexicon(), None).warning() is None
