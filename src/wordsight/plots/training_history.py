"""Histories: how losses and other figures went, epoch by epoch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wordsight.errors import ParameterError, unknown_name
from wordsight.plots.fonts import families
from wordsight.plots.style import ACCENT, GRID, INK, SERIES, axes_in, legend, tidy

Epochs = Sequence[Mapping[str, float]]
"""A model's ``history_``: one entry an epoch."""


def history(epochs: Epochs | Mapping[str, Epochs], *, figure: str = "loss", ax: Any = None) -> Any:
    """Draws one figure of a model's history after each epoch.

    Args:
        epochs: ``model.history_``, or several by their models' names.
        figure: which one, such as ``"loss"``, a part of it, or ``"words_per_second"``.
        ax: matplotlib axes to draw in; None: a matplotlib figure is made.

    Returns:
        The matplotlib figure.

    Raises:
        ParameterError: there is no finished epoch.
        UnknownNameError: a history has no such figure; the message says which there are.
        MissingExtraError: matplotlib is not installed.
    """
    runs = dict(epochs) if isinstance(epochs, Mapping) else {"": epochs}
    for name, run in runs.items():
        if not run:
            raise ParameterError(f"the history{f' of {name}' if name else ''} is empty: no epoch was finished")
        if any(figure not in entry for entry in run):
            known = [key for key in run[0] if key != "epoch"]
            raise unknown_name("figure", figure, known, hint=f"there are: {', '.join(known)}")
    drawn, axes = axes_in(ax, 5, 3.2)
    tidy(axes)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    for i, (name, run) in enumerate(runs.items()):
        numbers = [entry.get("epoch", position) for position, entry in enumerate(run, start=1)]
        colour = ACCENT if len(runs) == 1 else SERIES[i % len(SERIES)]
        axes.plot(
            numbers, [entry[figure] for entry in run], "o-", color=colour, linewidth=1.8, markersize=4, label=name
        )
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_xlabel("epoch", fontsize=8, color=INK)
    axes.set_ylabel(figure.replace("_", " "), fontsize=8, color=INK)
    if any(runs):
        legend(axes, families(runs))
    return drawn
