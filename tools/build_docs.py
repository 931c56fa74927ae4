"""Makes the documentation's tables from the registries and the result files.

    python tools/build_docs.py

Rewrites docs/models.md, docs/tasks.md, docs/datasets.md, docs/translation.md, docs/speed.md, docs/bad-inputs.md,
docs/reproduce-*.md and the tables in README.md between ``<!-- NAME -->`` and ``<!-- end NAME -->``. A test fails when a
page no longer follows from its sources.
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import mean, median
from typing import Any

from wordsight.datasets.registry import listing
from wordsight.evaluation.registry import TASKS, task_function
from wordsight.models.registry import MODELS, model_class
from wordsight.reproduce.pixie_tables import SETS
from wordsight.reproduce.recipe import read_recipe
from wordsight.reproduce.registry import REPRODUCTIONS, reproduction_class
from wordsight.reproduce.report import markdown

NEEDS = {
    "corpus": "text",
    "lexicon": "images of words",
    "captions": "captioned images",
    "parallel": "parallel text",
    "spaces": "vectors of several languages",
}
"""Kind of input → what to call it."""
ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results"
NOTE = "<!-- Made by tools/build_docs.py; edit that or the sources, not this page. -->\n\n"
REPETITION = """
Most names are also listed among the keywords of their emoji, and so are drawn twice. That matters: words that are drawn
seldom keep part of their random start, and so give way to the words that pictures are called by. With each query drawn
once, names fall from .416 to .255 and naming from .308 to .186 (six epochs, one seed, it pt nl sv). Where images are
shared, random images do as well as real ones: there, languages meet by co-occurrence, not by sight.
"""


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def results(name: str) -> dict[str, Any]:
    """A result file of benchmarks/."""
    report: dict[str, Any] = json.loads((RESULTS / f"{name}.json").read_text())
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
        needs = ", ".join(NEEDS[i] for i in cls.inputs)
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


def similarity_table() -> str:
    """The README's table: models × (set, pairs), then what real images add to PIXIE's better control."""
    rows = results("pixie")["rows"]
    columns = [(d, p) for d in ("EN-MEN-TR-3k", "EN-SIMLEX-999") for p in ("all", "visual")]
    columns += [("EN-WS-353-ALL", "all"), ("EN-RG-65", "all")]
    shown = [(model, "real") for model in ("SGNS", "CNN⊕SGNS", "IV-SGNS (linear)", "V-SGNS (A)", "PIXIE+")]
    shown += [("PIXIE⊕", images) for images in ("shuffled", "random", "real")]
    found = {
        (r["kind"], r["model"], r["images"], r["dataset"], r["pairs"], r.get("against")): r
        for r in rows
        if r["kind"] in ("mean", "difference") and r["run"] == "main"
    }
    lines = []
    for model, images in shown:
        name = model if images == "real" else f"{model}, {images} images"
        scores = [f"{found['mean', model, images, d, p, None]['score']:.3f}" for d, p in columns]
        lines.append((f"**{name}**" if (model, images) == shown[-1] else name, *scores))
    sight = [found["difference", "PIXIE⊕", "real", d, p, "controls"]["difference"] for d, p in columns]
    lines.append(("*PIXIE⊕ beyond both controls*", *(f"{value:+.3f}" for value in sight)))
    return table(("", *(f"{SETS[d]} {p}" for d, p in columns)), lines)


def reproduction_page(name: str) -> str:
    """docs/reproduce-NAME.md, with the pictures beside the figures."""
    report = results(name)
    paper = reproduction_class(name)(read_recipe(name, report["scale"]))
    plots = [f"../benchmarks/results/{path.name}" for path in sorted(RESULTS.glob(f"{name}-*.png"))]
    return NOTE + markdown(paper, report, plots)


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


def spread(values: Sequence[float]) -> str:
    """The median, and the least and the greatest in brackets."""
    return f"{median(values):.2f} ({min(values):.2f} … {max(values):.2f})"


def speed_page() -> str:
    """docs/speed.md."""
    report = results("speed")
    rows = []
    for setting, of in report["settings"].items():
        found = [r for r in report["rows"] if r["setting"] == setting]
        what = f"window {of['window']}, {of['negatives']} negatives, dim {of['dim']}, {of['threads']} threads"
        speeds = [f"{median(r[f'{side}_words_per_second'] for r in found):,.0f}" for side in ("wordsight", "gensim")]
        ratios = [spread([r[name] for r in found]) for name in ("training_ratio", "scan_ratio")]
        peaks = " / ".join(f"{median(r[f'{side}_peak_mib'] for r in found):,.0f}" for side in ("wordsight", "gensim"))
        rows.append((f"{setting} ({what})".replace("1 threads", "1 thread"), *speeds, *ratios, peaks))
    header = (
        "Setting",
        "wordsight, words/s",
        "gensim, words/s",
        "ratio, median (range)",
        "ratio of scan + encoding",
        "peak MiB, wordsight / gensim",
    )
    lead = "[kernels.md](kernels.md) says how, and what was tried.\n\n"
    text = f"{NOTE}# Speed\n\n{lead}![Speed beside gensim](../benchmarks/results/speed.png)\n\n"
    text += f"{provenance(report)}{table(header, rows)}\n{second_thread(report['rows'])}"
    return "\n".join((text, quality_section(), memory_section(), roofline_section(), training_times()))


def second_thread(rows: Sequence[dict[str, Any]]) -> str:
    """What two threads are worth beside one."""
    speeds: dict[str, list[float]] = {}
    for row in rows:
        speeds.setdefault(row["setting"], []).append(row["wordsight_words_per_second"])
    gains = [f"{max(speeds[s]) / max(speeds[f'{s}, one thread']):.2f} in ({s})" for s in ("a", "b")]
    return f"Two threads are as fast as one times {' and '.join(gains)}, by the best of all rounds.\n"


def memory_section() -> str:
    """Peak memory of a large text."""
    report = results("memory")
    names = {"tokens": "tokens", "words": "words", "peak_mib": "peak, MiB", "limit_mib": "limit, MiB"}
    lines = [(row["step"], *(f"{row[name]:,}" for name in names)) for row in report["rows"]]
    header = ("", *names.values())
    return f"## Memory\n\n{provenance(report)}{table(header, lines)}"


def quality_section() -> str:
    """What gensim's models and ours are worth on the same text."""
    report = results("quality")
    sets = list(dict.fromkeys(r["dataset"] for r in report["rows"]))
    lines = []
    for model, side in dict.fromkeys((r["model"], r["side"]) for r in report["rows"]):
        scores = [
            [r["score"] for r in report["rows"] if (r["model"], r["side"], r["dataset"]) == (model, side, name)]
            for name in sets
        ]
        lines.append((f"{model}, {side}", *(f"{mean(of):.3f} ({min(of):.3f} … {max(of):.3f})" for of in scores)))
    header = ("", *(f"{SETS[name]}, mean (range)" for name in sets))
    return f"## Is it bought with quality?\n\n{provenance(report)}{table(header, lines)}"


