"""The section of docs/reproduce-iesg.md on hyperparameters, from benchmarks/results/iesg_study.json."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean
from typing import Any

from pages import provenance, results, table

from wordsight.evaluation.tasks.matching import DIRECTIONS
from wordsight.models.iesg import IESG

NAMES = {
    "central_word": "central word",
    "weight": "λ",
    "margin": "m",
    "epochs": "passes",
    "hinge_negatives": "negatives",
    "learning_rate": "learning rate",
    "window": "window",
    "transform": "transform",
}
"""Hyperparameter → its name in the tables."""
TITLES = {
    "search": "The search",
    "chosen": "The chosen settings",
    "photographs": "The chosen settings, on photographs alone",
}
MEASURES = ("cosine", "inner product")


def study_section() -> str:
    """The tables of all stages."""
    report = results("iesg_study")
    text = f"\n## The hyperparameters, on validation images\n\n{provenance(report)}"
    for stage, title in TITLES.items():
        rows = [row for row in report["rows"] if row["stage"] == stage]
        if rows:
            text += f"### {title}\n\n{_table(rows)}\n"
    return text


def _table(rows: Sequence[dict[str, Any]]) -> str:
    """A line a setting, with means over seeds."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(_label(row), []).append(row)
    columns = [f"{direction}, {measure}" for measure in MEASURES for direction in DIRECTIONS]
    sets = [name for name in ("MEN", "SimLex") if name in rows[0]]
    lines = []
    for label, group in groups.items():
        scores = [
            " / ".join(f"{mean(ranks):.1f}" for ranks in zip(*(row[c] for row in group), strict=True)) for c in columns
        ]
        lines.append([label, str(len(group)), *scores, *(f"{mean(row[name] for row in group):.3f}" for name in sets)])
    return table(("", "seeds", *columns, *sets), lines)


def _label(row: dict[str, Any]) -> str:
    """The model and its setting: λ, m, passes and negatives, and what else is not as by default."""
    if row["model"] != IESG.title:
        return str(row["model"])
    defaults, setting = IESG.defaults(), row["setting"]
    shown = {name: setting.get(name, defaults[name]) for name in ("weight", "margin", "epochs", "hinge_negatives")}
    shown |= {name: value for name, value in setting.items() if value != defaults[name]}
    return ", ".join(f"{NAMES.get(name, name)} {_written(value)}" for name, value in shown.items())


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
