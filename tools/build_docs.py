"""Makes the documentation's tables from the registries and the result files.

    python tools/build_docs.py

Rewrites docs/models.md, docs/tasks.md, docs/datasets.md, docs/similarity.md, docs/translation.md, docs/speed.md and
the tables in README.md between ``<!-- NAME -->`` and ``<!-- end NAME -->``. A test fails when a page no longer
follows from its sources.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import mean, median
from typing import Any

from wordsight.datasets.registry import listing
from wordsight.evaluation.registry import TASKS, task_function
from wordsight.models.registry import MODELS, model_class

ROOT = Path(__file__).parents[1]
NOTE = "<!-- Made by tools/build_docs.py; edit that or the sources, not this page. -->\n\n"
REPETITION = """
Most names are also listed among the keywords of their emoji, and so are drawn twice. That matters: words that are drawn
seldom keep part of their random start, and so give way to the words that pictures are called by. With each query drawn
once, names fall from .416 to .255 and naming from .308 to .186 (six epochs, one seed, it pt nl sv). Where images are
shared, random images do as well as real ones: there, languages meet by co-occurrence, not by sight.
"""
SETS = {
    "EN-MEN-TR-3k": "MEN",
    "EN-SIMLEX-999": "SimLex-999",
    "EN-WS-353-ALL": "WS-353",
    "EN-WS-353-SIM": "WS-353-SIM",
    "EN-WS-353-REL": "WS-353-REL",
    "EN-RG-65": "RG-65",
    "EN-MC-30": "MC-30",
    "EN-MTurk-287": "MTurk-287",
    "EN-YP-130": "YP-130",
    "EN-VERB-143": "VERB-143",
}


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def results(name: str) -> dict[str, Any]:
    """A result file of benchmarks/."""
    report: dict[str, Any] = json.loads((ROOT / "benchmarks" / "results" / f"{name}.json").read_text())
    return report


def first_line(thing: object) -> str:
    """The first sentence of a docstring."""
    return (inspect.getdoc(thing) or "").split("\n", 1)[0].rstrip(".")


def provenance(report: dict[str, Any]) -> str:
    """Where a page's figures come from."""
    versions = ", ".join(f"{name} {number}" for name, number in report["versions"].items())
    return (
        f"Figures: `benchmarks/results/{report['name']}.json`, commit `{report['commit'][:10]}`; {versions}; "
        f"{report['machine']}.\n\n{report['protocol']}\n\n"
    )


def models_table() -> str:
    """The models in the registry."""
    rows = []
    for name in MODELS:
        cls = model_class(name)
        needs = ", ".join(
            {"corpus": "text", "lexicon": "images of words", "captions": "captioned images"}[i] for i in cls.inputs
        )
        rows.append((f"**{cls.title}**", f"`{name}`", first_line(cls), needs, cls.citation))
    return table(("Model", "Name", "What", "Learns from", "Source"), rows)


def tasks_table() -> str:
    """The tasks in the registry."""
    return table(("Task", "What"), [(f"`{name}`", first_line(task_function(name))) for name in TASKS])


def models_page() -> str:
    """docs/models.md: the table, then each model's hyperparameters and example."""
    text = f"{NOTE}# Models\n\n{models_table()}"
    for name in MODELS:
        cls = model_class(name)
        settings = table(("Hyperparameter", "Default"), [(f"`{k}`", f"`{v!r}`") for k, v in cls.defaults().items()])
        example = (ROOT / "examples" / f"{name}.py").read_text()
        text += f"\n## {cls.title}\n\n{inspect.cleandoc(cls.__doc__ or '')}\n\n{cls.citation}\n\n{settings}\n"
        text += f"`examples/{name}.py`:\n\n```python\n{example}```\n"
    return text


def tasks_page() -> str:
    """docs/tasks.md: the table, then each task's whole docstring."""
    lead = "`wordsight.evaluate(vectors, task, **options)` takes vectors from any source.\n\n"
    text = f"{NOTE}# Tasks\n\n{lead}{tasks_table()}"
    for name in TASKS:
        text += f"\n## {name}\n\n{inspect.getdoc(task_function(name))}\n"
    return text


