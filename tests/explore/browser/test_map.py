"""The map: drawn, coloured, selected, saved, arranged anew, and without WebGL."""

from __future__ import annotations

import io
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from wordsight.vectors.word_vectors import WordVectors

pytestmark = pytest.mark.browser

N_WORDS = 20


def drawn(page: Page, layout: str = "pca") -> None:
    """Waits for a layout of the map."""
    expect(page.locator(f".map-frame[data-drawn={layout}]")).to_be_visible(timeout=60_000)


def lasso(page: Page) -> None:
    """Draws a line round nearly all of the map."""
    page.get_by_role("button", name="Lasso").click()
    box = page.locator(".map-frame").bounding_box()
    assert box is not None
    left, top = box["x"] + 4, box["y"] + 4
    right, bottom = box["x"] + box["width"] - 4, box["y"] + box["height"] - 4
    page.mouse.move(left, top)
    page.mouse.down()
    for x, y in [(right, top), (right, bottom), (left, bottom), (left, top + 8)]:
        page.mouse.move(x, y, steps=12)
    page.mouse.up()


def saved(page: Page, name: str, path: Path) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Save the map as {name}").click()
    download.value.save_as(path)
    return path.read_bytes()


def test_the_legend_says_what_colours_mean(page: Page) -> None:
    page.goto("#view=map&layout=pca")
    drawn(page)
    legend = page.locator(".legend li")
    assert {item.text_content() for item in legend.all()} == {"English", "German", "Arabic", "Japanese"}
    page.goto("#view=map&layout=pca&models=1&colour=pictures")
    drawn(page)
    expect(legend).to_have_text(["has pictures", "has none"])


def test_a_lasso_lists_words_and_another_layout_keeps_them(page: Page) -> None:
    page.goto("#view=map&layout=pca")
    drawn(page)
    lasso(page)
    panel = page.get_by_role("complementary", name="Words on the map")
    expect(panel.get_by_role("heading")).to_contain_text(f"{N_WORDS} words")
    page.locator(".choice", has_text="Layout").locator("select").select_option("tsne")
    drawn(page, "tsne")
    expect(panel.get_by_role("heading")).to_contain_text(f"{N_WORDS} words")
    expect(panel.locator("li")).to_have_count(N_WORDS)


def test_a_question_is_marked_and_its_neighbours_are_listed(page: Page) -> None:
    page.goto("#view=map&layout=pca&q=en:red")
    drawn(page)
    panel = page.get_by_role("complementary", name="Words on the map")
    expect(panel.locator("li")).to_have_count(N_WORDS - 1)
    panel.get_by_role("link", name="rot", exact=True).click()
    expect(panel.get_by_role("heading")).to_contain_text("rot")


def test_it_is_saved_as_png_in_double_size(page: Page, tmp_path: Path) -> None:
    page.goto("#view=map&layout=pca")
    drawn(page)
    size = page.locator(".map-frame").evaluate("frame => [frame.clientWidth, frame.clientHeight]")
    picture = Image.open(io.BytesIO(saved(page, "PNG", tmp_path / "map.png"))).convert("RGB")
    assert picture.size == (2 * size[0], 2 * size[1])
    pixels = np.asarray(picture).reshape(-1, 3).astype(int)
    colours = [(0x3F, 0x6E, 0x96), (0xC8, 0x55, 0x3D), (0x5A, 0x93, 0x67), (0xC0, 0x8D, 0x2F)]
    for colour in colours:  # of four languages, each a little transparent
        assert (np.abs(pixels - colour).sum(axis=1) < 100).any()


def test_it_is_saved_as_svg_with_a_circle_a_word(page: Page, seeing: WordVectors, tmp_path: Path) -> None:
    page.goto("#view=map&layout=pca")
    drawn(page)
    root = ElementTree.fromstring(saved(page, "SVG", tmp_path / "map.svg"))
    svg = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f"{svg}g/{svg}circle")) == N_WORDS
    labels = {text.text for text in root.findall(f"{svg}text")}
    assert labels and labels <= {word.partition(":")[2] for word in seeing.words}


def test_pictures_stand_in_place_of_dots(page: Page) -> None:
    page.goto("#view=map&layout=pca")
    drawn(page)
    with page.expect_response(lambda response: "thumbnail/" in response.url):
        page.get_by_role("checkbox", name="Pictures").check()


def test_the_keyboard_moves_and_zooms_it(page: Page) -> None:
    page.goto("#view=map&layout=pca")
    drawn(page)
    overlay = page.locator("canvas.overlay")
    frame = page.locator(".map-frame")
    before = overlay.screenshot()
    frame.focus()
    page.keyboard.press("+")
    page.wait_for_timeout(400)
    assert overlay.screenshot() != before


def test_without_webgl_it_is_drawn_all_the_same(page: Page) -> None:
    page.add_init_script(
        "const real = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {"
        "  return kind.startsWith('webgl') ? null : real.call(this, kind, ...rest); };"
    )
    page.goto("#view=map&layout=pca")
    drawn(page)
    expect(page.get_by_text("This browser has no WebGL")).to_be_visible()
    lasso(page)
    panel = page.get_by_role("complementary", name="Words on the map")
    expect(panel.get_by_role("heading")).to_contain_text(f"{N_WORDS} words")
