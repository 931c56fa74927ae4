"""400,000 words of 50 dimensions in the browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect
from tests.explore.browser.running import Explorer, Watch

from wordsight.explore.opening import open_collection
from wordsight.vectors.word_vectors import WordVectors

pytestmark = [pytest.mark.browser, pytest.mark.slow]

N_WORDS, DIM = 400_000, 50


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Explorer]:
    """Two halves: the words of each lie round a direction of its own."""
    matrix = np.random.default_rng(0).normal(size=(N_WORDS, DIM)).astype(np.float32)
    matrix[: N_WORDS // 2, 0] += 9
    matrix[N_WORDS // 2 :, 1] += 9
    path: Path = tmp_path_factory.mktemp("many") / "many"
    WordVectors([f"w{i}" for i in range(N_WORDS)], matrix).save(path)
    explorer = Explorer(open_collection([path]))
    yield explorer
    explorer.stop()


@pytest.fixture
def page(chromium: Browser, many: Explorer) -> Iterator[Page]:
    context = chromium.new_context(base_url=many.address)
    context.set_default_timeout(60_000)
    page = context.new_page()
    watch = Watch(page)
    yield page
    context.close()
    assert watch.complaints == []


def test_neighbours_come_from_the_word_s_own_half(page: Page) -> None:
    page.goto("#q=w7&n=50")
    rows = page.get_by_role("region", name="many").locator("[data-word]")
    expect(rows).to_have_count(50)
    assert all(int((row.get_attribute("data-word") or "")[1:]) < N_WORDS // 2 for row in rows.all())


def test_all_are_drawn_and_a_lasso_finds_one_half(page: Page) -> None:
    page.goto("#view=map&layout=pca")
    expect(page.locator(".map-frame[data-drawn=pca]")).to_be_visible(timeout=120_000)
    page.get_by_role("button", name="Lasso").click()
    box = page.locator(".map-frame").bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2
    left, top, bottom = box["x"] + 3, box["y"] + 3, box["y"] + box["height"] - 3
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in [(middle, top), (middle, bottom), (left, bottom), (left, top + 8)]:
        page.mouse.move(x, y, steps=6)
    page.mouse.up()
    heading = page.get_by_role("complementary").get_by_role("heading")
    expect(heading).to_contain_text("in your selection", timeout=60_000)
    found = int((heading.text_content() or "").split()[0].replace(",", ""))
    assert abs(found - N_WORDS / 2) < N_WORDS / 50
