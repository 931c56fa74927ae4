"""What ``train --dry-run`` shows: what would be read, trained and written, and about how long it takes."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import typer

from wordsight.cli import _show as show
from wordsight.cli._signals import CTRL_C

if TYPE_CHECKING:
    from wordsight.cli._training_recipe import TrainingRecipe
    from wordsight.models.base import Model
    from wordsight.text.corpus import Corpus

SAMPLE_BYTES = 1 << 22
"""How much of each text is looked at."""
TRIALS = {"corpus": (20_000, 1_000_000), "captions": (500, 4_000)}
"""Kind of input → on how many tokens or captions training is tried: first for what does not grow with them."""
TRIAL_SECONDS = 2.0
"""A trial that takes less says little; it is repeated with twice the epochs."""
MOST_EPOCHS = 64
PATHS = {"text", "directory", "path", "images", "table", "shards"}


class SampledText:
    """The beginnings of the texts of a recipe, in memory; nothing is written.

    Attributes:
        share: which part of all text they are; None before the corpus was opened.
    """

    share: float | None = None

    def corpus(self, recipe: TrainingRecipe) -> Corpus:
        """A corpus of the beginnings; one that is encoded already is opened as it is.

        Raises:
            DataError: a text cannot be read, or no word of its beginning is frequent enough.
        """
        from wordsight.storage.streams import head_of_text
        from wordsight.text.corpus import Corpus
        from wordsight.text.languages import join_languages

        settings = recipe.section("corpus")
        text, language = settings.pop("text", None), settings.pop("language", None)
        if not text:
            self.share = 1.0
            return Corpus.load(settings["directory"])
        texts = [text] if isinstance(text, str) else text
        heads = [head_of_text(path, SAMPLE_BYTES) for path in texts if path != "-"]
        self.share = sum(len(head) for head, _ in heads) / max(1, sum(total for _, total in heads))
        parts = [head.decode(errors="ignore").split("\n") for head, _ in heads]
        if not isinstance(language, list):
            return Corpus.from_documents([line for part in parts for line in part], language=language, **settings)
        pairs = zip(parts, language, strict=True)
        return join_languages([Corpus.from_documents(part, language=code, **settings) for part, code in pairs])


def show_plan(
    recipe: TrainingRecipe, open_inputs: Callable[[Callable[[TrainingRecipe], Corpus]], dict[str, Any]]
) -> None:
    """Prints the plan.

    Args:
        recipe: what the user said.
        open_inputs: opens all inputs, the corpus by the function that it is given.

    Raises:
        WordsightError: an input cannot be used; the message is that of the training.
    """
    sample = SampledText()
    inputs = open_inputs(sample.corpus)
    out = show.console()
    show.section(out, "Reads", _reads(recipe))
    for kind, value in inputs.items():
        part = f"the beginning, {sample.share:.1%} of the text: " if kind == "corpus" and sample.share != 1 else ""
        out.print(f"{kind}: {part}{value!r}", soft_wrap=True)
    show.section(out, f"Trains {recipe.model.title}", _hyperparameters(recipe.model))
    show.section(out, "Writes", _writes(recipe))
    seconds = _seconds(recipe.model, inputs, sample.share or 1.0)
    out.print(f"\nTakes about {duration(seconds)}." if seconds is not None else "\nHow long it takes is not known.")


def _reads(recipe: TrainingRecipe) -> Any:
    """A row a file or folder: what it is for, where it is, what it is, and what is wrong with it."""
    from wordsight.datasets.check import check

    table = show.table("for", "path", "what it is")
    for kind in ("corpus", "features", "lexicon", "captions", "parallel"):
        for name, value in recipe.section(kind).items():
            for path in (value if isinstance(value, list) else [value]) if name in PATHS else ():
                report = check(path)
                table.add_row(kind, str(path), "; ".join((f"{report.kind}, {report.found}", *report.problems)))
    return table


def _hyperparameters(model: Model) -> Any:
    table = show.table("hyperparameter", "value", "default")
    for name, value in model.get_params().items():
        default = model.defaults()[name]
        table.add_row(name, _written(value), "" if value == default else _written(default))
    return table


def _written(value: Any) -> str:
    return "none" if value is None else str(value)


def _writes(recipe: TrainingRecipe) -> Any:
    from wordsight.storage.outputs import unfinished_folder

    table = show.table("path", "what")
    goes_on = unfinished_folder(recipe.output).exists()
    there = "replaces what is there" if recipe.output.exists() else "new"
    table.add_row(str(recipe.output), f"the model; {'goes on from a checkpoint' if goes_on else there}")
    text = recipe.section("corpus").get("text")
    for path in [text] if isinstance(text, str) else text or ():
        table.add_row(f"{path}.wordsight", "the encoded text, kept for the next run")
    return table


def _seconds(model: Model, inputs: Mapping[str, Any], share: float) -> float | None:
    """How long training takes, from two short trainings on a small part; None where no part can be taken."""
    kind = next((kind for kind in TRIALS if kind in inputs), None)
    if kind is None:
        return None
    whole = len(inputs[kind])
    small, large = (min(size, whole) for size in TRIALS[kind])
    parts = [{**inputs, kind: _part(inputs[kind], size)} for size in (small, large)]
    for _ in range(2):  # the first time compiles
        fixed = _trial(model, parts[0], epochs=1)
    epochs, most = 1, MOST_EPOCHS if "epochs" in model.get_params() else 1
    while (seconds := _trial(model, parts[1], epochs)) < TRIAL_SECONDS and epochs < most:
        epochs *= 2
    each = max(0.0, seconds - fixed) / max(1, large * epochs - small)
    return float(fixed + each * (whole / share * model.get_params().get("epochs", 1) - small))


def _part(value: Any, size: int) -> Any:
    """The first tokens of a corpus, or some captions."""
    import numpy as np

    from wordsight.text.corpus import Corpus

    if not isinstance(value, Corpus):
        return value.subset(np.arange(0, len(value), max(1, len(value) // size))[:size])
    offsets = np.unique(np.minimum(value.offsets, size))
    return Corpus(value.vocabulary, value.ids[:size], offsets)


def _trial(model: Model, inputs: Mapping[str, Any], epochs: int) -> float:
    """Seconds of some epochs on a part of the inputs."""
    trial = type(model)(**model.get_params())
    if "epochs" in trial.get_params():
        trial.set_params(epochs=epochs)
    log = logging.getLogger("wordsight")
    level = log.level
    log.setLevel(logging.ERROR)
    start = time.perf_counter()
    try:
        trial.fit(*[inputs.get(kind) for kind in trial.inputs])
    finally:
        log.setLevel(level)
    if trial.interrupted_:
        raise typer.Exit(CTRL_C)
    return time.perf_counter() - start


def duration(seconds: float) -> str:
    """Such as ``40 seconds``, ``12 minutes`` or ``3.5 hours``."""
    for unit, length in (("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.2g} {unit}"
    n = max(1, round(seconds))
    return f"{n} second{'s' if n > 1 else ''}"
