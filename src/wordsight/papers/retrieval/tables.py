"""The figures of retrieval from the rows of its cells, and the tables from the figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from wordsight.evaluation.metrics.precision import chance
from wordsight.evaluation.metrics.recall import DIRECTIONS, RANKS
from wordsight.evaluation.metrics.statistics import Statistic, bootstrap_interval, paired_bootstrap, score
from wordsight.papers import report_rows as show
from wordsight.papers.base import ReportTable, Row
from wordsight.papers.recipes import PaperRecipe

TEXT = "SGNS"
CURVE = 50
"""Greatest rank of a recall curve."""
SEEN = {"training": "training images", "shuffled": "training images, shuffled", "all": "all images, the test's too"}

Asked = tuple[str, str, str]
"""Model, images, direction."""


def figures(rows: Sequence[Row], recipe: PaperRecipe) -> list[Row]:
    """Recall at each rank over all seeds, differences, and curves; rows of training and examples unchanged."""
    groups: dict[Asked, list[Row]] = {}
    for row in rows:
        if row["kind"] == "ranks":
            groups.setdefault((row["model"], row["images"], row["direction"]), []).append(row)
    found = [row for row in rows if row["kind"] in ("training", "example")]
    for asked, group in groups.items():
        facts = dict(zip(("model", "images", "direction"), asked, strict=True))
        found += [_recall(group, k) | facts for k in RANKS]
        ranks = np.concatenate([row["ranks"] for row in group])
        curve = [float((ranks < k).mean()) for k in range(1, CURVE + 1)]
        found.append({"kind": "curve", "recall": curve, **facts})
        for other in _compared(asked):
            if other in groups:
                found += [row | facts for row in _differences(group, groups[other], other)]
    return found


def _compared(asked: Asked) -> Iterable[Asked]:
    """The runs that a model is compared with: the text model, and for training images also shuffled and all images."""
    model, images, direction = asked
    if model != TEXT:
        yield TEXT, "training", direction
        if images == "training":
            yield model, "shuffled", direction
            yield model, "all", direction


def _statistic(rows: Sequence[Row], concepts: Sequence[str], k: int) -> Statistic:
    """The share of queries with a right answer in the first k, as a function of each concept's count in a sample."""
    position = {concept: i for i, concept in enumerate(concepts)}
    shown = np.concatenate([[position[concept] for concept in row["concepts"]] for row in rows])
    hits = np.concatenate([row["ranks"] for row in rows]) < k
    answered, asked = (np.bincount(shown, weights, minlength=len(concepts)) for weights in (hits, None))
    return lambda counts: (counts @ answered) / (counts @ asked)


def _concepts(rows: Sequence[Row]) -> list[str]:
    return sorted({concept for row in rows for concept in row["concepts"]})


def _recall(rows: Sequence[Row], k: int) -> Row:
    concepts = _concepts(rows)
    statistic = _statistic(rows, concepts, k)
    low, high = bootstrap_interval(statistic, len(concepts))
    of_seeds = [float((np.array(row["ranks"]) < k).mean()) for row in rows]
    by_chance = [chance(np.ones(1), row["candidates"], min(k, row["candidates"])) for row in rows]
    n = sum(len(row["ranks"]) for row in rows)
    facts = {"n": n, "concepts": len(concepts), "coverage": 1.0, "seeds": [row["seed"] for row in rows]}
    facts |= {"of_seeds": of_seeds, "chance": float(np.mean(by_chance))}
    return {"kind": "recall", "rank": k, "score": score(statistic, len(concepts)), "low": low, "high": high, **facts}


def _differences(rows: Sequence[Row], others: Sequence[Row], other: Asked) -> list[Row]:
    """The differences at each rank, over the common seeds."""
    seeds = {row["seed"] for row in rows} & {row["seed"] for row in others}
    ours, theirs = ([row for row in group if row["seed"] in seeds] for group in (rows, others))
    if not seeds:
        return []
    concepts, found = _concepts(ours), []
    for k in RANKS:
        a, b = (_statistic(group, concepts, k) for group in (ours, theirs))
        low, high = paired_bootstrap(a, b, len(concepts))
        difference = score(a, len(concepts)) - score(b, len(concepts))
        row = {"kind": "difference", "rank": k, "difference": difference, "low": low, "high": high}
        found.append(row | {"against": other[0], "against_images": other[1], "seeds": sorted(seeds)})
    return found


