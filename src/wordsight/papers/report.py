"""The report of a reproduction, as JSON and as a Markdown page, with the origin of its figures."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from wordsight.papers.base import Reproduction, Row
from wordsight.papers.published import tables_beside
from wordsight.storage.output_files import output_stream
from wordsight.version import versions

PACKAGES = ("numpy", "scipy", "numba", "torch")


def circumstances(*packages: str) -> dict[str, Any]:
    """Versions, machine and commit, for figures that were just measured.

    Args:
        packages: packages whose versions to add to the usual ones.
    """
    return {
        "versions": {"python": platform.python_version(), **versions(*PACKAGES, *packages)},
        "machine": f"{os.cpu_count()} cores, {platform.machine()}; load {os.getloadavg()[0]:.1f} at the end",
        "commit": _commit(),
    }


def _commit() -> str | None:
    """The commit of the checkout of this code; None for an installed package."""
    command = ["git", "-C", str(Path(__file__).parent), "rev-parse", "HEAD"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def report_of(paper: Reproduction, rows: Sequence[Row], seeds: Sequence[int]) -> dict[str, Any]:
    """The content of ``NAME.json``: the rows that tables and plots are made from, with their origin."""
    recipe = paper.recipe
    return {
        "name": recipe.name,
        "scale": recipe.scale,
        "settings": dict(recipe.settings),
        "seeds": list(seeds),
        **circumstances(),
        "rows": list(rows),
    }


def write_report(path: Path, report: Mapping[str, Any]) -> Path:
    """Writes a report as JSON with each fact and each row on its own line, for readable diffs.

    Args:
        path: path of the file.
        report: facts by name; ``"rows"`` is a list of JSON objects.

    Raises:
        WriteError: the file cannot be written, or another one is there that is no report.
    """
    facts = [f"{_json(name)}: {_json(value)}" for name, value in report.items() if name != "rows"]
    rows = ",\n".join(map(_json, report["rows"]))
    text = "{\n" + "".join(f"{fact},\n" for fact in facts) + f'"rows": [\n{rows}\n]\n}}\n'
    with output_stream(path, "report") as stream:
        stream.write(text.encode())
    return path


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def markdown(paper: Reproduction, report: dict[str, Any], plots: Sequence[str]) -> str:
    """The page: the origin of the figures, then all plots and tables.

    Args:
        paper: the reproduction, which makes tables from rows.
        report: report of :func:`report_of`.
        plots: addresses of the plots, relative to the page.
    """
    recipe = paper.recipe
    text = f"# {recipe.title}\n\n{recipe.citation}\n\n{recipe.protocol}\n\n{provenance(report)}"
    text += changes_since(recipe.settings, report["settings"])
    text += "".join(f"\n![{Path(plot).stem.replace('-', ' ')}]({plot})\n" for plot in plots)
    for table in tables_beside(paper, report["rows"]):
        text += f"\n## {table.title}\n\n{table.markdown()}"
    return text


def provenance(report: dict[str, Any]) -> str:
    """A paragraph on the origin of a report's figures: command, commit, versions, machine."""
    versions = ", ".join(f"{name} {number}" for name, number in report["versions"].items())
    seeds = ",".join(map(str, report["seeds"]))
    return (
        f"`wordsight reproduce {report['name']} --scale {report['scale']} --seeds {seeds}`; "
        f"commit `{(report['commit'] or 'of an installed package')[:10]}`; {versions}; {report['machine']}.\n"
    )


def changes_since(current: Mapping[str, Any], measured: Mapping[str, Any]) -> str:
    """A paragraph on what the recipe has changed since figures were measured; empty where nothing has.

    Args:
        current: settings of the recipe.
        measured: settings that the figures were measured with, as read from JSON.
    """
    now = {name: value for name, value in json.loads(json.dumps(dict(current))).items() if name != "workers"}
    changed = [
        f"`{name}` was {_json(measured[name])} and is {_json(value)}"
        for name, value in now.items()
        if name in measured and measured[name] != value
    ]
    changed += [f"`{name}` is new: {_json(value)}" for name, value in now.items() if name not in measured]
    if not changed:
        return ""
    return (
        f"\n**These figures are older than the recipe.** Since then: {'; '.join(changed)}. They say nothing of the "
        "settings above until they are measured again.\n"
    )
