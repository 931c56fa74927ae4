"""``wordsight demo``: words of several languages translated by nothing but the look of pictures."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wordsight.cli import _show as show
from wordsight.cli._emoji_world import (
    OTHER_VENDOR,
    PIVOT_VENDOR,
    UNSEEN_VENDOR,
    facts,
    languages_of,
    tokenizer,
    trained,
)
from wordsight.cli._options import Overwrite, Seed
from wordsight.cli._saving import save_model
from wordsight.cli._signals import CTRL_C
from wordsight.errors import ParameterError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from wordsight.datasets.emoji_world import EmojiWorld
    from wordsight.evaluation.result import Results
    from wordsight.models.imagevec import ImageVec
    from wordsight.vectors.word_vectors import WordVectors

EXAMPLES = "🐕🐎🦆🐘🦋🍌🍞🔥🏠🚲🔑🎸🐈🐄🐟👑💍🌋🌹🍕🥚🚗🐢⌚🌙"
"""Everyday things; the first dozen of those named with one word are translated, whatever comes out."""
N_EXAMPLES = 12
N_CONCEPTS = 4
GROUPS = ("animal-bird", "plant-flower", "food-fruit", "musical-instrument", "animal-bug", "computer", "sky & weather")
"""Emoji subcategories; for each the word that best names it shows what the space has learned."""


def demo(
    languages: Annotated[
        str, typer.Option(metavar="CODE,CODE,…", help="Two or more; the others are translated from the first.")
    ] = "en,de,fr,es",
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Directory to write.")] = Path(
        "emoji-vectors"
    ),
    seed: Seed = 0,
    overwrite: Overwrite = False,
) -> None:
    """See it work in a minute: translations that are found from pictures alone.

    Trains ImageVec on Emoji World, which ships with wordsight. The first language sees only the drawings of one
    vendor, the others only those of a second one; there is no text and no dictionary.
    """
    from wordsight.datasets.emoji_world import emoji_world
    from wordsight.storage.outputs import check_directory

    codes = [code.strip() for code in languages.split(",") if code.strip()]
    if len(set(codes)) < 2:
        raise ParameterError(f"--languages {languages}: at least two are needed, such as en,de")
    check_directory(output, "model", overwrite=overwrite or bool(languages_of(output)))
    world = emoji_world(codes)
    out = show.console()
    _introduce(out, world)
    start = time.perf_counter()
    model = trained(world, seed)
    seconds = time.perf_counter() - start
    saved = save_model(model, output, facts(world))
    if model.interrupted_:
        out.print(f"Stopped; what was learned until then is saved in {saved}.")
        raise typer.Exit(CTRL_C)
    words = group_words(world, model.vectors_)
    _show_all(out, world, model, words)
    out.print(f"\nTrained in {seconds:.0f} s; {len(model.vectors_):,} word vectors are saved in {output}.")
    _say_what_next(words, world.languages[1:], output)


def _introduce(out: Console, world: EmojiWorld) -> None:
    first, *others = world.languages
    out.print(
        f"Emoji World: {len(world.categories):,} emoji drawn by three vendors, named in {len(world.languages)} "
        f"languages. {first} sees only the drawings of {PIVOT_VENDOR}; {' '.join(others)} see only those of "
        f"{OTHER_VENDOR}. No text, no dictionary, no picture that both sides share: only the look of the pictures can "
        "bring their words together.\n"
    )


def _show_all(out: Console, world: EmojiWorld, model: ImageVec, words: Sequence[str]) -> None:
    vectors, drawings = model.vectors_, unseen_drawings(world, model)
    title = "Translations found from pictures alone (✓: what that language calls the emoji)"
    show.section(out, title, _translations(world, vectors))
    show.section(out, "How good that is, beside chance", _scores(world, vectors, drawings))
    out.print("translation: emoji names of one word in both languages, sought among all words")
    out.print(f"naming: drawings by {UNSEEN_VENDOR}, never shown with a word in training; their names among all words")
    show.section(out, "Nearest words, whatever their language", _neighbors(vectors, words))
    show.section(
        out, f"Emoji that depict a word best (drawings of {UNSEEN_VENDOR})", _depictions(vectors, drawings, words)
    )


def unseen_drawings(world: EmojiWorld, model: ImageVec) -> WordVectors:
    """The emoji as the vendor that was not trained on draws them, in the space of the words."""
    from wordsight.vectors.word_vectors import WordVectors

    rows = [row for row, vendor in enumerate(world.features.sources or ()) if vendor == UNSEEN_VENDOR]
    emoji = [world.features.ids[row].partition("/")[2] for row in rows]
    return WordVectors(emoji, model.image_vectors(world.features)[rows])


def group_words(world: EmojiWorld, vectors: WordVectors) -> list[str]:
    """For each of :data:`GROUPS` the first language's keyword that best tells it from other emoji (highest F1)."""
    from wordsight.evaluation.data.dictionaries import one_word_names

    language = world.languages[0]
    groups = {emoji: group for emoji, (_, group) in world.categories.items()}
    annotations = [a for a in world.annotations if a.language == language]
    uses = [
        (groups[a.emoji], word)
        for a in annotations
        for word in one_word_names({k: k for k in a.keywords}, tokenizer()).values()
    ]
    sizes, together = Counter(groups[a.emoji] for a in annotations), Counter(uses)
    alone = Counter(word for _, word in uses)
    best: dict[str, tuple[float, str]] = {}
    for (group, word), n in together.items():
        if f"{language}:{word}" in vectors:
            best[group] = max(best.get(group, (0.0, "")), (2 * n / (alone[word] + sizes[group]), f"{language}:{word}"))
    return [best[group][1] for group in GROUPS if group in best]


