"""``wordsight train``: a model, from a recipe and flags."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wordsight.cli._options import Overwrite, features_at
from wordsight.cli._run_options import (
    OUT_OF_TIME,
    LogFile,
    TensorBoardFolder,
    TimeLimit,
    WandbProject,
    callbacks,
    seconds_of,
)
from wordsight.cli._saving import save_model
from wordsight.cli._show import console, next_steps
from wordsight.cli._signals import CTRL_C

if TYPE_CHECKING:
    from wordsight.cli._training_recipe import TrainingRecipe
    from wordsight.grounding.captions import ImageCaptions
    from wordsight.images.features import ImageFeatures
    from wordsight.models.base import Model
    from wordsight.text.corpus import Corpus
    from wordsight.vectors.word_vectors import WordVectors

log = logging.getLogger(__name__)

TRAINING_SPLITS = ("train", "restval")
"""Of Karpathy's splits, those that are trained on; the others are for tests."""


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
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Captions or queries: a table (columns image, caption[, language]), or a collection's.",
        ),
    ] = None,
    captions_format: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="auto (by content), table, coco, karpathy, flickr, conceptual, img2dataset."),
    ] = None,
    data: Annotated[
        str | None, typer.Option(metavar="NAME", help="emoji-world, which ships with wordsight, in place of captions.")
    ] = None,
    languages: Annotated[
        str | None, typer.Option(metavar="CODE,CODE,…", help="Of the data set, such as en,de,sw; or all.")
    ] = None,
    parallel: Annotated[
        Path | None, typer.Option(metavar="TABLE", help="Sentences and their translations (a column a language).")
    ] = None,
    from_: Annotated[
        str | None,
        typer.Option("--from", metavar="DIR", help="A model to go on from, or vectors to start from."),
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="DIR", help="Directory to write.")] = None,
    config: Annotated[Path | None, typer.Option(metavar="RECIPE.toml", help="A recipe with all of this.")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="A.B=C", help="Any setting, such as model.dim=50.")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Of all random numbers; short for --set model.seed=…")] = None,
    workers: Annotated[int | None, typer.Option(help="Threads; short for --set model.workers=…")] = None,
    checkpoint_minutes: Annotated[
        float, typer.Option(min=0, metavar="N", help="Between two checkpoints; the first comes after one minute.")
    ] = 5.0,
    time_limit: TimeLimit = None,
    log_file: LogFile = None,
    tensorboard: TensorBoardFolder = None,
    wandb: WandbProject = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be read, trained and written, and how long it takes.")
    ] = False,
    overwrite: Overwrite = False,
) -> None:
    """Train a model; Ctrl-C saves what was learned until then, and a second one ends at once.

    A run that ended early, in whatever way, goes on from its last checkpoint when the same command is given again.
    A finished model is replaced only with --overwrite, and only when the new one is finished too.

    With --from, training goes on from a model: new words are added, and words that the new text lacks keep their
    vectors. Its hyperparameters hold unless others are given.

    A recipe is TOML: output = "DIR", from = "DIR" and the sections model (name and hyperparameters), corpus (text,
    min_count, tokenizer, language; or directory), features (path, images), lexicon (table), captions (table, format,
    tokenizer, splits, shards; or data, languages) and parallel (table).

    Flags override it, and --set overrides both.
    """
    from wordsight.cli._training_plan import show_plan
    from wordsight.cli._training_recipe import merged
    from wordsight.interruption import interruption
    from wordsight.progress import tracked_by
    from wordsight.storage.locks import locked
    from wordsight.storage.outputs import check_directory

    flags = {
        "model.name": model,
        "corpus.text": text or None,
        "corpus.directory": corpus,
        "features.path": features,
        "features.images": images,
        "lexicon.table": lexicon,
        "captions.table": captions,
        "captions.format": captions_format,
        "captions.data": data,
        "captions.languages": languages,
        "parallel.table": parallel,
        "from": from_,
        "output": output,
        "model.seed": seed,
        "model.workers": workers,
    }
    recipe, seconds = merged(config, flags, set_ or ()), seconds_of(time_limit)
    check_directory(recipe.output, "model", overwrite=overwrite)
    if dry_run:
        return show_plan(recipe, lambda sampled: _inputs(recipe, sampled))
    with locked(recipe.output), tracked_by(*callbacks(log_file, tensorboard, wandb)), interruption.within(seconds):
        try:
            _run(recipe, checkpoint_minutes)
        except KeyboardInterrupt:
            if not interruption.out_of_time:
                raise
            log.warning("the time limit is reached before training began; the same command goes on")
            raise typer.Exit(OUT_OF_TIME) from None


def _run(recipe: TrainingRecipe, minutes: float) -> None:
    from wordsight.interruption import interruption
    from wordsight.storage.outputs import unfinished_folder
    from wordsight.training.checkpoint import checkpointing

    inputs, model, text = _inputs(recipe), recipe.model, _earlier(recipe)
    given = [inputs.get(kind) for kind in model.inputs]
    facts, started = _facts(recipe, inputs), {} if text is None else {"text": text}
    if text is not None:
        facts["from"] = {"directory": str(recipe.started_from), "fingerprint": text.fingerprint}
    identity = model.identity(*given, *started.values())
    start = time.perf_counter()
    with checkpointing(unfinished_folder(recipe.output), identity, minutes=minutes) as checkpoints:
        model.fit(*given, **started)
        seconds = time.perf_counter() - start
        saved = save_model(model, recipe.output, facts)
    if not model.interrupted_ or not (checkpoints.exist or saved != recipe.output):
        checkpoints.discard()
    if model.interrupted_:
        begins = f"goes on from {checkpoints.last}" if checkpoints.exist else "begins anew: there was no checkpoint yet"
        why = "the time limit is reached" if interruption.out_of_time else "stopped"
        log.warning("%s; what was learned until then is saved, and the same command %s", why, begins)
    _report(model, saved, seconds)
    if model.interrupted_:
        raise typer.Exit(OUT_OF_TIME if interruption.out_of_time else CTRL_C)