def datasets_page() -> str:
    """docs/datasets.md."""
    rows = [(f"`{d.name}`", d.what, d.format, d.licence, d.citation) for d in listing()]
    lead = "`wordsight data list`, `wordsight data get NAME`, `wordsight data check PATH`.\n\n"
    return f"{NOTE}# Data sets\n\n{lead}{table(('Name', 'What', 'Format', 'Licence', 'Citation'), rows)}"


def cell(rows: Sequence[dict[str, Any]], *, full: bool) -> str:
    """The mean over seeds, with the mean interval if ``full``; a dash for fewer than ten pairs."""
    if not rows or rows[0]["n"] < 10:
        return "–"
    score = f"{mean(r['score'] for r in rows):.3f}"
    return score + (f" ({mean(r['low'] for r in rows):.3f} … {mean(r['high'] for r in rows):.3f})" if full else "")


def similarity_rows(report: dict[str, Any], composition: str, columns: Sequence[tuple[str, str]], *, full: bool) -> str:
    """Models × (set, pairs), and by how much PIXIE exceeds the better of its controls."""
    names = list(dict.fromkeys(row["model"] for row in report["rows"]))
    found: dict[str, list[list[dict[str, Any]]]] = {}
    for name in sorted(names, key=lambda n: (n != "SGNS", n == "PIXIE")):
        keys = {"model": name, "composition": "" if name == "SGNS" else composition}
        found[name] = [
            [r for r in report["rows"] if {**keys, "dataset": d, "pairs": p}.items() <= r.items()] for d, p in columns
        ]
    lines = [
        (f"**{name}**" if name == "PIXIE" else name, *(cell(rows, full=full) for rows in cells))
        for name, cells in found.items()
    ]
    seen = []
    for column in range(len(columns)):
        scores = {name: mean(r["score"] for r in cells[column]) for name, cells in found.items()}
        controls = max(score for name, score in scores.items() if "images" in name)
        seen.append("–" if found["PIXIE"][column][0]["n"] < 10 else f"{scores['PIXIE'] - controls:+.3f}")
    return table(("", *(f"{SETS[d]} {p}" for d, p in columns)), [*lines, ("*PIXIE beyond both controls*", *seen)])


def similarity_table() -> str:
    """The README's table."""
    columns = [(d, p) for d in ("EN-MEN-TR-3k", "EN-SIMLEX-999") for p in ("all", "visual")]
    return similarity_rows(
        results("similarity"), "concat", [*columns, ("EN-WS-353-ALL", "all"), ("EN-RG-65", "all")], full=False
    )


def similarity_page() -> str:
    """docs/similarity.md."""
    report = results("similarity")
    seeds = len({row["seed"] for row in report["rows"]})
    text = f"{NOTE}# Word similarity\n\n{provenance(report)}"
    text += f"Means of {seeds} seeds, with the mean bootstrap 95 % interval. "
    text += f"{report['settings']['visual_words']:,} words have images.\n"
    for composition in ("concat", "sum"):
        for pairs, which in (("all", "all pairs"), ("visual", "pairs of two visual words")):
            text += f"\n## PIXIE read out as {composition}, {which}\n\n"
            for group in (list(SETS)[:4], list(SETS)[4:7], list(SETS)[7:]):
                text += similarity_rows(report, composition, [(d, pairs) for d in group], full=True) + "\n"
    rows = {(r["dataset"], r["pairs"]): r for r in report["rows"]}
    cover = [
        (
            SETS[d],
            *(
                f"{rows[d, p]['n']:,} of {rows[d, p]['total']:,} ({rows[d, p]['coverage']:.0%})"
                for p in ("all", "visual")
            ),
        )
        for d in SETS
    ]
    return text + f"\n## Coverage\n\n{table(('Set', 'all pairs', 'pairs of two visual words'), cover)}"


def precision(rows: Sequence[dict[str, Any]]) -> str:
    """P@1 / P@5, means over seeds."""
    return " / ".join(f"{mean(r['precision'][k] for r in rows):.3f}" for k in ("1", "5")) if rows else "–"


