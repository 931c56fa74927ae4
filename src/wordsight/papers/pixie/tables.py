"""The figures of PIXIE from the rows of its cells, and the tables from the figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.stats import rankdata

from wordsight.papers import report_rows as show
from wordsight.papers.base import ReportTable, Row
from wordsight.papers.recipes import PaperRecipe
from wordsight.papers.scores import VALUES, Means

SETS = {
    "EN-MEN-TR-3k": "MEN",
    "EN-SIMLEX-999": "SimLex",
    "EN-WS-353-ALL": "WS-353",
    "EN-WS-353-SIM": "WS-SIM",
    "EN-WS-353-REL": "WS-REL",
    "EN-RG-65": "RG-65",
    "EN-MC-30": "MC-30",
    "EN-MTurk-287": "MTurk",
    "EN-YP-130": "YP-130",
    "EN-VERB-143": "VERB-143",
    "SemSim": "SemSim",
    "VisSim": "VisSim",
}
"""Data set → heading; other sets follow under their own names."""
TEXT = "SGNS"


def figures(rows: Sequence[Row], recipe: PaperRecipe) -> list[Row]:
    """The scores of each seed, their means, differences, and examples; without bootstrap values."""
    means = Means(rows, ["run", "model", "images"])
    found = [{k: v for k, v in row.items() if k != VALUES} for row in rows if row["kind"] in ("score", "neighbours")]
    best = recipe.tables["differences"]["model"]
    for key in means.groups():
        found.append(means.mean(key))
        comparisons: dict[str, list[dict[str, Any]]] = {}
        if key["model"] != TEXT:
            comparisons["text"] = [key | {"model": TEXT, "images": "real"}]
        if key["images"] == "real" and key["run"] in ("main", "photographs"):
            comparisons["controls"] = [key | {"images": kind} for kind in ("shuffled", "random")]
        if key["model"] == best and key["run"] == "main" and key["images"] == "real":
            others = dict.fromkeys(k["model"] for k in means.groups() if k["run"] == "main" and k["model"] != best)
            comparisons |= {model: [key | {"model": model}] for model in others}
        for against, others_ in comparisons.items():
            if difference := means.difference(key, *others_):
                found.append(difference | {"against": against})
    return found + _moved(rows, recipe)


def _moved(rows: Sequence[Row], recipe: PaperRecipe) -> list[Row]:
    """The pairs whose rank grounding moves most towards the rank by people, and most away from it."""
    about = recipe.tables["table4"]
    # Reversed, so that the rows of the first seed are kept.
    cosines = {row["model"]: row for row in reversed(rows) if row["kind"] == "cosines"}
    if not {about["text"], about["grounded"]} <= cosines.keys():
        return []
    start, grounded = cosines[about["text"]], cosines[about["grounded"]]
    people, before, after = (
        rankdata(-np.array(values)) for values in (start["ratings"], start["cosines"], grounded["cosines"])
    )
    nearer = abs(before - people) - abs(after - people)
    order = np.argsort(-nearer, kind="stable")
    return [
        {"kind": "pair", "words": start["words"][i], "people": people[i], "text": before[i], "grounded": after[i]}
        | {"nearer": bool(nearer[i] > 0), "n": len(people)}
        for i in [*order[: about["pairs"]], *order[::-1][: about["pairs"]][::-1]]
    ]


class Figures:
    """An index of means and differences."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self._found = {
            (r["kind"], r["run"], r["model"], r["images"], r["dataset"], r["pairs"], r.get("against")): r
            for r in rows
            if r["kind"] in ("mean", "difference")
        }

    def mean(self, run: str, model: str, dataset: str, pairs: str, images: str = "real") -> Row | None:
        """The mean score over seeds; None if unknown."""
        return self._found.get(("mean", run, model, images, dataset, pairs, None))

    def difference(
        self, run: str, model: str, dataset: str, pairs: str, against: str, images: str = "real"
    ) -> Row | None:
        """The difference from the text model, the controls or another model; None if unknown."""
        return self._found.get(("difference", run, model, images, dataset, pairs, against))

    def covers_all(self, model: str, dataset: str, pairs: str) -> bool:
        """Tells whether a model covers as many pairs as the text model; otherwise their scores are not comparable."""
        ours, texts = (self.mean("main", name, dataset, pairs) for name in (model, TEXT))
        return ours is not None and texts is not None and ours["n"] == texts["n"]

    def known(self, field: str, run: str) -> list[str]:
        """The values of a field in the means of a run."""
        return show.distinct(show.select(self.rows, kind="mean", run=run), field)

    def sets(self, run: str) -> list[str]:
        """The sets of rated pairs of a run, in the order of :data:`SETS`."""
        known = self.known("dataset", run)
        return [name for name in SETS if name in known] + sorted(set(known) - set(SETS))


def tables(rows: Sequence[Row], recipe: PaperRecipe) -> list[ReportTable]:
    """All tables that have figures."""
    found = Figures(rows)
    about = recipe.tables
    made = {
        "table1": _similarity(found, "visual", about["table1"]),
        "table2": _similarity(found, "all", about["table2"]),
        "table3": _hidden(found, about["table3"]),
        "table4": _pairs(rows, about["table4"]),
        "table5": _neighbours(rows, about["table5"]),
        "differences": _differences(found, about["differences"]),
        "controls": _controls(found, about["controls"], recipe.models),
        "photographs": _photographs(found, about["photographs"]),
        "ablation": _ablation(found, about["ablation"]),
    }
    return [replace(table, name=name) for name, table in made.items() if table.rows]


def _score(row: Row | None) -> str:
    return show.score([row] if row else [])


