"""Recall curves, and contact sheets of queries with their first five answers."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from wordsight.evaluation.metrics.recall import DIRECTIONS
from wordsight.papers.base import Row
from wordsight.plots.contact_sheets import Picture, draw_sheet
from wordsight.plots.contact_sheets import Row as Pictures
from wordsight.plots.style import ACCENT, FAINT, GRID, INK, figure, save, tidy, write_picture

log = logging.getLogger(__name__)

STYLES: tuple[dict[str, Any], ...] = (
    {"color": INK, "linestyle": "--"},
    {"color": FAINT, "linestyle": ":"},
    {"color": FAINT, "linestyle": "-."},
    {"color": INK},
    {"color": ACCENT, "linewidth": 2.2},
)


def draw(rows: Sequence[Row], directory: Path, folder: Path) -> list[Path]:
    """Draws the plots and contact sheets that have rows.

    Args:
        rows: rows of the report.
        directory: folder to write into.
        folder: folder of the image files; without these there are no contact sheets.
    """
    paths = []
    curves = [row for row in rows if row["kind"] == "curve" and row["images"] == "training"]
    if curves:
        paths.append(_curves(curves, directory / "retrieval-curves.png"))
    for direction in DIRECTIONS:
        shown = [row for row in rows if row["kind"] == "example" and row["direction"] == direction]
        shown = [row for row in shown if row["seed"] == shown[0]["seed"]]
        if shown and (folder / shown[0]["image"]).is_file():
            paths.append(_sheet(shown, folder, directory / f"contact-sheet-{direction}.png"))
    return paths


def _curves(rows: Sequence[Row], path: Path) -> Path:
    """A panel for each direction, with a line for each model."""
    drawn = figure(8.4, 3.8)
    for axes, direction in zip(drawn.subplots(1, 2, sharey=True), reversed(DIRECTIONS), strict=True):
        tidy(axes)
        axes.grid(axis="y", color=GRID, linewidth=0.8)
        for i, row in enumerate(row for row in rows if row["direction"] == direction):
            ranks = range(1, len(row["recall"]) + 1)
            axes.plot(ranks, [100 * share for share in row["recall"]], label=row["model"], **STYLES[i % len(STYLES)])
        axes.set_title(direction.replace("-to-", " → "), fontsize=10, color=INK, loc="left")
        axes.set_xlabel("K", fontsize=8, color=INK)
        axes.set_xlim(1, len(row["recall"]))
        axes.set_xticks([1, 5, 10, 20, 30, 40, 50])
        axes.set_ylim(0)
    drawn.axes[0].set_ylabel("recall at K, %", fontsize=8, color=INK)
    drawn.axes[0].legend(frameon=False, fontsize=8, loc="lower right")
    return save(drawn, path)


def _sheet(rows: Sequence[Row], folder: Path, path: Path) -> Path:
    """A row for each query with its first five answers, right ones framed; a caption is below its image."""
    lines = []
    for row in rows:
        pictures = [Picture(folder / image, text, framed=right) for text, image, right in row["answers"]]
        if row["direction"] == "image-to-caption":
            pictures.insert(0, Picture(folder / row["image"], "query"))
        lines.append(Pictures(row["text"], pictures))
    sheet, broken = draw_sheet(lines)
    if broken:
        log.warning("%d images could not be read and are missing on %s", len(broken), path)
    write_picture(sheet, path)
    return path
