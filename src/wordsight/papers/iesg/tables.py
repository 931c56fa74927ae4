"""The tables of IESG from rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wordsight.evaluation.tasks.matching import DIRECTIONS
from wordsight.papers import report_rows as show
from wordsight.papers.base import ReportTable, Row
from wordsight.papers.recipes import PaperRecipe

TITLES = dict(zip(DIRECTIONS, ("image → word", "word → image"), strict=True))


def tables(recipe: PaperRecipe, rows: Sequence[Row]) -> list[ReportTable]:
    """Tables 1 to 3 and the numbers of figures 2 and 3, if there are rows for them."""
    makers = {"table1": _precision, "table2": _precision, "table3": _similarity, "figure2": _kinds}
    makers |= {"figure3": _frequency}
    found = []
    for name, make in makers.items():
        about = recipe.tables[name]
        if chosen := show.select(rows, table=name):
            header, lines = make(about, chosen)
            found.append(ReportTable(about["title"], header, lines, about["note"], name))
    return found


def _precision(about: dict[str, Any], rows: list[Row]) -> tuple[list[str], list[list[str]]]:
    ranks = sorted({row["rank"] for row in rows})
    lines = []
    for model in show.distinct(rows, "model"):
        lines.append([model, *(_percent(show.select(rows, model=model, rank=k)) for k in ranks)])
    lines.append(["chance", *(show.written(show.select(rows, rank=k)[0]["chance"], show.PERCENT) for k in ranks)])
    asked = f"{rows[0]['n']} questions"
    return [asked, *(f"P@{k}" for k in ranks)], lines


def _similarity(about: dict[str, Any], rows: list[Row]) -> tuple[list[str], list[list[str]]]:
    sets = about["sets"]
    lines = [["skip-gram", *(show.score_and_interval(show.select(rows, of="start", dataset=name)) for name in sets)]]
    for model in show.distinct(rows, "model"):
        line = [model]
        for name in sets:
            ours, start = (show.select(rows, model=model, of=whose, dataset=name) for whose in ("model", "start"))
            line.append(f"{show.score_and_interval(ours)}, {show.signed(show.mean(ours) - show.mean(start))}")
        lines.append(line)
    return ["", *(name.removeprefix("EN-") for name in sets)], lines


def _kinds(about: dict[str, Any], rows: list[Row]) -> tuple[list[str], list[list[str]]]:
    kinds = about["kinds"]
    lines = []
    for model in show.distinct(rows, "model"):
        parts = [show.select(rows, model=model, kind=kind) for kind in kinds]
        shares = [show.written(show.mean(part, "share"), show.PERCENT) for part in parts]
        lines.append([model, *shares, f"{show.mean(parts[0], 'errors'):.0f}"])
    return ["", *kinds, "errors"], lines


def _frequency(about: dict[str, Any], rows: list[Row]) -> tuple[list[str], list[list[str]]]:
    bins = show.distinct(rows, "rarest", "most_frequent")
    lines = []
    for direction in DIRECTIONS:
        for model in show.distinct(rows, "model"):
            asked = show.select(rows, model=model, direction=direction)
            shown = [_percent(show.select(asked, rarest=low, most_frequent=high)) for low, high in bins]
            lines.append([f"{TITLES[direction]}: {model}", *shown])
    return ["occurrences", *(f"{low:,} to {high:,}" for low, high in bins)], lines


def _percent(rows: Sequence[Row]) -> str:
    """The mean, deviation over seeds and interval, in per cent."""
    return f"{show.score_and_deviation(rows, show.PERCENT)} {show.interval(rows, show.PERCENT)}"
