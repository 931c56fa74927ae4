"""The tables of WIELD from rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wordsight.papers.base import ReportTable, Row
from wordsight.papers.recipes import PaperRecipe
from wordsight.papers.report_rows import NONE, distinct, gain, interval, mean, score_and_deviation, select

MEN = "EN-MEN-TR-3k"
SETS = {MEN: "MEN", "EN-SIMLEX-999": "SimLex", "EN-WS-353-ALL": "WS-353"}
"""Set of rated pairs → heading."""
CONTROLS = (None, "shuffled", "random")
"""The values of ``control``: real images, and the two controls."""


def tables(recipe: PaperRecipe, rows: Sequence[Row]) -> list[ReportTable]:
    """Tables 1 to 4 for each number of captions, if there are rows for them."""
    makers = {"table1": _table1, "table2": _table2, "table3": _table3, "table4": _table4}
    found = []
    for size in distinct(rows, "size"):
        chosen = select(rows, size=size)
        suffix = f", {size:,} captions" if size else ", all captions"
        for name, make in makers.items():
            about = recipe.tables[name]
            header, lines, note = make(recipe, chosen)
            if lines:
                note = " ".join(filter(None, (about["note"], note)))
                found.append(ReportTable(about["title"] + suffix, header, lines, note, name))
    return found


def _table1(recipe: PaperRecipe, rows: list[Row]) -> tuple[list[str], list[list[str]], str]:
    header = ["γ", "learned", "gain", "shuffled", "random", "concat", "concat, shuffled", "concat, random"]
    header += ["held-out word loss"]
    lines = []
    for gamma in recipe.settings["gammas"]:
        scores = {
            c: select(rows, kind="scores", model="wield", gamma=gamma, control=c, window=None, image_target=None)
            for c in CONTROLS
        }
        if scores[None]:
            learned, concat = _with_controls(scores, "learned"), _with_controls(scores, "concat")
            loss = f"{mean(scores[None], 'held_out_loss'):.2f}"
            lines.append([f"{gamma:g}", learned[0], _gain(scores[None]), *learned[1:], *concat, loss])
    return header, lines, _covered(rows) if lines else ""


def _table2(recipe: PaperRecipe, rows: list[Row]) -> tuple[list[str], list[list[str]], str]:
    header = ["λ", "image of the caption", "shuffled", "random", "images of the context words"]
    header += ["concat, caption", "concat, shuffled", "concat, random"]
    lines = []
    for weight in recipe.settings["weights"]:
        scores = {
            c: select(rows, kind="scores", model="wieldinput", weight=weight, control=c, image_input="caption")
            for c in CONTROLS
        }
        words = select(rows, kind="scores", model="wieldinput", weight=weight, image_input="word")
        if scores[None]:
            learned, concat = _with_controls(scores, "learned"), _with_controls(scores, "concat")
            lines.append([f"{weight:g}", *learned, _learned(words), *concat])
    return header, lines, _covered(rows) if lines else ""


def _table3(recipe: PaperRecipe, rows: list[Row]) -> tuple[list[str], list[list[str]], str]:
    best = recipe.settings["best_gamma"]
    columns = [(0.0, "learned"), (best, "learned"), (best, "concat")]
    header = ["word", "γ = 0", f"γ = {best:g}", f"γ = {best:g}, concat"]
    lines = []
    for word in recipe.tables["table3"]["words"]:
        found = [select(rows, kind="neighbours", gamma=g, composition=c, word=word) for g, c in columns]
        if all(found):
            lines.append([word, *(", ".join(first["neighbours"]) or NONE for first, *_ in found)])
    return header, lines, ""


def _table4(recipe: PaperRecipe, rows: list[Row]) -> tuple[list[str], list[list[str]], str]:
    best = recipe.settings["best_gamma"]
    header = ["window", "trained on", *(f"{name}, learned" for name in SETS.values()), "MEN, gain over γ = 0"]
    lines = []
    for window, where in ((None, str(recipe.settings["window"])), (0, "caption")):
        for gamma, target, control, what in _settings4(best):
            chosen = select(
                rows, kind="scores", model="wield", gamma=gamma, control=control, window=window, image_target=target
            )
            if chosen and not (target and window == 0):
                scores = [_learned(chosen, dataset) for dataset in SETS]
                lines.append([where, what, *scores, _gain(chosen)])
    beyond = []
    for (gamma, control), what in {
        (0.0, None): "γ = 0",
        (best, "shuffled"): "shuffled",
        (best, "random"): "random",
    }.items():
        for composition in ("learned", "concat"):
            compared = select(
                rows,
                kind="comparison",
                against_gamma=gamma,
                against_control=control,
                composition=composition,
                dataset=MEN,
            )
            if compared:
                beyond.append(f"{what}, {composition}: {gain(compared)}")
    note = f"Real images at γ = {best:g} on MEN beyond {'; '.join(beyond)}." if beyond else ""
    return header, lines, note


def _settings4(best: float) -> list[tuple[float, str | None, str | None, str]]:
    names = {None: "real", "shuffled": "shuffled", "random": "random"}
    captions = [(best, None, c, f"words and {name} images") for c, name in names.items()]
    words = [(best, "word", c, f"words and {name} images, averaged by word") for c, name in names.items()]
    return [(0.0, None, None, "words"), *captions, *words]


def _with_controls(scores: Mapping[str | None, list[Row]], composition: str) -> list[str]:
    """The score with real images and its interval, then the scores with shuffled and with random images."""
    real, *controls = (select(scores[c], composition=composition, dataset=MEN) for c in CONTROLS)
    return [f"{score_and_deviation(real)} {interval(real)}", *map(score_and_deviation, controls)]


def _learned(rows: Sequence[Row], dataset: str = MEN) -> str:
    return score_and_deviation(select(rows, composition="learned", dataset=dataset))


def _gain(rows: Sequence[Row]) -> str:
    found = [row for row in select(rows, composition="learned", dataset=MEN) if "gain" in row]
    return gain(found, "gain", ("gain_low", "gain_high"))


def _covered(rows: Sequence[Row]) -> str:
    row, *_ = select(rows, kind="scores", dataset=MEN)
    return f"{row['n']:,} pairs of MEN ({row['coverage']:.0%}) are covered."
