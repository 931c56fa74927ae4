"""Fonts of matplotlib for words of any script."""

from __future__ import annotations

import logging

import pytest

from wordsight.plots import fonts
from wordsight.plots.lettering import font_with

font_manager = pytest.importorskip("matplotlib.font_manager")


def test_plain_words_need_the_plain_font_alone() -> None:
    assert fonts.families(["goose", "Gänse", "гусь"]) == [fonts.PLAIN]


@pytest.mark.skipif(font_with("猫") is None, reason="no font has CJK here")
def test_every_character_is_in_one_of_the_families(caplog: pytest.LogCaptureFixture) -> None:
    words = ["goose", "猫", "ねこ", "قطة", "חתול"]
    paths = [font_manager.findfont(family, fallback_to_default=False) for family in fonts.families(words)]
    known = set().union(*(font_manager.get_font(path).get_charmap() for path in paths))
    assert {ord(character) for word in words for character in word} <= known
    assert not caplog.messages


def test_a_character_without_a_font_is_said(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "font_with", lambda character: None)
    with caplog.at_level(logging.WARNING):
        assert fonts.families(["a猫"]) == [fonts.PLAIN]
    assert "no font on this system has 猫;" in caplog.text
