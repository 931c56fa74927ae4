"""WIELD's rows as tables and pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from wordsight.papers.base import Row, Table
from wordsight.papers.recipes import Recipe
from wordsight.plots.style import ACCENT, FAINT, INK, figure, save, tidy

SHORT = {"EN-MEN-TR-3k": "MEN", "EN-SIMLEX-999": "SimLex", "EN-WS-353-ALL": "WS-353"}
MEN = "EN-MEN-TR-3k"
NONE = "–"


def tables(recipe: Recipe, rows: Sequence[Row]) -> list[Table]:
    """Tables 1 to 4 for each number of captions, as far as there are rows for them."""
    makers = {"table1": _table1, "table2": _table2, "table3": _table3, "table4": _table4}
    found = []
    for size in dict.fromkeys(row["size"] for row in rows):
        of_size = [row for row in rows if row["size"] == size]
        suffix = f", {size:,} captions" if size else ""
        for name, make in makers.items():
            about = recipe.tables[name]
            header, lines, note = make(recipe, of_size)
            if lines:
                note = " ".join(filter(None, (about.get("note", ""), note)))
                found.append(Table(about["title"] + suffix, header, lines, note))
    return found


def _table1(recipe: Recipe, rows: list[Row]) -> tuple[list[str], list[list[str]], str]:
    header = ["γ", "learned", "gain", "shuffled", "random", "concat", "concat, shuffled", "concat, random"]
    lines = []
    for gamma in recipe.settings["gammas"]:
        of = {
            c: _select(rows, "scores", model="wield", gamma=gamma, control=c, window=None, image_target=None)
            for c in _CONTROLS
        }
        if of[None]:
            learned, concat = _with_controls(of, "learned"), _with_controls(of, "concat")
            lines.append([f"{gamma:g}", learned[0], _gain(of[None]), *learned[1:], *concat])
    return header, lines, f"{_covered(rows)} {_published_gain(recipe)}" if lines else ""


def _table2(recipe: Recipe, rows: list[Row]) -> tuple[list[str], list[list[str]], str]:
    header = ["λ", "image of the caption", "shuffled", "random", "images of the context words"]
    header += ["concat, caption", "concat, shuffled", "concat, random"]
    lines = []
    for weight in recipe.settings["weights"]:
        of = {
            c: _select(rows, "scores", model="wieldinput", weight=weight, control=c, image_input="caption")
            for c in _CONTROLS
        }
        words = _select(rows, "scores", model="wieldinput", weight=weight, image_input="word")
        if of[None]:
            learned, concat = _with_controls(of, "learned"), _with_controls(of, "concat")
            lines.append([f"{weight:g}", *learned, _mean(words, "learned"), *concat])
    return header, lines, _covered(rows) if lines else ""


def _table3(recipe: Recipe, rows: list[Row]) -> tuple[list[str], list[list[str]], str]:
    best = recipe.settings["best_gamma"]
    columns = [(0.0, "learned"), (best, "learned"), (best, "concat")]
    header = ["word", "γ = 0", f"γ = {best:g}", f"γ = {best:g}, concat"]
    lines = []
    for word in recipe.tables["table3"]["words"]:
        found = [_select(rows, "neighbours", gamma=g, composition=c, word=word) for g, c in columns]
        if all(found):
            lines.append([word, *(", ".join(of[0]["neighbours"]) or NONE for of in found)])
    return header, lines, ""


def _table4(recipe: Recipe, rows: list[Row]) -> tuple[list[str], list[list[str]], str]:
    best = recipe.settings["best_gamma"]
    header = ["window", "trained on", *(f"{name}, learned" for name in SHORT.values()), "MEN, gain over γ = 0"]
    lines = []
    for window, where in ((None, str(recipe.settings["window"])), (0, "caption")):
        for gamma, target, control, what in _settings4(best):
            of = _select(
                rows, "scores", model="wield", gamma=gamma, control=control, window=window, image_target=target
            )
            if of and not (target and window == 0):
                scores = [_mean(of, "learned", dataset) for dataset in SHORT]
                lines.append([where, what, *scores, _gain(of)])
    beyond = []
    for (gamma, control), what in {
        (0.0, None): "γ = 0",
        (best, "shuffled"): "shuffled",
        (best, "random"): "random",
    }.items():
        for composition in ("learned", "concat"):
            of = _select(
                rows, "comparison", against_gamma=gamma, against_control=control, composition=composition, dataset=MEN
            )
            if of:
                beyond.append(f"{what}, {composition}: {_signed(of, 'difference', 'low', 'high')}")
    note = f"Real images at γ = {best:g} on MEN beyond {'; '.join(beyond)}." if beyond else ""
    return header, lines, note


_CONTROLS = (None, "shuffled", "random")


def _settings4(best: float) -> list[tuple[float, str | None, str | None, str]]:
    names = {None: "real", "shuffled": "shuffled", "random": "random"}
    captions = [(best, None, c, f"words and {name} images") for c, name in names.items()]
    words = [(best, "word", c, f"words and {name} images, averaged by word") for c, name in names.items()]
    return [(0.0, None, None, "words"), *captions, *words]


def _select(rows: Sequence[Row], kind: str, **wanted: Any) -> list[Row]:
    """The rows of these values; None also stands for a setting that a row does not have."""
    return [row for row in rows if row["kind"] == kind and all(row.get(n) == value for n, value in wanted.items())]


def _with_controls(of: Mapping[str | None, list[Row]], composition: str) -> list[str]:
    """With real images, with its interval, then with shuffled and random ones."""
    real = [row for row in of[None] if row["composition"] == composition and row["dataset"] == MEN]
    low, high = (np.mean([row[end] for row in real]) for end in ("low", "high"))
    return [
        f"{_mean(of[None], composition)} [{low:.3f}, {high:.3f}]",
        *(_mean(of[c], composition) for c in _CONTROLS[1:]),
    ]


def _mean(rows: Sequence[Row], composition: str, dataset: str = MEN) -> str:
    """Mean and standard deviation over seeds."""
    of = [row["score"] for row in rows if row["composition"] == composition and row["dataset"] == dataset]
    return f"{np.mean(of):.3f} ± {np.std(of):.3f}" if of else NONE


def _gain(rows: Sequence[Row]) -> str:
    of = [row for row in rows if "gain" in row and row["composition"] == "learned" and row["dataset"] == MEN]
    return _signed(of, "gain", "gain_low", "gain_high") if of else NONE


def _signed(rows: Sequence[Row], *names: str) -> str:
    value, low, high = (float(np.mean([row[name] for row in rows])) for name in names)
    return f"{value:+.3f} [{low:+.3f}, {high:+.3f}]"


def _covered(rows: Sequence[Row]) -> str:
    row = next(row for row in rows if row["kind"] == "scores" and row["dataset"] == MEN)
    return f"{row['n']:,} pairs of MEN ({row['coverage']:.0%}) are covered."


def _published_gain(recipe: Recipe) -> str:
    gains = recipe.tables["table1"]["published"]["gain"]
    return "Paper, best γ over γ = 0: " + ", ".join(f"{gain:+.2f} at {what}" for what, gain in gains.items()) + "."


def plots(rows: Sequence[Row], directory: Path) -> list[Path]:
    """Figures 2 and 3, for each number of captions, as far as there are rows for them."""
    paths = []
    for size in dict.fromkeys(row["size"] for row in rows):
        suffix = f"-{size}" if size else ""
        for name, kind, draw in (("figure2", "losses", _draw_losses), ("figure3", "pairs", _draw_pairs)):
            of = [row for row in rows if row["kind"] == kind and row["size"] == size]
            if of:
                drawn = figure(8, 3.6)
                draw(drawn, of)
                paths.append(save(drawn, directory / f"wield-{name}{suffix}.png"))
    return paths


def _draw_losses(drawn: Any, rows: Sequence[Row]) -> None:
    """The words' part and the image's part after each epoch, each as it is without its weight."""
    parts = (("word_loss", "cross-entropy of the masked word"), ("image_loss", "squared error of the image's encoding"))
    for axes, (name, label) in zip(drawn.subplots(1, 2), parts, strict=True):
        tidy(axes)
        highest = 0.0
        for i, gamma in enumerate(dict.fromkeys(row["gamma"] for row in rows)):
            of = [row for row in rows if row["gamma"] == gamma]
            if name == "word_loss" or gamma:  # without a weight on it the image's part is not learned
                losses = [row[name] for row in of]
                axes.plot(
                    [row["epoch"] for row in of], losses, marker="o", color=(INK, ACCENT)[i % 2], label=f"γ = {gamma:g}"
                )
                highest = max(highest, *losses)
        axes.set(xlabel="epoch", ylabel=label, xticks=[row["epoch"] for row in of][:: max(1, len(of) // 10)])
        axes.set_ylim(0, 1.1 * highest)
        axes.legend(frameon=False)


def _draw_pairs(drawn: Any, rows: Sequence[Row]) -> None:
    """A point a pair, and the mean cosine in each tenth of the ratings."""
    for axes, row in zip(np.atleast_1d(drawn.subplots(1, len(rows), sharey=True)), rows, strict=True):
        ratings, cosines = np.array(row["ratings"]), np.array(row["cosines"])
        tidy(axes)
        axes.scatter(ratings, cosines, s=6, alpha=0.3, linewidths=0, color=FAINT)
        tenths = np.array_split(np.argsort(ratings, kind="stable"), 10)
        means = [(ratings[part].mean(), cosines[part].mean()) for part in tenths if len(part)]
        axes.plot(*zip(*means, strict=True), color=ACCENT, marker="o", markersize=4, label="mean of a tenth")
        axes.set(title=f"γ = {row['gamma']:g}", xlabel="MEN's rating")
    drawn.axes[0].set_ylabel("cosine of the learned vectors")
    drawn.axes[0].legend(frameon=False, loc="upper left")
