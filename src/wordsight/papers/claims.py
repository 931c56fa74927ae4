"""What a paper's tables claim, and what our figures say to it: does the order hold, and is it seeing?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from wordsight.papers import report_rows as show
from wordsight.papers.base import Row
from wordsight.papers.published import first_of
from wordsight.papers.recipes import PaperRecipe


@dataclass(frozen=True)
class Verdict:
    """A claim of a paper, and what our figures say to it.

    Attributes:
        table: which of the paper's, such as ``"Table 1"``.
        column: of that table.
        says: the claim in words.
        paper: the paper's figures, in the order claimed.
        ours: our figures in the same order, with their intervals.
        holds: whether ours are in the order claimed.
        apart: whether, beyond that, each is above the next by more than the noise: the interval of their paired
            difference is above zero; where no such difference is known, their own intervals do not overlap.
        beyond: what real images add to each control, or nothing where there is none.
        seen: whether they add something to every control; None where there is none.
    """

    table: str
    column: str
    says: str
    paper: str
    ours: str
    holds: bool
    apart: bool
    beyond: str
    seen: bool | None

    @property
    def survives(self) -> bool:
        """Whether the order holds beyond the noise and, where controls were run, the images must be seen for it."""
        return self.holds and self.apart and self.seen is not False


def verdicts(recipe: PaperRecipe, rows: Sequence[Row]) -> list[Verdict]:
    """All claims of a recipe for which there are rows."""
    found = []
    for about in recipe.tables.values():
        for claim in about.get("claims", []):
            verdict = _verdict(about, claim, rows)
            found += [verdict] if verdict else []
    return found


def claimed_figures(about: Mapping[str, Any], claim: Mapping[str, Any]) -> list[float]:
    """The paper's figures behind a claim, best first."""
    return [first_of(about["published"][label][claim["column"]]) for label in claim["paper"]]


def _verdict(about: Mapping[str, Any], claim: Mapping[str, Any], rows: Sequence[Row]) -> Verdict | None:
    unit = show.PERCENT if about.get("per_cent") else show.PLAIN
    common = {**about["rows"], **claim.get("where", {})}
    models = claim.get("ours", [{"model": label} for label in claim["paper"]])
    ours = [_scored(show.select(rows, **{**common, **own})) for own in models]
    if not all(ours):
        return None
    scores = [show.mean(one) for one in ours]
    beyond, seen = _beyond(about, claim, rows, models[0], ours[0], unit)
    paper = claimed_figures(about, claim)
    return Verdict(
        table=about["title"].partition(":")[0],
        column=claim["column"],
        says=claim["says"],
        paper=_ordered(paper, [f"{value:g}" for value in paper]),
        ours=_ordered(scores, [show.score_and_interval(one, unit) for one in ours]),
        holds=all(a > b for a, b in pairwise(scores)),
        apart=all(_apart(about, claim, rows, *pair) for pair in pairwise(zip(models, ours, strict=True))),
        beyond=beyond,
        seen=seen,
    )


def _scored(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row["score"] is not None]


def _apart(
    about: Mapping[str, Any],
    claim: Mapping[str, Any],
    rows: Sequence[Row],
    better: tuple[Mapping[str, Any], Sequence[Row]],
    worse: tuple[Mapping[str, Any], Sequence[Row]],
) -> bool:
    """Whether one of our figures is above another by more than the noise."""
    (model, above), (other, below) = better, worse
    name = about.get("against", {}).get(other.get("model"), other.get("model"))
    if paired := about.get("paired"):
        wanted = {**claim.get("where", {}), **model, "against": name, **paired}
        if found := show.select(rows, **wanted):
            return show.mean(found, "low") > 0
    return show.mean(above, "low") > show.mean(below, "high")


def _ordered(values: Sequence[float], texts: Sequence[str]) -> str:
    """Texts with the sign between each two that their values have."""
    text = texts[0]
    for before, after, shown in zip(values, values[1:], texts[1:], strict=False):
        text += f" {'>' if before > after else '<' if before < after else '='} {shown}"
    return text


def _beyond(
    about: Mapping[str, Any],
    claim: Mapping[str, Any],
    rows: Sequence[Row],
    best: Mapping[str, Any],
    ours: Sequence[Row],
    unit: show.Unit,
) -> tuple[str, bool | None]:
    """What the best model's real images add: paired differences from controls, or the controls' own scores."""
    where = claim.get("where", {})
    texts, seen = [], []
    for name, wanted in about.get("sight", {}).items():
        found = show.select(rows, **{**where, **best, **wanted})
        if found:
            texts.append(f"{name} {show.gain(found, unit=unit)}")
            seen.append(show.mean(found, "low") > 0)
    for name, wanted in claim.get("controls", {}).items():
        control = _scored(show.select(rows, **{**about["rows"], **where, **wanted}))
        if control:
            texts.append(f"{name} {show.score_and_interval(control, unit)}")
            seen.append(show.mean(ours, "low") > show.mean(control, "high"))
    return "; ".join(texts) or show.NONE, all(seen) if seen else None