def roofline_section() -> str:
    """How far the kernel is from what the processor can do."""
    report = results("roofline")
    names = {
        "words_per_second": "words/s",
        "kiloflops_per_word": "kFLOP a word",
        "kilobytes_per_word": "kB a word",
        "gflops": "GFLOP/s",
        "roofline_gflops": "roofline, GFLOP/s",
    }
    lines = [(r["setting"], *(f"{r[n]:,}" for n in names), f"**{r['share']:.0%}**") for r in report["rows"]]
    peak = report["settings"]["peak"]
    machine = f"One core reaches {peak['gflops']} GFLOP/s and {peak['gigabytes_per_second']} GB/s.\n\n"
    return f"## How far from the limit\n\n{provenance(report)}{machine}{table(('', *names.values(), 'share'), lines)}"


def training_times() -> str:
    """What grounding costs beside SGNS."""
    report = results("training_time")
    seconds: dict[str, list[float]] = {}
    for row in report["rows"]:
        seconds.setdefault(row["model"], []).append(row["seconds"])
    lines = [
        (name, f"{min(of):.1f} … {max(of):.1f}", f"{min(of) / min(seconds['SGNS']):.2f}")
        for name, of in seconds.items()
    ]
    header = ("Model", "seconds, least and most", "least seconds, ratio to SGNS")
    return f"## What grounding costs\n\n{provenance(report)}{table(header, lines)}"


def bad_inputs_page() -> str:
    """docs/bad-inputs.md, from the registry that the tests run."""
    sys.path.append(str(ROOT / "tests" / "robustness"))
    return NOTE + str(importlib.import_module("bad_inputs").page())


def pages() -> dict[Path, str]:
    """Path → text of all that is generated, README included."""
    docs = {
        "models": models_page(),
        "tasks": tasks_page(),
        "datasets": datasets_page(),
        "translation": translation_page(),
        "speed": speed_page(),
        "bad-inputs": bad_inputs_page(),
    }
    done = [name for name in REPRODUCTIONS if (RESULTS / f"{name}.json").is_file()]
    docs |= {f"reproduce-{name}": reproduction_page(name) for name in done}
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