def _full(row: Row | None) -> str:
    return show.score_and_interval([row] if row else [])


def _sign(row: Row | None) -> str:
    """A triangle up or down if the interval of a difference leaves out zero."""
    return (" ▲" if row["low"] > 0 else " ▼") if row and show.leaves_out_zero(row) else ""


def _similarity(found: Figures, pairs: str, about: dict[str, Any]) -> ReportTable:
    """Models × sets: score, sign of the gain over SGNS, gain over the controls."""
    sets = found.sets("main")
    lines = []
    for model in found.known("model", "main"):
        cells = []
        if not any(found.covers_all(model, dataset, pairs) for dataset in sets):
            continue
        for dataset in sets:
            gain = found.difference("main", model, dataset, pairs, "text")
            cell = _score(found.mean("main", model, dataset, pairs)) + _sign(gain)
            sight = found.difference("main", model, dataset, pairs, "controls")
            cells.append(cell + (f" ({show.signed(sight['difference'])})" if sight else ""))
        lines.append((model, *cells))
    if lines:
        counts = [found.mean("main", TEXT, dataset, pairs) for dataset in sets]
        lines.append(("*pairs (coverage)*", *(show.coverage(r) if r else show.NONE for r in counts)))
    missing = [name for name in ("SemSim", "VisSim") if name not in sets]
    note = about["note"] + (f" {' and '.join(missing)}: not available, their file is not there." if missing else "")
    return ReportTable(about["title"], ("", *(SETS.get(s, s) for s in sets)), lines, note)


def _hidden(found: Figures, about: dict[str, Any]) -> ReportTable:
    """Models × sets: score, interval, sign of the gain over SGNS, the paper's figure."""
    sets = [s for s in found.sets("hidden") if found.mean("hidden", TEXT, s, "hidden")]
    lines = []
    for model in found.known("model", "hidden"):
        cells = []
        for dataset in sets:
            ours = found.mean("hidden", model, dataset, "hidden")
            sign = _sign(found.difference("hidden", model, dataset, "hidden", "text"))
            cells.append(_full(ours) + sign)
        lines.append((model, *cells))
    return ReportTable(about["title"], ("", *(SETS.get(s, s) for s in sets)), lines, about["note"])


def _pairs(rows: Sequence[Row], about: dict[str, Any]) -> ReportTable:
    lines = [
        (
            "nearer" if r["nearer"] else "further",
            " – ".join(r["words"]),
            *(f"{r[name]:,.0f}" for name in ("people", "text", "grounded")),
        )
        for r in rows
        if r["kind"] == "pair"
    ]
    return ReportTable(about["title"], ("", "pair", "people", about["text"], about["grounded"]), lines, about["note"])


def _neighbours(rows: Sequence[Row], about: dict[str, Any]) -> ReportTable:
    lines = []
    for word in about["words"]:
        for model in about["models"]:
            for row in show.select(rows, kind="neighbours", word=word, model=model)[:1]:
                near = ", ".join(f"{w} ({c:.1f})" if c is not None else w for w, c in row["neighbours"][:6])
                rated = [c for _, c in row["neighbours"] if c is not None]
                lines.append((word, model, near, f"{np.mean(rated):.2f}" if rated else show.NONE))
    return ReportTable(about["title"], ("word", "model", "nearest", "mean concreteness"), lines, about["note"])


def _differences(found: Figures, about: dict[str, Any]) -> ReportTable:
    lines = []
    for model in found.known("model", "main"):
        cells = [found.difference("main", about["model"], s, "all", model) for s in about["sets"]]
        if any(cells):
            lines.append((model, *map(show.difference, cells)))
    return ReportTable(about["title"], ("", *(SETS.get(s, s) for s in about["sets"])), lines, about["note"])


def _controls(found: Figures, about: dict[str, Any], models: Any) -> ReportTable:
    lines = []
    for dataset in about["sets"]:
        for model in models:
            sight = found.difference("main", model, dataset, "all", "controls")
            gains = [
                found.difference("main", model, dataset, "all", "text", kind) for kind in ("real", "shuffled", "random")
            ]
            if sight and all(gains):
                lines.append(
                    (SETS[dataset], model, *(show.signed(g["difference"]) for g in gains if g), show.difference(sight))
                )
    header = ("set", "model", "gain over SGNS", "shuffled images", "random images", "sight")
    return ReportTable(about["title"], header, lines, about["note"])


def _photographs(found: Figures, about: dict[str, Any]) -> ReportTable:
    lines = []
    for model in found.known("model", "photographs"):
        for kind in ("real", "shuffled", "random"):
            means = [found.mean("photographs", model, s, "photographed", kind) for s in about["sets"]]
            if any(means):
                name = model if kind == "real" else f"{model}, {kind} images"
                lines.append((name, *map(_full, means)))
        sights = [found.difference("photographs", model, s, "photographed", "controls") for s in about["sets"]]
        if any(sights):
            lines.append((f"*{model} beyond both controls*", *map(show.difference, sights)))
    return ReportTable(about["title"], ("", *(SETS.get(s, s) for s in about["sets"])), lines, about["note"])


def _ablation(found: Figures, about: dict[str, Any]) -> ReportTable:
    columns = [(dataset, pairs) for dataset in about["sets"] for pairs in ("visual", "all")]
    lines = [
        (change, *(_score(found.mean("ablation", change, dataset, pairs)) for dataset, pairs in columns))
        for change in found.known("model", "ablation")
    ]
    return ReportTable(about["title"], ("", *(f"{SETS.get(d, d)} {p}" for d, p in columns)), lines, about["note"])
