"""The plots of WIELD: losses by epoch, and cosines against ratings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from wordsight.papers.base import Row
from wordsight.papers.report_rows import distinct, select
from wordsight.plots.rating_scatter import rating_points
from wordsight.plots.style import ACCENT, INK, figure, save, tidy


def draw(rows: Sequence[Row], directory: Path) -> list[Path]:
    """Draws figures 2 and 3 for each number of captions, if there are rows for them."""
    paths = []
    for size in distinct(rows, "size"):
        suffix = f"-{size}" if size else ""
        for name, kind, plot in (("figure2", "losses", _plot_losses), ("figure3", "pairs", _plot_pairs)):
            if chosen := select(rows, kind=kind, size=size):
                drawn = figure(8, 3.6)
                plot(drawn, chosen)
                paths.append(save(drawn, directory / f"wield-{name}{suffix}.png"))
    return paths


def _plot_losses(drawn: Any, rows: Sequence[Row]) -> None:
    """The unweighted word loss and image loss after each epoch."""
    parts = (("word_loss", "cross-entropy of the masked word"), ("image_loss", "squared error of the image's encoding"))
    for axes, (name, label) in zip(drawn.subplots(1, 2), parts, strict=True):
        tidy(axes)
        highest = 0.0
        for i, gamma in enumerate(distinct(rows, "gamma")):
            epochs = select(rows, gamma=gamma)
            if name == "word_loss" or gamma:  # with γ = 0 the image loss is not trained
                losses = [row[name] for row in epochs]
                axes.plot(
                    [row["epoch"] for row in epochs],
                    losses,
                    marker="o",
                    color=(INK, ACCENT)[i % 2],
                    label=f"γ = {gamma:g}",
                )
                highest = max(highest, *losses)
        axes.set(xlabel="epoch", ylabel=label, xticks=[row["epoch"] for row in epochs][:: max(1, len(epochs) // 10)])
        axes.set_ylim(0, 1.1 * highest)
        axes.legend(frameon=False)


def _plot_pairs(drawn: Any, rows: Sequence[Row]) -> None:
    """A point for each pair, and the mean cosine in each tenth of the ratings."""
    for axes, row in zip(np.atleast_1d(drawn.subplots(1, len(rows), sharey=True)), rows, strict=True):
        ratings, cosines = np.array(row["ratings"]), np.array(row["cosines"])
        tidy(axes)
        rating_points(axes, ratings, cosines, "mean of a tenth")
        axes.set(title=f"γ = {row['gamma']:g}", xlabel="MEN's rating")
    drawn.axes[0].set_ylabel("cosine of the learned vectors")
    drawn.axes[0].legend(frameon=False, loc="upper left")
