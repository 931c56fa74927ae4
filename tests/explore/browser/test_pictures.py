"""Pictures of words, words of pictures, and the words of all languages with the pictures that join them."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from wordsight.explore.collection import Collection
from wordsight.grounding.lexicon import VisualLexicon

pytestmark = pytest.mark.browser

BROKEN = "blue-square"


def test_a_word_has_the_pictures_that_the_lexicon_gives_it(page: Page, lexicon: VisualLexicon) -> None:
    page.goto("#view=pictures&q=en:circle")
    own = page.locator(".gallery", has_text="Pictures of circle").locator("a")
    expect(own).to_have_count(3)
    names = {Path(lexicon.features.ids[row]).stem for row in lexicon.images("en:circle")}
    assert {picture.get_attribute("title") for picture in own.all()} == names
    image = own.locator("img").first
    image.scroll_into_view_if_needed()
    expect(image).to_have_js_property("complete", True)
    assert image.evaluate("image => image.naturalWidth") > 0


def test_a_broken_picture_says_so_and_the_others_are_shown(page: Page) -> None:
    page.goto("#view=pictures&q=en:square")
    own = page.locator(".gallery", has_text="Pictures of square")
    expect(own.get_by_role("img", name=BROKEN)).to_have_text("cannot be drawn")
    expect(own.locator("img")).to_have_count(2)


def test_a_picture_leads_to_its_words_and_to_its_nearest_pictures(page: Page) -> None:
    page.goto("#view=pictures&q=en:red")
    page.get_by_role("link", name="red-circle").first.click()
    expect(page.locator(".details figcaption")).to_contain_text("red-circle")
    for language in ("English", "German", "Arabic", "Japanese"):
        expect(page.get_by_role("heading", name=language)).to_be_visible()
    expect(page.locator(".gallery a")).not_to_have_count(0)
    page.get_by_role("link", name="kreis").first.click()
    expect(page.get_by_role("heading", name="Pictures of kreis")).to_be_visible()


def test_several_words_find_pictures(page: Page) -> None:
    page.goto("#view=pictures&q=en:green en:circle")
    near = page.locator(".gallery", has_text="Pictures nearest to green + circle").locator("a")
    assert near.first.get_attribute("title") == "green-circle"


def test_a_picture_of_ones_own_is_looked_up(page: Page, drawings: Path) -> None:
    page.goto("")
    expect(page.get_by_role("button", name="Search with a picture")).to_be_visible()
    page.set_input_files("#picture-file", drawings / "red-square.png")
    expect(page.locator(".details figcaption")).to_have_text("red-square.png")
    nearest = page.locator(".gallery a").first
    assert nearest.get_attribute("title") == "red-square"


def test_what_is_no_picture_is_refused_with_a_line(page: Page, tmp_path: Path) -> None:
    (tmp_path / "note.png").write_text("only text")
    page.goto("")
    expect(page.get_by_role("button", name="Search with a picture")).to_be_visible()
    page.set_input_files("#picture-file", tmp_path / "note.png")
    expect(page.get_by_role("alert")).to_contain_text("cannot be read as an image")


def test_a_word_in_every_language_with_the_pictures_that_join_them(page: Page) -> None:
    page.goto("#view=languages&q=en:circle&n=5")
    for language, word in {"German": "kreis", "Arabic": "دائرة", "Japanese": "円"}.items():
        column = page.locator(".column", has=page.get_by_role("heading", name=language))
        first = column.locator("li").first
        expect(first.locator(".word-link")).to_have_text(word)
        assert "circle" in (first.locator("a.picture").first.get_attribute("title") or "")


def test_a_model_of_one_language_says_so(page: Page, collection: Collection) -> None:
    page.goto("#view=languages&q=en:red&models=1")
    expect(page.get_by_role("heading", name="One language only")).to_be_visible()
