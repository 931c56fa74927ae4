"""``wordsight train``: a model, from a recipe and flags."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wordsight.cli.options import features_at
from wordsight.cli.show import console, next_steps

if TYPE_CHECKING:
    from wordsight.cli.recipe import Recipe
    from wordsight.images.features import ImageFeatures
    from wordsight.models.base import Model

log = logging.getLogger(__name__)


def train(
    model: Annotated[
        str | None,
        typer.Argument(metavar="MODEL", help="Such as sgns, pixie, iesg or imagevec; docs/models.md lists all."),
    ] = None,
    text: Annotated[list[str] | None, typer.Option(metavar="FILE", help="Text; may be given several times.")] = None,
    corpus: Annotated[
        Path | None, typer.Option(metavar="DIR", help="What encode-text wrote, in place of text.")
    ] = None,
    features: Annotated[Path | None, typer.Option(metavar="PATH", help="What extract wrote, or a .npy file.")] = None,
    images: Annotated[
        Path | None, typer.Option(metavar="TABLE", help="For a .npy file: its rows' images (column image or path).")
    ] = None,
    lexicon: Annotated[
        Path | None, typer.Option(metavar="TABLE", help="Which image shows which word (columns word, image).")
    ] = None,
    captions: Annotated[
        Path | None, typer.Option(metavar="TABLE", help="Captions or queries (columns image, caption[, language]).")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="DIR", help="Directory to write.")] = None,
    config: Annotated[Path | None, typer.Option(metavar="RECIPE.toml", help="A recipe with all of this.")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="A.B=C", help="Any setting, such as model.dim=50.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Of all random numbers; short for --set model.seed=…")] = None,
    workers: Annotated[int | None, typer.Option(help="Threads; short for --set model.workers=…")] = None,
) -> None:
    """Train a model; Ctrl-C saves what was learned until then.

    A recipe is TOML: output = "DIR" and the sections model (name and hyperparameters), corpus (text, min_count,
    tokenizer, language; or directory), features (path, images), lexicon (table) and captions (table).
    Flags override it, and --set overrides both.
    """
    from wordsight.cli.recipe import Recipe, parse_assignment, read_recipe
    from wordsight.files import check_replaceable

    settings = read_recipe(config) if config else {}
    # What is given by a flag replaces all that the recipe says of the same thing.
    replaced = [name for name in settings if corpus and name.startswith("corpus.")]
    replaced += ["corpus.directory"] * bool(text) + ["features.images"] * bool(features)
    settings = {name: value for name, value in settings.items() if name not in replaced}
    flags = {
        "model.name": model,
        "corpus.text": text or None,
        "corpus.directory": corpus,
        "features.path": features,
        "features.images": images,
        "lexicon.table": lexicon,
        "captions.table": captions,
        "output": output,
        "model.seed": seed,
        "model.workers": workers,
    }
    settings |= {k: str(v) if isinstance(v, Path) else v for k, v in flags.items() if v is not None}
    recipe = Recipe(settings | dict(map(parse_assignment, set_ or ())))
    check_replaceable(recipe.output)
    _run(recipe)


def _run(recipe: Recipe) -> None:
    inputs = _inputs(recipe)
    start = time.perf_counter()
    model = recipe.model.fit(*(inputs[kind] for kind in recipe.model.inputs))
    seconds = time.perf_counter() - start
    model.save(recipe.output, data=_facts(recipe, inputs))
    if model.interrupted_:
        log.warning("stopped by Ctrl-C; what was learned until then is saved")
    _report(model, recipe.output, seconds)
    if model.interrupted_:
        raise typer.Exit(130)


def _inputs(recipe: Recipe) -> dict[str, Any]:
    """Opens what the model needs; the corpus last, for its text may have to be encoded first."""
    from wordsight.grounding.captions import ImageCaptions
    from wordsight.grounding.lexicon import VisualLexicon
    from wordsight.text.corpus import Corpus

    needed = recipe.model.inputs
    inputs: dict[str, Any] = {}
    if "lexicon" in needed:
        inputs["lexicon"] = VisualLexicon.from_table(recipe.section("lexicon")["table"], _features(recipe))
    if "captions" in needed:
        inputs["captions"] = ImageCaptions.from_table(recipe.section("captions")["table"], _features(recipe))
    if "corpus" in needed:
        settings = recipe.section("corpus")
        text = settings.pop("text", None)
        inputs["corpus"] = Corpus.from_text(text, **settings) if text else Corpus.load(settings["directory"])
    return inputs


def _features(recipe: Recipe) -> ImageFeatures:
    """A features directory, or a ``.npy`` file with the table of its rows."""
    settings = recipe.section("features")
    return features_at(settings["path"], settings.get("images"))


def _facts(recipe: Recipe, inputs: dict[str, Any]) -> dict[str, Any]:
    """What was trained on, for ``config.json`` and the model card."""
    facts: dict[str, Any] = {name: recipe.section(name) for name in ("corpus", "features", "lexicon", "captions")}
    facts = {name: settings for name, settings in facts.items() if settings}
    for kind, value in inputs.items():
        facts[kind] |= {"size": repr(value)}
        source, name = (value, kind) if kind == "corpus" else (value.features, "features")
        facts[name]["fingerprint"] = source.fingerprint
    return facts


def _report(model: Model, output: Path, seconds: float) -> None:
    """What was done, where it is, and what to type next."""
    vectors = model.vectors_
    epochs = f"{len(model.history_)} epoch{'s' if len(model.history_) != 1 else ''}"
    figures = [f"{len(vectors):,} words", f"dim {vectors.dim}", f"{epochs} in {seconds:.1f} s"]
    last = {name: value for name, value in (model.history_ or [{}])[-1].items() if name != "epoch"}
    for name, value in last.items():
        figures.append(f"{name.replace('_per_', '/').replace('_', ' ')} {value:{',.0f' if value >= 1000 else '.4g'}}")
    console().print(f"{model.title}: {', '.join(figures)}", soft_wrap=True)
    console().print(f"saved in {output}", soft_wrap=True)
    word = vectors.words[min(500, len(vectors) // 2)]
    next_steps([["neighbors", output, word], ["eval", output, "WORD-PAIRS.txt"]])
