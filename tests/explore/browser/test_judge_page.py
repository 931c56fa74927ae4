"""Judging by a file of rated pairs that somebody drops on the page."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from scipy import stats

from wordsight.vectors.word_vectors import WordVectors

pytestmark = pytest.mark.browser

CHOOSER = "input[aria-label='A file of rated pairs']"


@pytest.fixture(scope="session")
def pairs(other: WordVectors) -> list[tuple[str, str, float]]:
    rated = itertools.combinations([word.partition(":")[2] for word in other.words], 2)
    return [(a, b, float(i * 37 % 28)) for i, (a, b) in enumerate(rated)]


@pytest.fixture
def file(pairs: list[tuple[str, str, float]], tmp_path: Path) -> Path:
    path = tmp_path / "colours.txt"
    path.write_text("".join(f"{a} {b} {rating}\n" for a, b, rating in pairs))
    return path


def test_models_are_judged_by_a_dropped_file(
    page: Page, file: Path, other: WordVectors, pairs: list[tuple[str, str, float]]
) -> None:
    page.goto("#view=judge")
    expect(page.get_by_role("heading", name="How well do the models agree with people?")).to_be_visible()
    page.set_input_files(CHOOSER, file)
    page.locator(".choice", has_text="Language of the file").locator("select").select_option("en")
    column = page.get_by_role("region", name="other")
    cosines = [other.similarity(f"en:{a}", f"en:{b}") for a, b, _ in pairs]
    rho = stats.spearmanr([rating for *_, rating in pairs], cosines).statistic
    expect(column.locator(".rho strong")).to_have_text(f"{rho:.3f}".replace("-", "−"))
    expect(column.locator("circle")).to_have_count(len(pairs))
    expect(column).to_contain_text(f"{len(pairs)} pairs, 100 % of the file")
    expect(page.get_by_role("heading", name="Pairs that one model gets right and another wrong")).to_be_visible()


def test_points_stand_where_rating_and_cosine_put_them(
    page: Page, file: Path, other: WordVectors, pairs: list[tuple[str, str, float]]
) -> None:
    page.goto("#view=judge&language=en&models=1")
    page.set_input_files(CHOOSER, file)
    circles = page.get_by_role("region", name="other").locator("circle")
    expect(circles).to_have_count(len(pairs))
    xy = np.array([[float(circle.get_attribute(axis) or "nan") for axis in ("cx", "cy")] for circle in circles.all()])
    said = [title.text_content() or "" for title in circles.locator("title").all()]
    ratings = [float(text.partition("rating ")[2].partition(",")[0]) for text in said]
    cosines = [float(text.rpartition(" ")[2]) for text in said]
    assert stats.pearsonr(xy[:, 0], ratings).statistic == pytest.approx(1, abs=1e-4)
    assert stats.pearsonr(xy[:, 1], cosines).statistic == pytest.approx(-1, abs=1e-4)


def test_a_file_without_pairs_is_refused_with_a_line(page: Page, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("nothing here\n")
    page.goto("#view=judge")
    page.set_input_files(CHOOSER, tmp_path / "empty.txt")
    expect(page.get_by_role("alert")).not_to_be_empty()
    expect(page.get_by_role("button", name="Another file")).to_be_visible()