def _inputs(recipe: TrainingRecipe, corpus: Callable[[TrainingRecipe], Corpus] | None = None) -> dict[str, Any]:
    """Opens what the model needs; the corpus last, for its text may have to be encoded first.

    Args:
        recipe: what the user said.
        corpus: opens the corpus; None: as it is trained on.
    """
    from wordsight.grounding.lexicon import VisualLexicon
    from wordsight.text.parallel import ParallelText

    inputs: dict[str, Any] = {}
    if settings := recipe.section("lexicon"):
        inputs["lexicon"] = VisualLexicon.from_table(settings["table"], _features(recipe))
    if recipe.section("captions"):
        inputs["captions"] = _captions(recipe)
    if settings := recipe.section("parallel"):
        inputs["parallel"] = ParallelText.from_table(settings["table"])
    if recipe.section("corpus"):
        inputs["corpus"] = (corpus or _corpus)(recipe)
    return inputs


def _earlier(recipe: TrainingRecipe) -> Model | WordVectors | None:
    """The model that training goes on from, or the vectors that it starts from."""
    from wordsight.models.registry import load
    from wordsight.vectors.word_vectors import WordVectors

    path = recipe.started_from
    if path is None:
        return None
    return load(path) if recipe.starts_from_model else WordVectors.load(path)


def _captions(recipe: TrainingRecipe) -> ImageCaptions:
    """The user's file, or a data set that ships with wordsight."""
    from wordsight.datasets.emoji_world import emoji_world, shipped_languages
    from wordsight.errors import unknown_name
    from wordsight.grounding.caption_formats import read_captions

    settings = recipe.section("captions")
    if "data" not in settings:
        splits = settings.get("splits", TRAINING_SPLITS)
        captions = read_captions(
            settings["table"],
            _features(recipe),
            format=settings.get("format", "auto"),
            shards=settings.get("shards"),
            splits=[splits] if isinstance(splits, str) else splits,
        )
        return captions.with_tokenizer(settings.get("tokenizer", captions.tokenizer))
    if settings["data"] != "emoji-world":
        raise unknown_name("data set", settings["data"], ["emoji-world"], hint="emoji-world ships with wordsight")
    wanted = settings.get("languages", "en,de,fr,es")
    codes = wanted if isinstance(wanted, list) else [code.strip() for code in wanted.split(",") if code.strip()]
    captions = emoji_world(shipped_languages() if codes == ["all"] else codes).captions()
    return captions.with_tokenizer(settings.get("tokenizer", captions.tokenizer))


def _corpus(recipe: TrainingRecipe) -> Corpus:
    """A text, texts of several languages, or what was encoded before."""
    from wordsight.errors import ParameterError
    from wordsight.text.corpus import Corpus
    from wordsight.text.languages import join_languages

    settings = recipe.section("corpus")
    text, language = settings.pop("text", None), settings.pop("language", None)
    if not text:
        return Corpus.load(settings["directory"])
    if not isinstance(language, list):
        return Corpus.from_text(text, language=language, **settings)
    texts = [text] if isinstance(text, str) else text
    if len(texts) != len(language):
        raise ParameterError(
            f"corpus.language names {len(language)} languages; give one for each of {len(texts)} texts"
        )
    pairs = zip(texts, language, strict=True)
    return join_languages([Corpus.from_text(path, language=code, **settings) for path, code in pairs])


def _features(recipe: TrainingRecipe) -> ImageFeatures:
    """A features directory, or a ``.npy`` file with the table of its rows."""
    settings = recipe.section("features")
    return features_at(settings["path"], settings.get("images"))


def _facts(recipe: TrainingRecipe, inputs: dict[str, Any]) -> dict[str, Any]:
    """What was trained on, for ``config.json`` and the model card."""
    kinds = ("corpus", "features", "lexicon", "captions", "parallel")
    facts: dict[str, Any] = {name: recipe.section(name) for name in kinds}
    facts = {name: settings for name, settings in facts.items() if settings}
    for kind, value in inputs.items():
        facts[kind] |= {"size": repr(value)}
        source, name = (value, kind) if kind in ("corpus", "parallel") else (value.features, "features")
        facts.setdefault(name, {})["fingerprint"] = source.fingerprint
    return facts


def _report(model: Model, output: Path, seconds: float) -> None:
    """What was done and grounded, where it is, and what to type next."""
    vectors = model.vectors_
    epochs = f"{len(model.history_)} epoch{'s' if len(model.history_) != 1 else ''}"
    figures = [f"{len(vectors):,} words", f"dim {vectors.dim}", f"{epochs} in {seconds:.1f} s"]
    last = {name: value for name, value in (model.history_ or [{}])[-1].items() if name != "epoch"}
    for name, value in last.items():
        figures.append(f"{name.replace('_per_', '/').replace('_', ' ')} {value:{',.0f' if value >= 1000 else '.4g'}}")
    console().print(f"{model.title}: {', '.join(figures)}", soft_wrap=True)
    if model.report_:
        console().print(str(model.report_), soft_wrap=True)
    console().print(f"saved in {output}", soft_wrap=True)
    word = vectors.words[min(500, len(vectors) // 2)]
    next_steps([["neighbors", output, word], ["eval", output, "WORD-PAIRS.txt"]])
