"""The tables of docs/going-on.md, from benchmarks/results/going_on.json."""

from __future__ import annotations

from statistics import mean
from typing import Any

from pages import provenance, results, table

from wordsight.models.registry import model_class
from wordsight.papers.pixie.tables import SETS

DIFFERENCE = "difference"


def going_on_table() -> str:
    """A table for the text models and one for ImageVec; means over seeds, with their range."""
    report = results("going_on")
    models = dict.fromkeys(row["model"] for row in report["rows"])
    texts = [name for name in models if name != "imagevec"]
    parts = [_table([row for row in report["rows"] if row["model"] in kind]) for kind in (texts, ["imagevec"])]
    return provenance(report) + "\n".join(parts)


def _table(rows: list[dict[str, Any]]) -> str:
    sets = list(dict.fromkeys(row["dataset"] for row in rows))
    lines = []
    for model, how in dict.fromkeys((row["model"], row["how"]) for row in rows):
        found = [[r for r in rows if (r["model"], r["how"], r["dataset"]) == (model, how, name)] for name in sets]
        title = model_class(model).title
        what = "going on less both at once, mean [95 % interval]" if how == DIFFERENCE else how
        lines.append((f"{title}: {what}", *(_cell(group, how) for group in found)))
    asked = [next(row["n"] for row in rows if row["dataset"] == name) for name in sets]
    lines.append(("*n*", *(f"{n:,}" for n in asked)))
    return table(("Mean over seeds (range)", *(SETS.get(name, name) for name in sets)), lines)


def _cell(group: list[dict[str, Any]], how: str) -> str:
    scores = [row["score"] for row in group]
    if how == DIFFERENCE:
        low, high = (mean(row[end] for row in group) for end in ("low", "high"))
        return f"{mean(scores):+.3f} [{low:+.3f}, {high:+.3f}]"
    return f"{mean(scores):.3f} ({min(scores):.3f} … {max(scores):.3f})"
