"""Curves over a logarithmic axis, a panel for each data set; a band shows an interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from wordsight.plots.style import ACCENT, FAINT, GRID, INK, PALE, STEEL, figure, save, tidy


class Curve(NamedTuple):
    """A curve, or a band.

    Attributes:
        name: its name in the legend.
        x: positive numbers; empty for a band over the whole width.
        y: the value at each x; for a band its lower and upper end.
        faint: whether it is drawn thinner, as a control.
    """

    name: str
    x: Sequence[float]
    y: Sequence[float]
    faint: bool = False


def curves_plot(panels: Mapping[str, Sequence[Curve]], path: Path, x_label: str, y_label: str) -> Path:
    """Draws a panel for each data set with its curves; the legend stands in the first.

    Args:
        panels: data set → curves, in the same order in each panel.
        path: path of the PNG file.
        x_label: label of the logarithmic x axes.
        y_label: label of the first y axis.

    Raises:
        MissingExtraError: matplotlib is not installed.
        WriteError: the file cannot be written.
    """
    drawn = figure(0.8 + 2.4 * len(panels), 2.8)
    for column, (title, curves) in enumerate(panels.items(), start=1):
        axes = drawn.add_subplot(1, len(panels), column)
        tidy(axes)
        axes.grid(axis="y", color=GRID, linewidth=0.8)
        controls = iter((STEEL, FAINT))
        for curve in curves:
            if not len(curve.x):
                axes.axhspan(*curve.y, facecolor=GRID, edgecolor=PALE, zorder=0, label=curve.name)
                continue
            color = next(controls, FAINT) if curve.faint else ACCENT
            width = 1.2 if curve.faint else 2.0
            axes.plot(curve.x, curve.y, "o-", color=color, linewidth=width, markersize=4, label=curve.name)
        axes.set_xscale("log")
        axes.minorticks_off()
        axes.xaxis.set_major_formatter("{x:,.0f}")
        axes.set_title(title, fontsize=10, color=INK, loc="left")
        axes.set_xlabel(x_label, fontsize=8, color=INK)
        if column == 1:
            axes.set_ylabel(y_label, fontsize=8, color=INK)
            axes.legend(fontsize=7, frameon=False, labelcolor=INK)
    return save(drawn, path)
