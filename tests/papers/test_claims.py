"""Claims of the papers: an order of figures, in theirs and in ours, and what images add."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from wordsight.papers.claims import Verdict, claimed_figures, verdicts
from wordsight.papers.recipes import read_recipe
from wordsight.papers.registry import REPRODUCTIONS


@pytest.mark.parametrize("name", REPRODUCTIONS)
def test_the_papers_figures_are_in_the_order_that_is_claimed(name: str) -> None:
    for about in read_recipe(name).tables.values():
        for claim in about.get("claims", []):
            figures = claimed_figures(about, claim)
            assert figures == sorted(set(figures), reverse=True) and len(figures) > 1, claim["says"]
            assert len(claim.get("ours", figures)) == len(figures), claim["says"]


def row(model: str, score: float | None, low: float = 0.0, high: float = 1.0, **facts: Any) -> dict[str, Any]:
    return {"kind": "mean", "model": model, "score": score, "low": low, "high": high, **facts}


def difference(low: float, against: str) -> dict[str, Any]:
    return {"kind": "difference", "model": "A", "difference": 0.1, "low": low, "high": 0.2, "against": against}


def verdict(rows: list[dict[str, Any]], claim: dict[str, Any] | None = None, **about: Any) -> Verdict | None:
    table: dict[str, Any] = {
        "title": "Table 9: toys",
        "published": {"A": {"MEN": [0.7, 0.9]}, "B": {"MEN": 0.4}},
        "rows": {"kind": "mean"},
        "claims": [{"says": "A is above B", "paper": ["A", "B"], "column": "MEN"} | (claim or {})],
        **about,
    }
    found = verdicts(replace(read_recipe("pixie"), tables={"table9": table}), rows)
    return found[0] if found else None


def test_an_order_holds_where_intervals_are_apart() -> None:
    found = verdict([row("A", 0.5, 0.45, 0.55), row("A", 0.7, 0.65, 0.75), row("B", 0.3, 0.2, 0.4)])
    assert found is not None and (found.holds, found.apart, found.seen, found.survives) == (True, True, None, True)
    assert (found.table, found.column, found.paper, found.beyond) == ("Table 9", "MEN", "0.7 > 0.4", "–")
    assert found.ours == "0.600 [0.550, 0.650] > 0.300 [0.200, 0.400]"


def test_an_order_within_the_noise_does_not_survive() -> None:
    found = verdict([row("A", 0.5, 0.35, 0.55), row("B", 0.3, 0.2, 0.4)])
    assert found is not None and (found.holds, found.apart, found.survives) == (True, False, False)


def test_an_order_fails() -> None:
    found = verdict([row("A", 0.3, 0.2, 0.4), row("B", 0.5, 0.45, 0.55)], per_cent=True)
    assert found is not None and not found.holds and not found.survives
    assert found.ours == "30.0 [20.0, 40.0] < 50.0 [45.0, 55.0]"
    same = verdict([row("A", 0.5), row("B", 0.5)])
    assert same is not None and not same.holds and " = " in same.ours


@pytest.mark.parametrize(("low", "apart"), [(0.01, True), (0.0, False), (-0.01, False)])
def test_a_paired_difference_says_what_noise_is(low: float, apart: bool) -> None:
    rows = [row("A", 0.5, 0.1, 0.9), row("B", 0.3, 0.1, 0.9), difference(low, "text")]
    found = verdict(rows, paired={"kind": "difference"}, against={"B": "text"})
    assert found is not None and found.apart is apart
    unknown = verdict(rows, paired={"kind": "difference"})  # none against B: their intervals overlap
    assert unknown is not None and not unknown.apart


@pytest.mark.parametrize(("low", "seen"), [(0.01, True), (-0.01, False)])
def test_images_must_add_to_every_control(low: float, seen: bool) -> None:
    rows = [row("A", 0.5, 0.45, 0.55), row("B", 0.3, 0.2, 0.4), difference(0.05, "noise"), difference(low, "shuffled")]
    sight = {name: {"kind": "difference", "against": name} for name in ("noise", "shuffled", "unknown")}
    found = verdict(rows, sight=sight)
    assert found is not None and (found.seen, found.survives) == (seen, seen)
    assert found.beyond == f"noise +0.100 [+0.050, +0.200]; shuffled +0.100 [{low:+.3f}, +0.200]"


@pytest.mark.parametrize(("high", "seen"), [(0.44, True), (0.46, False)])
def test_a_control_may_be_a_model(high: float, seen: bool) -> None:
    rows = [row("A", 0.5, 0.45, 0.55), row("B", 0.3, 0.2, 0.4), row("C", 0.4, 0.3, high)]
    found = verdict(rows, {"controls": {"noise": {"model": "C"}}})
    assert found is not None and found.seen is seen and found.beyond == f"noise 0.400 [0.300, {high:.3f}]"


def test_without_rows_nothing_is_said() -> None:
    assert verdict([row("A", 0.5), row("B", None)]) is None
    asked = verdict([row("a", 0.5), row("b", 0.3)], {"ours": [{"model": "a"}, {"model": "b"}]})
    assert asked is not None and asked.holds
