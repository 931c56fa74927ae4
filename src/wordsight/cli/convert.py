"""``wordsight convert``: word vectors from one file format into another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wordsight.cli import _show as show
from wordsight.cli._options import OnlyLanguage, Overwrite, Vectors
from wordsight.vectors.formats.registry import WRITTEN


def convert(
    source: Vectors,
    target: Annotated[
        Path,
        typer.Argument(metavar="TO", help="Its ending says the format, as in .txt, .bin or .npz; none: a directory."),
    ],
    format: Annotated[
        str | None, typer.Option(metavar="NAME", help=f"Format to write, whatever the ending: {', '.join(WRITTEN)}.")
    ] = None,
    limit: Annotated[int | None, typer.Option(help="Only that many words from the beginning.")] = None,
    language: OnlyLanguage = None,
    overwrite: Overwrite = False,
) -> None:
    """Convert vectors from any known format, found by content, into another."""
    from wordsight.storage.output_files import check_file
    from wordsight.storage.outputs import check_directory
    from wordsight.vectors.formats.registry import to_write
    from wordsight.vectors.word_vectors import WordVectors

    directory = to_write(target, format).directory
    if directory is not None:
        check_directory(target, directory, overwrite=overwrite)
    else:
        check_file(target, "vectors", overwrite=overwrite)
    vectors = WordVectors.load(source, limit=limit)
    if language is not None:
        vectors = vectors.restricted(language)
    vectors.save(target, format=format, overwrite=overwrite)
    show.console().print(f"{target}: {len(vectors):,} words, dim {vectors.dim}")
