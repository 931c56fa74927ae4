"""Parts of the generated pages: tables, result files, the origin of figures."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from wordsight.papers.base import ReportTable
from wordsight.papers.recipes import files_of, read_recipe

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
NOTE = "<!-- Made by tools/build_docs.py; edit that or the sources, not this page. -->\n\n"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    return ReportTable("", header, list(rows)).markdown()


def first_line(thing: object) -> str:
    """The first sentence of a docstring."""
    return (inspect.getdoc(thing) or "").split("\n", 1)[0].rstrip(".")


def results(name: str) -> dict[str, Any]:
    """The content of a result file of benchmarks/."""
    report: dict[str, Any] = json.loads((RESULTS / f"{name}.json").read_text())
    return report


def reported(paper: str) -> list[str]:
    """The result files of a paper, without their ending: one for each scale whose tables have all been made."""
    stems = [read_recipe(paper, scale).stem for scale in files_of(paper)[0]["scales"]]
    return [stem for stem in stems if (RESULTS / f"{stem}.json").is_file()]


def provenance(report: dict[str, Any]) -> str:
    """A paragraph on the origin of a page's figures: file, commit, versions, machine, protocol."""
    versions = ", ".join(f"{name} {number}" for name, number in report["versions"].items())
    return (
        f"Figures: `benchmarks/results/{report['name']}.json`, commit `{report['commit'][:10]}`; {versions}; "
        f"{report['machine']}.\n\n{report['protocol']}\n\n"
    )