def bare(word: str) -> str:
    """The word without its language tag."""
    return word.partition(":")[2]


def _translations(world: EmojiWorld, vectors: WordVectors) -> Table:
    """A dozen words with the nearest words of the other languages."""
    from wordsight.evaluation.data.dictionaries import one_word_names

    first, *others = world.languages
    names = {language: one_word_names(world.names(language), tokenizer()) for language in world.languages}
    named = [emoji for emoji in EXAMPLES if f"{first}:{names[first].get(emoji)}" in vectors]
    named.sort(key=lambda emoji: not all(emoji in names[other] for other in others))  # stable: those come first
    table = show.table(first, *others, "")
    for emoji in named[:N_EXAMPLES]:
        word = names[first][emoji]
        cells = [_ranked(vectors, f"{first}:{word}", other, names[other].get(emoji)) for other in others]
        table.add_row(word, *cells, emoji)
    return table


def _ranked(vectors: WordVectors, word: str, language: str, right: str | None) -> str:
    found = [bare(name) for name, _ in vectors.most_similar(word, topn=2, language=language)]
    return ", ".join(f"{name}✓" if name == right else name for name in found)


def _scores(world: EmojiWorld, vectors: WordVectors, drawings: WordVectors) -> Table:
    """Translation from the first language to each other, and naming in each language."""
    from wordsight.evaluation.data.dictionaries import name_pairs, one_word_names
    from wordsight.evaluation.tasks.naming import naming
    from wordsight.evaluation.tasks.translation import translation

    table = show.table("")
    for title in ("P@1", "chance", "P@5", "chance", "asked"):
        table.add_column(title, justify="right", no_wrap=True)
    first, *others = world.languages
    for other in others:
        pairs = name_pairs(world.names(first), world.names(other), tokenizer())
        table.add_row(
            f"translation {first} → {other}", *_figures(translation, vectors, pairs, source=first, target=other)
        )
    for language in world.languages:
        names = one_word_names(world.names(language), tokenizer())
        names = {emoji: name for emoji, name in names.items() if emoji in drawings}
        table.add_row(f"naming in {language}", *_figures(naming, vectors, drawings, names, language=language))
    return table


def _figures(task: Callable[..., Results], *inputs: Any, **options: Any) -> Iterator[str]:
    """Precision at 1 and 5, each beside chance, and the number of questions; dashes where there is nothing to ask."""
    try:
        result = task(*inputs, **options).only
    except ParameterError:  # a language may have no name of one word
        return iter("–" * 5)
    precision, chance = result.details["precision"], result.details["chance"]
    figures = ((f"{precision[k]:.3f}", f"{chance[k]:.4f}") for k in (1, 5))
    return itertools.chain(*figures, [f"{result.n:,}"])


def _neighbors(vectors: WordVectors, words: Sequence[str]) -> Table:
    table = show.table("word", "nearest")
    for word in words[:N_CONCEPTS]:
        table.add_row(word, "  ".join(near for near, _ in vectors.most_similar(word, topn=6)))
    return table


def _depictions(vectors: WordVectors, drawings: WordVectors, words: Sequence[str]) -> Table:
    table = show.table("word", "best first")
    for word in words:
        table.add_row(bare(word), "  ".join(emoji for emoji, _ in drawings.most_similar(vectors[word], topn=10)))
    return table


def _say_what_next(words: Sequence[str], others: Sequence[str], output: Path) -> None:
    show.next_steps(
        [
            ["neighbors", output, words[0], "--language", others[0]],
            ["neighbors", output, *words[1:3]],
            ["demo", "--languages", "en,sw,ja,ar"],
        ]
    )
