"""IESG's rows as tables and pictures."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from wordsight.evaluation.tasks.matching import DIRECTIONS
from wordsight.papers.base import Row, Table
from wordsight.papers.recipes import Recipe
from wordsight.plots.style import figure, save, tidy

COLORS = ("#9aa7b1", "#c9d1d7", "#22303c", "#5c7f9c", "#c8553d", "#e0b7a8")
"""Of the models, in the recipe's order."""
KIND_COLORS = ("#22303c", "#5c7f9c", "#c8553d", "#d7dde1")
TITLES = dict(zip(DIRECTIONS, ("image → word", "word → image"), strict=True))


def tables(recipe: Recipe, rows: Sequence[Row]) -> list[Table]:
    """Tables 1 to 3 and the numbers of figures 2 and 3, as far as there are rows for them."""
    makers = {"table1": _precision, "table2": _precision, "table3": _similarity, "figure2": _kinds}
    makers |= {"figure3": _frequency}
    found = []
    for name, make in makers.items():
        of = [row for row in rows if row["table"] == name]
        if of:
            header, lines = make(recipe, name, of)
            found.append(Table(recipe.tables[name]["title"], header, lines, recipe.tables[name].get("note", "")))
    return found


def _precision(recipe: Recipe, table: str, rows: list[Row]) -> tuple[list[str], list[list[str]]]:
    ranks = sorted({row["rank"] for row in rows})
    published = recipe.tables[table].get("published", {})
    lines = []
    for model in _models(rows):
        line = [model]
        for k in ranks:
            paper = published.get(model, {}).get(str(k))
            line.append(_percent(_select(rows, model=model, rank=k)) + (f" (paper {paper})" if paper else ""))
        lines.append(line)
    lines.append(["chance", *(f"{100 * _select(rows, rank=k)[0]['chance']:.1f}" for k in ranks)])
    asked = f"{rows[0]['n']} questions"
    return [asked, *(f"P@{k}" for k in ranks)], lines


def _similarity(recipe: Recipe, table: str, rows: list[Row]) -> tuple[list[str], list[list[str]]]:
    sets = recipe.tables[table]["sets"]
    lines = [["skip-gram", *(_score(_select(rows, of="start", dataset=name)) for name in sets)]]
    for model in _models(rows):
        line = [model]
        for name in sets:
            ours, start = (_select(rows, model=model, of=of, dataset=name) for of in ("model", "start"))
            line.append(f"{_score(ours)}, {_mean(ours, 'score') - _mean(start, 'score'):+.3f}")
        lines.append(line)
    return ["", *(name.removeprefix("EN-") for name in sets)], lines


def _kinds(recipe: Recipe, table: str, rows: list[Row]) -> tuple[list[str], list[list[str]]]:
    kinds = recipe.tables[table]["kinds"]
    lines = []
    for model in _models(rows):
        of = [_select(rows, model=model, kind=kind) for kind in kinds]
        errors = _mean(of[0], "errors")
        lines.append([model, *(f"{100 * _mean(part, 'share'):.1f}" for part in of), f"{errors:.0f}"])
    return ["", *kinds, "errors"], lines


def _frequency(recipe: Recipe, table: str, rows: list[Row]) -> tuple[list[str], list[list[str]]]:
    bins = list(dict.fromkeys((row["rarest"], row["most_frequent"]) for row in rows))
    lines = []
    for direction in DIRECTIONS:
        for model in _models(rows):
            of = _select(rows, model=model, direction=direction)
            shown = [_percent([row for row in of if (row["rarest"], row["most_frequent"]) == span]) for span in bins]
            lines.append([f"{TITLES[direction]}: {model}", *shown])
    return ["occurrences", *(f"{low:,} to {high:,}" for low, high in bins)], lines


def draw(recipe: Recipe, rows: Sequence[Row], directory: Path) -> list[Path]:
    """Figures 2 and 3 as PNG, as far as there are rows for them.

    Raises:
        MissingExtraError: matplotlib is not installed.
        WriteError: a file cannot be written.
    """
    found = []
    for name, plot in (("figure2", _plot_kinds), ("figure3", _plot_frequency)):
        of = [row for row in rows if row["table"] == name]
        if of:
            found.append(plot(recipe, of, directory / f"iesg-{name}.png"))
    return found


def _plot_kinds(recipe: Recipe, rows: list[Row], path: Path) -> Path:
    models, kinds = _models(rows), recipe.tables["figure2"]["kinds"]
    drawn = figure(7.0, 0.9 + 0.35 * len(models))
    axes = drawn.add_subplot()
    tidy(axes)
    left = np.zeros(len(models))
    for kind, color in zip(kinds, KIND_COLORS, strict=True):
        shares = np.array([100 * _mean(_select(rows, model=model, kind=kind), "share") for model in models])
        axes.barh(range(len(models)), shares, left=left, color=color, height=0.62, label=kind)
        left += shares
    axes.set_yticks(range(len(models)), models)
    axes.set_ylim(len(models) - 0.5, -0.5)
    axes.set_xlim(0, 100)
    axes.set_xlabel("per cent of the errors from image to word", fontsize=8)
    drawn.legend(loc="outside upper right", ncols=len(kinds), fontsize=8, frameon=False)
    return save(drawn, path)


def _plot_frequency(recipe: Recipe, rows: list[Row], path: Path) -> Path:
    colors = dict(zip(recipe.models, itertools.cycle(COLORS), strict=False))
    drawn = figure(9.0, 3.6)
    for place, direction in enumerate(DIRECTIONS, start=1):
        axes = drawn.add_subplot(1, len(DIRECTIONS), place)
        tidy(axes)
        axes.grid(axis="y", color="#e6eaed", linewidth=0.8)
        for model in _models(rows):
            color = colors[model]
            of = _select(rows, model=model, direction=direction)
            medians = sorted({row["median_frequency"] for row in of})
            by_bin = [[row for row in of if row["median_frequency"] == median] for median in medians]
            scores, low, high = ([100 * _mean(b, name) for b in by_bin] for name in ("score", "low", "high"))
            axes.fill_between(medians, low, high, color=color, alpha=0.15, linewidth=0)
            axes.plot(medians, scores, "o-", color=color, markersize=3.5, linewidth=1.5, label=model)
        axes.set_xscale("log")
        axes.set_ylim(0, 100)
        axes.set_title(TITLES[direction], fontsize=10, loc="left")
        axes.set_xlabel("occurrences of the word in the text", fontsize=8)
        axes.set_ylabel("P@1, per cent" if place == 1 else "", fontsize=8)
    handles, labels = drawn.axes[0].get_legend_handles_labels()
    drawn.legend(handles, labels, loc="outside lower center", ncols=3, fontsize=8, frameon=False)
    return save(drawn, path)


def _models(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(row["model"] for row in rows))


def _select(rows: Sequence[Row], **wanted: Any) -> list[Row]:
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def _mean(rows: Sequence[Row], field: str) -> float:
    return float(np.mean([row[field] for row in rows]))


def _percent(rows: Sequence[Row]) -> str:
    """Mean and deviation over seeds, with the interval, in per cent."""
    score, low, high = (100 * _mean(rows, name) for name in ("score", "low", "high"))
    return f"{score:.1f} ± {100 * np.std([row['score'] for row in rows]):.1f} [{low:.1f}, {high:.1f}]"


def _score(rows: Sequence[Row]) -> str:
    return f"{_mean(rows, 'score'):.3f} [{_mean(rows, 'low'):.3f}, {_mean(rows, 'high'):.3f}]"
