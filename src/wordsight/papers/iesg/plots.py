"""The plots of IESG: kinds of errors, and precision by word frequency."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from wordsight.evaluation.tasks.matching import DIRECTIONS
from wordsight.papers.base import Row
from wordsight.papers.iesg.tables import TITLES
from wordsight.papers.recipes import PaperRecipe
from wordsight.papers.report_rows import distinct, mean, select
from wordsight.plots.style import ACCENT, FAINT, GRID, INK, PALE, SAND, STEEL, figure, save, tidy

COLORS = (FAINT, PALE, INK, STEEL, ACCENT, SAND)
"""The colours of the models, in the order of the recipe; a control has its model's."""
KIND_COLORS = (INK, STEEL, ACCENT, PALE)


def draw(recipe: PaperRecipe, rows: Sequence[Row], directory: Path) -> list[Path]:
    """Draws figures 2 and 3 as PNG, if there are rows for them.

    Raises:
        MissingExtraError: matplotlib is not installed.
        WriteError: a file cannot be written.
    """
    found = []
    for name, plot in (("figure2", _plot_kinds), ("figure3", _plot_frequency)):
        if chosen := select(rows, table=name):
            found.append(plot(recipe, chosen, directory / f"iesg-{name}.png"))
    return found


def _plot_kinds(recipe: PaperRecipe, rows: list[Row], path: Path) -> Path:
    models, kinds = distinct(rows, "model"), recipe.tables["figure2"]["kinds"]
    drawn = figure(7.0, 0.9 + 0.35 * len(models))
    axes = drawn.add_subplot()
    tidy(axes)
    left = np.zeros(len(models))
    for kind, color in zip(kinds, KIND_COLORS, strict=True):
        shares = np.array([100 * mean(select(rows, model=model, kind=kind), "share") for model in models])
        axes.barh(range(len(models)), shares, left=left, color=color, height=0.62, label=kind)
        left += shares
    axes.set_yticks(range(len(models)), models)
    axes.set_ylim(len(models) - 0.5, -0.5)
    axes.set_xlim(0, 100)
    axes.set_xlabel("per cent of the errors from image to word", fontsize=8)
    drawn.legend(loc="outside upper right", ncols=len(kinds), fontsize=8, frameon=False)
    return save(drawn, path)


def _styles(recipe: PaperRecipe) -> dict[str, tuple[str, str]]:
    """The colour and the line of each model; a control has a dashed line in the colour of its model."""
    colors, of_settings, styles = itertools.cycle(COLORS), dict[str, str](), dict[str, tuple[str, str]]()
    for label, model in recipe.models.items():
        settings = dict(model.hyperparameters)
        line = "--" if settings.pop("control", None) else "-"
        key = f"{model.name} {settings}"
        if key not in of_settings:
            of_settings[key] = next(colors)
        styles[label] = of_settings[key], line
    return styles


def _plot_frequency(recipe: PaperRecipe, rows: list[Row], path: Path) -> Path:
    styles = _styles(recipe)
    drawn = figure(9.0, 3.6)
    for column, direction in enumerate(DIRECTIONS, start=1):
        axes = drawn.add_subplot(1, len(DIRECTIONS), column)
        tidy(axes)
        axes.grid(axis="y", color=GRID, linewidth=0.8)
        for model in distinct(rows, "model"):
            color, line = styles[model]
            asked = select(rows, model=model, direction=direction)
            medians = sorted(distinct(asked, "median_frequency"))
            by_bin = [select(asked, median_frequency=median) for median in medians]
            scores, low, high = ([100 * mean(b, name) for b in by_bin] for name in ("score", "low", "high"))
            axes.fill_between(medians, low, high, color=color, alpha=0.15, linewidth=0)
            axes.plot(medians, scores, "o" + line, color=color, markersize=3.5, linewidth=1.5, label=model)
        axes.set_xscale("log")
        axes.set_ylim(0, 100)
        axes.set_title(TITLES[direction], fontsize=10, loc="left")
        axes.set_xlabel("occurrences of the word in the text", fontsize=8)
        axes.set_ylabel("P@1, per cent" if column == 1 else "", fontsize=8)
    handles, labels = drawn.axes[0].get_legend_handles_labels()
    drawn.legend(handles, labels, loc="outside lower center", ncols=3, fontsize=8, frameon=False)
    return save(drawn, path)
