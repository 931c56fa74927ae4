"""``wordsight plot``: maps, histories and ratings as pictures."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wordsight.cli import _show as show
from wordsight.cli._options import Language, Overwrite, Vectors

if TYPE_CHECKING:
    from wordsight.vectors.word_vectors import WordVectors

app = typer.Typer(name="plot", help="Draw a map, training histories, or ratings as PNG.", no_args_is_help=True)

Picture = Annotated[Path, typer.Option("--output", "-o", metavar="PNG", help="File to write.")]
Spaces = Annotated[
    list[Path], typer.Argument(metavar="VECTORS...", help="Directories or files of vectors, drawn in one picture.")
]


@app.command()
def map(
    vectors: Vectors,
    output: Picture,
    words: Annotated[
        list[str] | None, typer.Option("--word", metavar="WORD", help="Label this word; may be given several times.")
    ] = None,
    method: Annotated[str, typer.Option(help="pca: principal components, at once; tsne: t-SNE, in minutes.")] = "pca",
    labels: Annotated[int, typer.Option(min=1, help="How many words have a label, without --word.")] = 80,
    overwrite: Overwrite = False,
) -> None:
    """Draw all words in two dimensions; a color stands for a language."""
    from wordsight import plots

    _check(output, overwrite)
    _save(plots.map(_loaded(vectors), words, method=method, labels=labels), output, overwrite)


@app.command()
def history(
    models: Annotated[
        list[Path], typer.Argument(metavar="MODEL...", help="Directories that train wrote, drawn in one picture.")
    ],
    output: Picture,
    figure: Annotated[str, typer.Option(help="What to draw, such as loss or words_per_second.")] = "loss",
    overwrite: Overwrite = False,
) -> None:
    """Draw a loss, or another figure of the training, after each epoch."""
    from wordsight import plots

    _check(output, overwrite)
    _save(
        plots.history({name: _epochs(path) for name, path in _named(models).items()}, figure=figure), output, overwrite
    )


@app.command()
def ratings(
    vectors: Spaces,
    output: Picture,
    file: Annotated[Path, typer.Option("--file", metavar="FILE", help="Rated pairs: word1 word2 score in each line.")],
    language: Language = None,
    overwrite: Overwrite = False,
) -> None:
    """Draw people's ratings of word pairs against the cosines of one or several spaces."""
    from wordsight import plots

    _check(output, overwrite)
    spaces = {name: _loaded(path) for name, path in _named(vectors).items()}
    _save(plots.ratings(spaces, file, language=language), output, overwrite)


def _named(paths: list[Path]) -> dict[str, Path]:
    """The paths by their last parts, as many as tell them apart."""
    parts = [path.resolve().parts for path in dict.fromkeys(paths)]
    n = next(n for n in itertools.count(1) if len({path[-n:] for path in parts}) == len(set(parts)))
    return {"/".join(path[-n:]): Path(*path) for path in parts}


def _loaded(path: Path) -> WordVectors:
    from wordsight.vectors.word_vectors import WordVectors

    return WordVectors.load(path)


def _epochs(path: Path) -> list[dict[str, float]]:
    """The history of a model's directory; empty for vectors without a model."""
    from wordsight.storage.config import read_config
    from wordsight.vectors.formats import native

    found: list[dict[str, float]] = read_config(path, native.KIND, version=native.FORMAT_VERSION).get("history") or []
    return found


def _check(output: Path, overwrite: bool) -> None:
    """Refuses before any work what must not be replaced."""
    from wordsight.storage.output_files import check_file

    check_file(output, "picture", overwrite=overwrite)


def _save(drawn: Any, output: Path, overwrite: bool) -> None:
    from wordsight.plots.style import save

    save(drawn, output, overwrite=overwrite)
    show.console().print(f"drawn on {output}", soft_wrap=True)
