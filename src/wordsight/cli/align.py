"""``wordsight align``: the vectors of several languages brought into one space."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wordsight.cli._options import Overwrite, Seed
from wordsight.cli._saving import save_model
from wordsight.cli._signals import CTRL_C
from wordsight.errors import ParameterError

if TYPE_CHECKING:
    from wordsight.vectors.word_vectors import WordVectors


def align(
    vectors: Annotated[
        list[Path],
        typer.Argument(metavar="VECTORS...", help="Of two or more languages; all come into the first one's space."),
    ],
    language: Annotated[
        list[str] | None,
        typer.Option(metavar="CODE", help="Language of each, in order, where the words have no tags as in en:cat."),
    ] = None,
    dictionary: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="For each language but the first, in order; a line is: word of the first, word of the other. "
            "Without any, no translation is known.",
        ),
    ] = None,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Directory to write.")] = Path(
        "aligned"
    ),
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="A=B", help="A hyperparameter of MUSE, such as refinements=3.")
    ] = None,
    seed: Seed = 0,
    overwrite: Overwrite = False,
) -> None:
    """Align the vectors of several languages (MUSE): with dictionaries, or with none.

    The most frequent words must come first, as in the files of word2vec, fastText and wordsight.
    """
    from wordsight.cli._show import console, next_steps
    from wordsight.cli._training_recipe import parse_assignment
    from wordsight.evaluation.data.dictionaries import read_dictionary
    from wordsight.models.muse import MUSE
    from wordsight.storage.outputs import check_directory
    from wordsight.text.language_tags import lower_word
    from wordsight.vectors.word_vectors import WordVectors

    model = MUSE.from_settings({**dict(map(parse_assignment, set_ or ())), "seed": seed})
    check_directory(output, "model", overwrite=overwrite)
    for name, given, wanted in (("language", language, len(vectors)), ("dictionary", dictionary, len(vectors) - 1)):
        if given and len(given) != wanted:
            raise ParameterError(f"--{name} is given {len(given)} times; {len(vectors)} files need {wanted}")
    spaces = [WordVectors.load(path) for path in vectors]
    if language:
        spaces = [_tagged(space, code) for space, code in zip(spaces, language, strict=True)]
    known = None
    if dictionary:
        codes = [space.languages[0] if space.languages else "" for space in spaces]
        known = [
            (lower_word(f"{codes[0]}:{first}"), lower_word(f"{code}:{second}"))
            for path, code in zip(dictionary, codes[1:], strict=True)
            for first, second in read_dictionary(path)
        ]
    start = time.perf_counter()
    model.fit(spaces, known)
    sources = {"vectors": [str(path) for path in vectors], "dictionaries": [str(path) for path in dictionary or ()]}
    saved = save_model(model, output, sources)
    out = console()
    out.print(f"{model.title}: {len(model.vectors_):,} words in {time.perf_counter() - start:.1f} s")
    for space, criterion in zip(spaces[1:], model.criteria_, strict=True):
        out.print(f"{space.languages[0]} to {spaces[0].languages[0]}: mean CSLS of nearest words {criterion:.3f}")
    out.print(f"saved in {saved}", soft_wrap=True)
    if model.interrupted_:
        raise typer.Exit(CTRL_C)
    next_steps([["neighbors", saved, spaces[0].words[0], "--language", spaces[1].languages[0]]])


def _tagged(space: WordVectors, language: str) -> WordVectors:
    """The same vectors with a tag on each word."""
    from wordsight.vectors.word_vectors import WordVectors

    return WordVectors([f"{language}:{word}" for word in space.words], space.matrix)