# ── tables ──────────────────────────────────────────────────────────────────────────────────────────────────────


def tables(rows: Sequence[Row], recipe: PaperRecipe) -> list[ReportTable]:
    """All tables that have figures."""
    makers = {"table6": _table6, "differences": _differences_table, "images": _images_table}
    made = []
    for name, make in makers.items():
        header, lines, note = make(rows, recipe)
        about = recipe.tables[name]
        if lines:
            note = " ".join(filter(None, (about["note"], note)))
            made.append(ReportTable(about["title"], header, lines, note, name))
    return made


_COLUMNS = [(direction, k) for direction in reversed(DIRECTIONS) for k in RANKS]
_HEADINGS = [f"{direction.replace('-to-', ' → ')} R@{k}" for direction, k in _COLUMNS]


def _table6(rows: Sequence[Row], recipe: PaperRecipe) -> tuple[list[str], list[list[str]], str]:
    lines = []
    for model in recipe.models:
        recalls = [
            show.select(rows, kind="recall", model=model, images="training", direction=direction, rank=k)
            for direction, k in _COLUMNS
        ]
        if all(recalls):
            lines.append([model, *map(_percent, recalls)])
            by_chance = [show.written(row["chance"], show.PERCENT) for row, *_ in recalls]
    if not lines:
        return [], [], ""
    return ["", *_HEADINGS], [*lines, ["*chance*", *by_chance]], _covered(rows)


def _differences_table(rows: Sequence[Row], recipe: PaperRecipe) -> tuple[list[str], list[list[str]], str]:
    against = {"against": TEXT, "against_images": "training", "images": "training"}
    lines = []
    for model in recipe.models:
        gains = [
            _first(rows, kind="difference", model=model, direction=direction, rank=k, **against)
            for direction, k in _COLUMNS
        ]
        if all(gains):
            lines.append([model, *map(_gain, gains)])
    seeds: list[int] = next((row["seeds"] for row in rows if row["kind"] == "difference"), [])
    return ["", *_HEADINGS], lines, f"Seeds {', '.join(map(str, seeds))}."


def _images_table(rows: Sequence[Row], recipe: PaperRecipe) -> tuple[list[str], list[list[str]], str]:
    """Recall at the last rank for each kind of images, and the gain of the training images over the others."""
    k, lines = RANKS[-1], []
    for model in recipe.tables["images"]["models"]:
        for direction in reversed(DIRECTIONS):
            what: Mapping[str, Any] = {"model": model, "direction": direction, "rank": k}
            recalls = [show.select(rows, kind="recall", images=seen, **what) for seen in SEEN]
            beyond = [
                _first(rows, kind="difference", images="training", against=model, against_images=seen, **what)
                for seen in ("shuffled", "all")
            ]
            if all(recalls):
                shown = [*map(_percent, recalls), *map(_gain, beyond)]
                lines.append([model, direction.replace("-to-", " → "), *shown])
    header = ["", f"R@{k}", *SEEN.values(), "training − shuffled", "training − all"]
    return header, lines, ""


def _percent(rows: Sequence[Row]) -> str:
    return show.score_and_interval(rows, show.PERCENT)


def _gain(row: Row | None) -> str:
    return show.difference(row, show.PERCENT)


def _first(rows: Iterable[Row], **wanted: Any) -> Row | None:
    return next(iter(show.select(rows, **wanted)), None)


def _covered(rows: Sequence[Row]) -> str:
    runs = show.select(rows, kind="training", model=TEXT)
    words, unknown = (sum(row[name] for row in runs) for name in ("words", "unknown_words"))
    recall = _first(rows, kind="recall", model=TEXT)
    asked = f"{recall['n']:,} queries of {recall['concepts']:,} concepts. " if recall else ""
    return asked + (f"{unknown:,} of the {words:,} words of the test captions have no vector." if words else "")
