from __future__ import annotations

import logging

import numpy as np
import pytest
from PIL import Image, ImageDraw, features

from wordsight.plots import lettering
from wordsight.plots.lettering import Lettering, font_with, say_what_is_missing

SCRIPTS = {"Arabic": "إوزة", "Japanese": "ガチョウ", "Thai": "ห่าน", "Hindi": "हंस", "Hebrew": "אווז", "Chinese": "鹅"}


def drawn(text: str, width: int = 300) -> np.ndarray:
    """What is drawn of a text, bool [60, width]."""
    image = Image.new("L", (width, 60))
    Lettering(24).draw(ImageDraw.Draw(image), (10, 10), text, 255)
    return np.asarray(image) > 128


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_letter_is_drawn_where_the_system_has_a_font(script: str, caplog: pytest.LogCaptureFixture) -> None:
    word = SCRIPTS[script]
    if font_with(word[0]) is None:
        pytest.skip(f"no font with {script} letters here")
    letters = Lettering(24)
    with caplog.at_level(logging.WARNING):
        letters.draw(ImageDraw.Draw(Image.new("L", (300, 60))), (0, 0), f"xx:{word}", 255)
        say_what_is_missing([letters])
    assert not letters.unknown and not caplog.text
    assert 0 < letters.length(word) < letters.length(f"xx:{word}")
    # No two letters look the same, as the boxes for missing ones do.
    shapes = {drawn(letter).tobytes() for letter in word if letter.isalpha()}
    assert len(shapes) == len({letter for letter in word if letter.isalpha()})


@pytest.mark.skipif(not features.check("raqm"), reason="Pillow without raqm")
def test_arabic_is_joined_and_runs_from_right_to_left() -> None:
    if font_with("ب") is None:
        pytest.skip("no font with Arabic letters here")
    columns = np.flatnonzero(drawn("بب").any(axis=0))
    alone = np.flatnonzero(drawn("ب").any(axis=0))
    assert np.ptp(columns) < 2 * np.ptp(alone)  # joined forms are narrower than two that stand alone
    # Alef is a thin stroke: it stands right of what follows it.
    columns = drawn("اب").sum(axis=0)
    assert columns.argmax() > np.flatnonzero(columns).mean()


def test_latin_text_needs_no_font_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lettering, "system_fonts", tuple)
    font_with.cache_clear()
    assert drawn("goose").any() and font_with("g") is None
    font_with.cache_clear()


def test_a_script_without_font_is_said_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(lettering, "system_fonts", tuple)
    font_with.cache_clear()
    letters = Lettering(24)
    with caplog.at_level(logging.WARNING):
        letters.draw(ImageDraw.Draw(Image.new("L", (300, 60))), (0, 0), "th:ห่าน", 255)
        say_what_is_missing([letters])
    font_with.cache_clear()
    assert "no font on this system has น ห า" in caplog.text.replace("่ ", "") and "fonts-noto-core" in caplog.text


def test_letters_that_stand_apart_are_said(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(features, "check", lambda feature: False)
    letters = Lettering(24)
    with caplog.at_level(logging.WARNING):
        letters.draw(ImageDraw.Draw(Image.new("L", (300, 60))), (0, 0), "إوزة", 255)
        say_what_is_missing([letters])
    assert "Pillow here has no raqm" in caplog.text


def test_text_is_cut_to_its_width() -> None:
    letters = Lettering(20)
    assert letters.shortened("goose", 500) == "goose"
    cut = letters.shortened("a very long caption", 80)
    assert cut.endswith("…") and letters.length(cut) <= 80
