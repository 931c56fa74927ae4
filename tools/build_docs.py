"""Makes the documentation's tables from the registries and the result files.

    python tools/build_docs.py

Rewrites docs/models.md, docs/tasks.md, docs/cli.md, docs/datasets.md, docs/formats.md, docs/words.md, docs/interop.md,
docs/speed.md, docs/eyes.md, docs/pictures.md, docs/papers.md, docs/bad-inputs.md, docs/reproduce-*.md and the tables in
README.md between ``<!-- NAME -->`` and ``<!-- end NAME -->``. A test fails when a page no longer follows from its
sources.
"""

from __future__ import annotations

import ast
import importlib
import re
import sys
from pathlib import Path
from statistics import mean

from cli_page import cli_page
from docstring_roles import as_code
from eyes_page import eyes_page
from going_on_table import going_on_table
from iesg_study_page import study_section
from interop_page import interop_page
from pages import NOTE, RESULTS, ROOT, first_line, reported, results, table
from papers_page import papers_page
from pictures_page import pictures_page
from speed_page import speed_page, speed_table
from tasks_page import tasks_page, tasks_table
from words_page import words_page

from wordsight.datasets.registry import listing
from wordsight.models.base import Model
from wordsight.models.registry import MODELS, model_class
from wordsight.papers.pixie.tables import SETS
from wordsight.papers.recipes import read_recipe
from wordsight.papers.registry import REPRODUCTIONS, reproduction_class
from wordsight.papers.report import markdown
from wordsight.vectors.formats.registry import formats

NEEDS = {
    "corpus": "text",
    "lexicon": "images of words",
    "captions": "captioned images",
    "parallel": "parallel text",
    "spaces": "vectors of several languages",
}
"""Kind of input → its name in the tables."""


TEXT = (
    "UTF-8, one document a line, plain or compressed (`.gz`, `.xz`, `.bz2`), or standard input (`-`). A tokenizer\n"
    "finds its [words](words.md), in any script.\n"
)


def models_table() -> str:
    """The models in the registry."""
    rows = []
    for name in MODELS:
        cls = model_class(name)
        needs = ", ".join(NEEDS[i] for i in cls.inputs)
        rows.append((f"**{cls.title}**", f"`{name}`", first_line(cls), needs, cls.citation))
    return table(("Model", "Name", "What", "Learns from", "Source"), rows)


def settings_table(cls: type[Model]) -> str:
    """A model's hyperparameters, from their declarations."""
    columns = ("Hyperparameter", "Default", "Type and bounds", "Meaning")
    rows = [(f"`{one.name}`", f"`{one.default!r}`", one.kind, as_code(one.doc)) for one in cls.parameters().values()]
    return table(columns, [tuple(cell.replace("|", "\\|") for cell in row) for row in rows])


def description(cls: type[Model]) -> str:
    """The docstring of a model as Markdown, with its learned attributes as a list."""
    text, found, learned = as_code(cls.description).partition("Attributes:\n")
    if not found:
        return text
    items = re.sub(r"^    (\w+): ", r"- `\1`: ", learned, flags=re.M)
    return f"{text}It learns `vectors_` and\n\n" + re.sub(r"\n {8}", " ", items)


def models_page() -> str:
    """docs/models.md: the table, then each model's hyperparameters and example."""
    text = f"{NOTE}# Models\n\n{models_table()}"
    for name in MODELS:
        cls = model_class(name)
        example = (ROOT / "examples" / f"{name}.py").read_text()
        text += f"\n## {cls.title}\n\n{description(cls)}\n\n{cls.citation}\n\n{settings_table(cls)}\n"
        text += f"`examples/{name}.py`:\n\n```python\n{example}```\n"
    return text


def datasets_page() -> str:
    """docs/datasets.md."""
    rows = [(f"`{d.name}`", d.what, d.format, d.licence, d.citation) for d in listing()]
    lead = "`wordsight data list`, `wordsight data get NAME`, `wordsight data check PATH`.\n\n"
    return f"{NOTE}# Data sets\n\n{lead}{table(('Name', 'What', 'Format', 'Licence', 'Citation'), rows)}"


def formats_page() -> str:
    """docs/formats.md: the formats of word vectors and of texts."""
    lead = (
        "`WordVectors.load` and `wordsight convert` find the format of vectors by their content; `WordVectors.save`\n"
        "and `convert` take it from the ending, or from `format=` and `--format`. Vectors may be compressed\n"
        "(`.gz`, `.xz`, `.bz2`) when they are read. `wordsight data check PATH` says what a file is.\n\n"
    )
    rows = []
    for one in formats():
        endings = ", ".join(f"`{ending}`" if ending else "none" for ending in one.endings)
        rows.append((f"`{one.name}`", one.what, endings if one.write else "only read"))
    vectors = table(("Format", "What", "Written for the ending"), rows)
    return f"{NOTE}# Formats\n\n## Word vectors\n\n{lead}{vectors}\n## Text\n\n{TEXT}"