def translation_rows(report: dict[str, Any], split: str, columns: dict[str, dict[str, str]]) -> str:
    """Models × data sets, then chance and how many were asked."""
    rows = [r for r in report["rows"] if r["split"] == split]
    runs = dict.fromkeys((r["model"], r["images"]) for r in rows)
    lines = []
    for model, images in runs:
        keys = {"model": model, "images": images}
        found = [[r for r in rows if {**keys, **wanted}.items() <= r.items()] for wanted in columns.values()]
        name = model if images == "real" else f"{model}, {images} images"
        lines.append((name, *(precision(cells) for cells in found)))
    first = [next(r for r in rows if wanted.items() <= r.items()) for wanted in columns.values()]
    lines.append(("*chance*", *(f"{r['chance']['1']:.4f} / {r['chance']['5']:.4f}" for r in first)))
    lines.append(("*n (coverage)*", *(f"{r['n']:,} ({r['coverage']:.0%})" for r in first)))
    return table(("P@1 / P@5", *columns), lines)


def translation_table() -> str:
    """The README's table of protocol T-disjoint."""
    columns = {f"en → {c}": {"dataset": f"names en-{c}", "retrieval": "nearest"} for c in ("de", "fr", "es")}
    columns |= {f"naming {c}": {"dataset": f"naming {c}"} for c in ("en", "de", "fr", "es")}
    return translation_rows(results("imagevec-translation"), "disjoint", columns)


def translation_page() -> str:
    """docs/translation.md."""
    report = results("imagevec-translation")
    seeds = len({row["seed"] for row in report["rows"]})
    text = f"{NOTE}# Translation and naming from pictures alone\n\n{provenance(report)}"
    text += f"Means of {seeds} seeds.\n{REPETITION}"
    others, languages = ("de", "fr", "es"), ("en", "de", "fr", "es")
    groups = {
        "names, nearest neighbour": {c: {"dataset": f"names en-{c}", "retrieval": "nearest"} for c in others},
        "dictionary, nearest neighbour": {c: {"dataset": f"dictionary en-{c}", "retrieval": "nearest"} for c in others},
        "dictionary, CSLS": {c: {"dataset": f"dictionary en-{c}", "retrieval": "csls"} for c in others},
        "naming": {c: {"dataset": f"naming {c}"} for c in languages},
    }
    for split in ("disjoint", "shared"):
        text += f"\n## {split}\n"
        for title, columns in groups.items():
            text += f"\n### {split}: {title}\n\n{translation_rows(report, split, columns)}"
    return text


def speed_page() -> str:
    """docs/speed.md."""
    report = results("speed")
    rows = []
    for setting, values in report["settings"].items():
        found = [r for r in report["rows"] if r["setting"] == setting]
        ratios = [r["training_ratio"] for r in found]
        rows.append(
            (
                f"({setting}) window {values['window']}, {values['negatives']} negatives, {values['megabytes']} MB",
                f"{median(r['wordsight_words_per_second'] for r in found):,.0f}",
                f"{median(r['gensim_words_per_second'] for r in found):,.0f}",
                f"**{median(ratios):.1f}** ({min(ratios):.1f} … {max(ratios):.1f})",
                f"{median(r['scan_ratio'] for r in found):.1f}",
            )
        )
    header = ("SGNS", "wordsight, words/s", "gensim, words/s", "ratio, median (range)", "ratio of scan + encoding")
    return f"{NOTE}# Speed\n\n{provenance(report)}{table(header, rows)}"


def pages() -> dict[Path, str]:
    """Path → text of all that is generated, README included."""
    docs = {
        "models": models_page(),
        "tasks": tasks_page(),
        "datasets": datasets_page(),
        "similarity": similarity_page(),
        "translation": translation_page(),
        "speed": speed_page(),
    }
    made = {ROOT / "docs" / f"{name}.md": text for name, text in docs.items()}
    readme = (ROOT / "README.md").read_text()
    for name, text in {
        "models": models_table(),
        "tasks": tasks_table(),
        "similarity": similarity_table(),
        "translation": translation_table(),
    }.items():
        block = f"<!-- {name} -->\n\n{text}\n<!-- end {name} -->"
        readme = re.sub(rf"<!-- {name} -->.*?<!-- end {name} -->", lambda _, block=block: block, readme, flags=re.S)
    made[ROOT / "README.md"] = readme
    return made


def main() -> None:
    """Writes all pages."""
    for path, text in pages().items():
        path.write_text(text)
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
