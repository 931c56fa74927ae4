"""The papers' figures: as they are printed, in every recipe, and beside ours."""

from __future__ import annotations

import csv
import importlib
import os
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from wordsight.papers.base import ReportTable
from wordsight.papers.published import beside
from wordsight.papers.recipes import PaperRecipe, read_recipe
from wordsight.papers.registry import REPRODUCTIONS

ROOT = Path(__file__).parents[2]
FIGURES = Path(os.environ.get("WORDSIGHT_DATA", "/nowhere")).parent / "published" / "figures.csv"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    sys.path.append(str(ROOT / "tools"))
    return importlib.import_module("published_figures")


def recipe(**about: Any) -> PaperRecipe:
    return replace(read_recipe("pixie"), measured_on="sand", tables={"table1": {"title": "Table 1: it", **about}})


OURS = ReportTable("Table 1: it", ("", "MEN", "RG"), [("SGNS", "0.700", "0.6"), ("*pairs*", "9", "8")], "A.", "table1")


def test_the_paper_s_lines_stand_below_ours() -> None:
    published = {"SGNS": {"RG": 0.25, "MEN": 0.5, "SimLex": [0.3, 0.87]}, "pairs | n": {"MEN": 3000.0}}
    published |= {"SGNS | seen": {"MEN": 0.1}, "MUSE | 40": {"RG": 1}}
    (table,) = beside(OURS, recipe(published=published, not_comparable="Other sets."))
    assert table.header == ["", "MEN", "RG", "SimLex"]
    assert [list(row) for row in table.rows] == [
        ["SGNS", "0.700", "0.6", "–"],
        ["*paper*", "0.50", "0.25", "0.30 (87%)"],
        ["*paper, seen*", "0.1", "–", "–"],
        ["*pairs*", "9", "8", "–"],
        ["*paper, n*", "3,000", "–", "–"],
        ["*paper: MUSE, 40*", "–", "1", "–"],
    ]
    assert table.note == "A. *Paper*: measured on sand. Other sets."


def test_other_columns_are_a_table_of_their_own() -> None:
    ours, theirs = beside(OURS, recipe(published={"SGNS": {"cup – mug": 0.35}, "goose | seen": {"duck": "swan, gull"}}))
    assert ours == OURS
    assert theirs.title == "Table 1, the paper's figures" and theirs.header == ["", "cup – mug", "duck"]
    assert theirs.rows == [["SGNS", "0.35", "–"], ["goose, seen", "–", "swan, gull"]]
    assert theirs.note == "*Paper*: measured on sand."


@pytest.mark.parametrize("published", [{}, {"published": {}}])
def test_without_figures_a_table_stays_as_it_is(published: dict[str, Any]) -> None:
    assert beside(OURS, recipe(**published)) == [OURS]
    assert beside(replace(OURS, name=""), recipe(published={"SGNS": {"MEN": 1.0}})) == [replace(OURS, name="")]


def test_a_file_keeps_all_but_its_published_sections(tool: ModuleType) -> None:
    before = 'title = "T"\n\n[published]\n# old\n[published."A | b"]\nx = 1\n\n[changes]\ny = {}\n'
    after = tool.with_published(before, {"SGNS": {"MEN": "0.50"}, "a b": {"x → y": '"swan"'}})
    assert after == (
        f'title = "T"\n\n[changes]\ny = {{}}\n\n{tool.NOTE}\n[published.SGNS]\nMEN = 0.50\n\n'
        '[published."a b"]\n"x → y" = "swan"\n'
    )
    assert tool.with_published(after, {}) == 'title = "T"\n\n[changes]\ny = {}\n'


def test_every_recipe_says_what_keeps_its_figures_from_being_compared() -> None:
    for name in REPRODUCTIONS:
        for table, about in read_recipe(name).tables.items():
            assert bool(about["published"]) == bool(about.get("not_comparable")), f"{name}/{table}"


@pytest.mark.skipif(not FIGURES.is_file(), reason="the papers' figures are not at hand")
def test_the_recipes_have_the_figures_that_the_papers_print(tool: ModuleType) -> None:
    for path, text in tool.files(FIGURES).items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: run python tools/published_figures.py {FIGURES}"


@pytest.mark.skipif(not FIGURES.is_file(), reason="the papers' figures are not at hand")
def test_no_figure_is_lost() -> None:
    printed: dict[str, list[str]] = {}
    with FIGURES.open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            paper = "retrieval" if (row["paper"], row["table"]) == ("pixie", "6") else row["paper"]
            printed.setdefault(paper, []).append(row["value"].replace(" ", ", "))
    for name in REPRODUCTIONS:
        kept: list[Any] = []
        for about in read_recipe(name).tables.values():
            for figures in about["published"].values():
                for figure in figures.values():
                    kept += figure if isinstance(figure, list) else [figure]
        assert sorted(map(_plain, kept)) == sorted(map(_plain, printed[name])), name


def _plain(value: Any) -> str:
    try:
        return f"{float(value):g}"
    except ValueError:
        return str(value)
