"""Choosing rows and writing figures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from wordsight.papers import report_rows as show

ROWS: list[dict[str, Any]] = [
    {"model": "a", "seed": 0, "score": 0.5, "low": 0.25, "high": 0.75, "n": 1234, "coverage": 0.5},
    {"model": "a", "seed": 1, "score": 0.7, "low": 0.45, "high": 0.85, "n": 1234, "coverage": 0.5},
    {"model": "b", "seed": 0, "score": 0.1, "low": -0.1, "high": 0.2, "n": 9, "coverage": 1.0, "control": "shuffled"},
]


def test_rows_are_chosen_by_their_values() -> None:
    assert show.select(ROWS, model="a", seed=1) == [ROWS[1]]
    assert show.select(ROWS, control=None) == ROWS[:2]  # None also stands for a field that is not there
    assert show.select(ROWS, model="c") == []
    assert show.distinct(ROWS, "model") == ["a", "b"]
    assert show.distinct(ROWS, "model", "seed") == [("a", 0), ("a", 1), ("b", 0)]


def test_figures_are_means_over_the_rows() -> None:
    rows = ROWS[:2]
    assert show.mean(rows) == pytest.approx(0.6) and show.mean(rows, "low") == pytest.approx(0.35)
    assert show.score(rows) == "0.600" and show.score(rows, show.PERCENT) == "60.0"
    assert show.interval(rows) == "[0.350, 0.800]" and show.interval(rows, show.PERCENT) == "[35.0, 80.0]"
    assert show.score_and_interval(rows) == "0.600 [0.350, 0.800]"
    assert show.score_and_deviation(rows) == f"0.600 ± {np.std([0.5, 0.7]):.3f}"
    assert [write([]) for write in (show.score, show.score_and_interval, show.score_and_deviation, show.gain)] == [
        "–"
    ] * 4


def test_differences_have_signs_and_stand_out_where_they_are_real() -> None:
    found = {"difference": 0.031, "low": 0.01, "high": 0.05}
    assert show.difference(found) == "**+0.031 [+0.010, +0.050]**"
    assert show.difference(found | {"low": -0.01}) == "+0.031 [-0.010, +0.050]"
    assert show.difference({"difference": -0.2, "low": -0.3, "high": -0.1}, show.PERCENT) == "**-20.0 [-30.0, -10.0]**"
    assert show.difference(None) == "–"
    assert show.gain([found, {"difference": 0.013, "low": 0.0, "high": 0.02}]) == "+0.022 [+0.005, +0.035]"
    twice = [{"gain": 0.2, "gain_low": 0.1, "gain_high": 0.3}]
    assert show.gain(twice, "gain", ("gain_low", "gain_high")) == "+0.200 [+0.100, +0.300]"


def test_counts() -> None:
    assert show.coverage(ROWS[0]) == "1,234 (50%)"
