"""Searching for words, and their neighbours side by side."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from wordsight.vectors.word_vectors import WordVectors

pytestmark = pytest.mark.browser


def listed(page: Page, model: str) -> list[str]:
    """The neighbours in a model's column."""
    column = page.get_by_role("region", name=model)
    expect(column).to_be_visible()
    return [row.get_attribute("data-word") or "" for row in column.locator("[data-word]").all()]


def nearest(vectors: WordVectors, word: str) -> list[str]:
    """All other words, the nearest first, by NumPy."""
    unit = np.asarray(vectors.matrix, dtype=np.float64)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    order = np.argsort(-(unit @ unit[vectors.words.index(word)]))
    return [vectors.words[i] for i in order if vectors.words[i] != word]


def test_it_says_what_to_type(page: Page) -> None:
    page.goto("")
    expect(page.get_by_role("heading", level=2)).to_have_text("Which word would you like to look at?")


def test_a_word_is_found_with_the_keyboard_alone(page: Page, seeing: WordVectors) -> None:
    page.goto("")
    expect(page.get_by_role("link", name="Neighbours")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("gre")
    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    assert listed(page, "seeing")[:5] == nearest(seeing, "en:green")[:5]
    assert "q=en%3Agreen" in page.url


def test_a_sum_is_asked_as_it_is_typed(page: Page) -> None:
    page.goto("")
    page.get_by_role("combobox", name="Search for words").fill("en:red + en:circle - en:square")
    page.keyboard.press("Enter")
    question = page.get_by_role("region", name="seeing").locator(".question")
    expect(question).to_have_text("red + circle − square")


def test_a_misspelt_word_is_answered_with_alike_ones(page: Page) -> None:
    page.goto("#q=squore")
    column = page.get_by_role("region", name="seeing")
    expect(column).to_contain_text("This model does not know squore. Did you mean:")
    column.get_by_role("link", name="square").click()
    expect(column.locator(".question")).to_have_text("square")


def test_a_click_walks_on_and_back_goes_back(page: Page) -> None:
    page.goto("#q=en:red")
    column = page.get_by_role("region", name="seeing")
    column.get_by_role("link", name="rot", exact=True).click()
    expect(column.locator(".question")).to_have_text("rot")
    page.go_back()
    expect(column.locator(".question")).to_have_text("red")
    expect(page.get_by_role("combobox", name="Search for words")).to_have_value("en:red")


def test_what_is_in_one_list_alone_is_marked(page: Page) -> None:
    page.goto("#q=en:red&n=10")
    lists = {model: set(listed(page, model)) for model in ("seeing", "other")}
    for model, words in lists.items():
        marked = page.get_by_role("region", name=model).locator(".alone")
        rest = set().union(*(lists[name] for name in lists if name != model))
        assert {row.get_attribute("data-word") for row in marked.all()} == words - rest


def test_a_word_that_one_model_lacks_leaves_the_other_its_answer(page: Page) -> None:
    page.goto("#q=en:purple")
    expect(page.get_by_role("region", name="seeing")).to_contain_text("does not know en:purple")
    assert len(listed(page, "other")) == 7


def test_models_can_be_left_out(page: Page) -> None:
    page.goto("#q=en:red")
    page.get_by_role("button", name="other").click()
    expect(page.get_by_role("region", name="other")).to_have_count(0)
    expect(page.get_by_role("button", name="seeing")).to_be_disabled()


def test_lists_are_filtered_by_language_and_by_pictures(page: Page) -> None:
    page.goto("#q=en:red")
    page.locator(".choice", has_text="Language").locator("select").select_option("ja")
    expect(page.get_by_role("region", name="seeing").locator("[data-word]")).to_have_count(5)
    assert all(word.startswith("ja:") for word in listed(page, "seeing"))
    page.goto("#q=en:red&models=1")
    page.get_by_role("checkbox", name="With pictures only").check()
    expect(page.get_by_role("region", name="other").locator("[data-word]")).to_have_count(2)
    assert set(listed(page, "other")) == {"en:green", "en:blue"}


def test_right_to_left_words_read_from_the_right(page: Page) -> None:
    page.goto("#q=ar:أحمر")
    word = page.get_by_role("region", name="seeing").locator(".question bdi")
    expect(word).to_have_text("أحمر")
    assert word.evaluate("word => word.matches(':dir(rtl)') && word.lang === 'ar'")


def test_what_is_seen_can_be_saved(page: Page, seeing: WordVectors, tmp_path: Path) -> None:
    page.goto("#q=en:red&models=0&n=10")
    words = listed(page, "seeing")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").click()
    download.value.save_as(tmp_path / "neighbours.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "neighbours.csv").read_text("utf-8"), newline="")))
    assert [row["word"] for row in rows] == words
    cosines = [seeing.similarity("en:red", word) for word in words]
    np.testing.assert_allclose([float(row["cosine"]) for row in rows], cosines, atol=1e-4)
