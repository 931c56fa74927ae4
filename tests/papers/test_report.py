"""Result files: one row a line, still JSON, the same values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from wordsight.papers.report import changes_since, write_report

RESULTS = Path(__file__).parents[2] / "benchmarks" / "results"


@pytest.mark.parametrize("rows", [[], [{"model": "PIXIE⊕", "score": 0.1 + 0.2}, {"words": ["a\nb", None], "n": 3}]])
def test_a_report_has_one_row_a_line(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    report = {"name": "toy", "settings": {"dim": 3, "sizes": [1, 2]}, "commit": None, "rows": rows}
    path = write_report(tmp_path / "toy.json", report)
    text = path.read_text(encoding="utf-8")
    assert json.loads(text) == report
    lines = text.splitlines()
    first = lines.index('"rows": [') + 1
    assert [json.loads(line.rstrip(",")) for line in lines[first : first + len(rows)]] == rows
    assert "PIXIE⊕" in text or not rows


def test_one_changed_figure_changes_one_line(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [{"seed": seed, "score": seed / 7} for seed in range(20)]
    before = write_report(tmp_path / "before.json", {"name": "toy", "rows": rows}).read_text().splitlines()
    rows[3]["score"] = 0.5
    after = write_report(tmp_path / "after.json", {"name": "toy", "rows": rows}).read_text().splitlines()
    assert len(before) == len(after) and sum(a != b for a, b in zip(before, after, strict=True)) == 1


@pytest.mark.parametrize("path", sorted(RESULTS.glob("*.json")), ids=lambda path: path.stem)
def test_committed_results_have_this_form(path: Path, tmp_path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert write_report(tmp_path / path.name, json.loads(text)).read_text(encoding="utf-8") == text


def test_a_page_says_what_its_recipe_has_changed_since() -> None:
    measured = {"epochs": 5, "gammas": [0.0, 50.0], "workers": 1}
    text = changes_since({"epochs": 5, "gammas": (0.0, 100.0), "encoder": "lite2", "workers": 2}, measured)
    assert "`gammas` was [0.0, 50.0] and is [0.0, 100.0]" in text
    assert '`encoder` is new: "lite2"' in text
    assert "epochs" not in text and "workers" not in text


def test_a_page_says_nothing_where_its_recipe_is_as_it_was() -> None:
    assert changes_since({"gammas": (0.0, 100.0), "workers": 2}, {"gammas": [0.0, 100.0], "removed": 1}) == ""
