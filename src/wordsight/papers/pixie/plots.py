"""The forest plot of PIXIE: models and sets of rated pairs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from wordsight.papers.base import Row
from wordsight.papers.pixie.tables import SETS, Figures
from wordsight.papers.recipes import PaperRecipe
from wordsight.plots.forest import Point, forest_plot


def draw(rows: Sequence[Row], recipe: PaperRecipe, directory: Path) -> list[Path]:
    """Draws the scores of models × sets on all pairs, with intervals, and the controls of the best model."""
    found = Figures(rows)
    panels: dict[str, list[Point]] = {}
    for dataset in recipe.tables["controls"]["sets"]:
        points = []
        for model in found.known("model", "main"):
            for kind in ("real", "shuffled", "random"):
                row = found.mean("main", model, dataset, "all", kind)
                shown = kind == "real" or model == recipe.tables["differences"]["model"]
                if row and shown and found.covers_all(model, dataset, "all"):
                    name = model if kind == "real" else f"{model}, {kind}"
                    points.append(Point(name, row["score"], row["low"], row["high"], faint=kind != "real"))
        if points:
            panels[SETS.get(dataset, dataset)] = points
    return [forest_plot(panels, directory / "pixie-forest.png", "Spearman's rho, all pairs")] if panels else []
