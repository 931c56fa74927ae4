"""The static export in a browser, served by nothing but a file server."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import wordsight.explore
from wordsight.explore import application
from wordsight.explore.collection import Collection
from wordsight.explore.static_site import write_site

pytestmark = pytest.mark.browser


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Files of a folder; says nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Keeps the test's output clean."""


@pytest.fixture(scope="session")
def site(collection: Collection, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an export of all words, in a folder below the root, as on a forge's pages."""
    root = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(application, "PAGE", Path(wordsight.explore.__file__).parent / "page")
        # In another thread: the browser has an event loop in this one.
        with ThreadPoolExecutor(1) as other:
            other.submit(write_site, collection, root / "shapes", 1000).result()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=root)) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/shapes/"
        server.shutdown()
        thread.join()


@pytest.fixture
def saved(chromium: Browser, site: str) -> Iterator[Page]:
    """A page that must ask nothing but files of the export."""
    context = chromium.new_context(base_url=site)
    context.set_default_timeout(20_000)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    yield page
    context.close()
    assert [url for url in asked if not url.startswith((site, "blob:", "data:"))] == []


def test_words_are_suggested_and_have_their_neighbours(saved: Page, page: Page) -> None:
    page.goto("#q=en:green&models=0&n=5")
    rows = page.get_by_role("region", name="seeing").locator("[data-word]")
    expect(rows).to_have_count(5)
    live = [row.get_attribute("data-word") for row in rows.all()]
    saved.goto("#models=0&n=5")
    expect(saved.get_by_role("heading", level=2)).to_be_visible()
    saved.keyboard.press("/")
    saved.keyboard.type("gree")
    saved.get_by_role("listbox", name="Suggestions").get_by_role("option").first.click()
    rows = saved.get_by_role("region", name="seeing").locator("[data-word]")
    expect(rows).to_have_count(5)
    assert [row.get_attribute("data-word") for row in rows.all()] == live


def test_pictures_are_files_too(saved: Page) -> None:
    saved.goto("#view=pictures&q=en:circle")
    own = saved.locator(".gallery", has_text="Pictures of circle").locator("img")
    expect(own).to_have_count(3)
    own.first.scroll_into_view_if_needed()
    expect(own.first).to_have_js_property("complete", True)
    assert own.first.evaluate("image => image.naturalWidth") > 0
    saved.get_by_role("link", name="red-circle").first.click()
    expect(saved.get_by_role("heading", name="German")).to_be_visible()


def test_the_map_is_drawn(saved: Page) -> None:
    saved.goto("#view=map&q=en:red")
    expect(saved.locator(".map-frame[data-drawn]")).to_be_visible()
    expect(saved.get_by_role("complementary").get_by_role("link", name="rot", exact=True)).to_be_visible()


def test_languages_are_saved(saved: Page) -> None:
    saved.goto("#view=languages&q=en:circle&n=5")
    expect(saved.get_by_role("link", name="kreis").first).to_be_visible()


def test_what_was_not_saved_is_named(saved: Page) -> None:
    saved.goto("#q=en:red + en:circle")
    expect(saved.get_by_role("alert").first).to_contain_text("they know single words only")
    saved.goto("#q=squore")
    expect(saved.get_by_role("region", name="seeing")).to_contain_text("does not know squore")
    saved.goto("#view=judge")
    expect(saved.get_by_role("heading", name="Judging needs the explorer itself")).to_be_visible()
