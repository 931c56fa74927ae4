"""Who does not see well, has no mouse or a narrow screen gets on with the page too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

AXE = Path(__file__).parents[3] / "explorer/node_modules/axe-core/axe.min.js"
VIEWS = {
    "empty": "",
    "neighbours": "#q=en:red",
    "unknown": "#q=squore",
    "pictures": "#view=pictures&q=en:red",
    "picture": "#view=pictures&row=0",
    "map": "#view=map&layout=pca&q=en:red",
    "languages": "#view=languages&q=en:red",
    "judge": "#view=judge",
}


def settled(page: Page) -> None:
    """Waits until the view is there."""
    page.wait_for_load_state("networkidle")
    expect(page.locator("main[aria-busy]")).to_have_count(0)
    expect(page.locator("main > *").first).to_be_visible()


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(page: Page, view: str, theme: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (npm ci --prefix explorer)")
    page.emulate_media(color_scheme="light" if theme == "light" else "dark", reduced_motion="reduce")
    page.goto(VIEWS[view])
    settled(page)
    page.evaluate(AXE.read_text())
    found: dict[str, Any] = page.evaluate("axe.run()")
    serious = [
        f"{violation['id']}: {node['html']}: {node['failureSummary']}"
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]
    assert serious == []


@pytest.mark.parametrize("view", VIEWS)
def test_a_narrow_screen_shows_all(page: Page, view: str) -> None:
    page.set_viewport_size({"width": 360, "height": 720})
    page.goto(VIEWS[view])
    settled(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_colours_that_were_chosen_stay(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    page.goto("")
    page.get_by_role("button", name="Dark colours").click()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_keyboard_reaches_the_results_at_once(page: Page) -> None:
    page.goto("#q=en:red")
    settled(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the results")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    expect(page.get_by_role("region", name="seeing")).to_be_visible()


def test_what_is_found_is_announced(page: Page) -> None:
    page.goto("#q=en:red")
    expect(page.get_by_role("status").first).to_contain_text("Neighbours of en:red in 2 models")


def test_an_explorer_that_ended_is_named_as_the_cause(page: Page) -> None:
    page.goto("#q=en:red")
    settled(page)
    page.context.set_offline(True)
    page.get_by_role("region", name="seeing").get_by_role("link", name="rot", exact=True).click()
    expect(page.get_by_role("alert").first).to_contain_text("Is “wordsight explore” still running?")
    page.context.set_offline(False)