def similarity_table() -> str:
    """The README's table: models × (set, pairs), then the gain of real images over PIXIE's better control."""
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


def reproduction_page(stem: str) -> str:
    """docs/reproduce-NAME.md, or docs/reproduce-NAME-SCALE.md: plots and tables."""
    report = results(stem)
    name, scale = report["name"], report["scale"]
    paper = reproduction_class(name)(read_recipe(name, scale))
    pictures = RESULTS.glob(f"{name}-*.png") if scale == "standard" else (RESULTS / stem).glob("*.png")
    plots = [f"../benchmarks/results/{path.relative_to(RESULTS).as_posix()}" for path in sorted(pictures)]
    return NOTE + markdown(paper, report, plots) + (study_section() if stem == "iesg" else "")


def translation_table() -> str:
    """The README's table of protocol T-disjoint."""
    columns = {f"en → {c}": {"kind": "names", "retrieval": "nearest", "dataset": c} for c in ("de", "fr", "es")}
    columns |= {f"naming {c}": {"kind": "naming", "dataset": c} for c in ("en", "de", "fr", "es")}
    rows = results("imagevec")["rows"]
    lines = []
    for run in ("ImageVec", "multi-task: images and text", "co-occurrence only", "random images"):
        found = [[r for r in rows if {"run": run, **wanted}.items() <= r.items()] for wanted in columns.values()]
        shares = [[mean(row["precision"][k] for row in group) for k in ("1", "5")] for group in found]
        lines.append((run, *(f"{first:.3f} / {fifth:.3f}" for first, fifth in shares)))
    asked = [next(r for r in rows if wanted.items() <= r.items()) for wanted in columns.values()]
    lines.append(("*chance*", *(f"{r['chance']['1']:.4f} / {r['chance']['5']:.4f}" for r in asked)))
    lines.append(("*n (coverage)*", *(f"{r['n']:,} ({r['coverage']:.0%})" for r in asked)))
    return table(("P@1 / P@5", *columns), lines)


def bad_inputs_page() -> str:
    """docs/bad-inputs.md, from the list of bad inputs that the tests run."""
    sys.path.append(str(ROOT))
    return NOTE + str(importlib.import_module("tests.robustness.bad_inputs").page())


def rooms_table() -> str:
    """The folders of the library and what their ``__init__`` says of them."""
    inits = sorted((ROOT / "src" / "wordsight").rglob("*/__init__.py"))
    folders = [(init.parent.relative_to(ROOT / "src" / "wordsight"), init) for init in inits]
    said = {folder: ast.get_docstring(ast.parse(init.read_text())) or "" for folder, init in folders}
    return table(("Room", "What"), [(f"`{folder}/`", text.split("\n\n")[0]) for folder, text in said.items()])


def with_tables(path: Path, tables: dict[str, str]) -> str:
    """A page with each table between ``<!-- NAME -->`` and ``<!-- end NAME -->``."""
    page = path.read_text()
    for name, text in tables.items():
        block = f"<!-- {name} -->\n\n{text}\n<!-- end {name} -->".replace("\\", r"\\")
        page = re.sub(rf"<!-- {name} -->.*?<!-- end {name} -->", block, page, flags=re.S)
    return page


def pages() -> dict[Path, str]:
    """Path → text of all generated pages and of the README."""
    docs = {
        "models": models_page(),
        "tasks": tasks_page(),
        "cli": cli_page(),
        "datasets": datasets_page(),
        "formats": formats_page(),
        "words": words_page(),
        "interop": interop_page(),
        "speed": speed_page(),
        "eyes": eyes_page(),
        "pictures": pictures_page(),
        "papers": papers_page(),
        "bad-inputs": bad_inputs_page(),
    }
    docs |= {f"reproduce-{stem}": reproduction_page(stem) for name in REPRODUCTIONS for stem in reported(name)}
    made = {ROOT / "docs" / f"{name}.md": text for name, text in docs.items()}
    tables = {
        "models": models_table(),
        "tasks": tasks_table(),
        "similarity": similarity_table(),
        "translation": translation_table(),
        "speed": speed_table(),
    }
    made[ROOT / "README.md"] = with_tables(ROOT / "README.md", tables)
    going_on = ROOT / "docs" / "going-on.md"
    made[going_on] = with_tables(going_on, {"going on": going_on_table()})
    made[ROOT / "docs" / "house.md"] = with_tables(ROOT / "docs" / "house.md", {"rooms": rooms_table()})
    return made


def main() -> None:
    """Writes all pages."""
    for path, text in pages().items():
        path.write_text(text)
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
