"""``wordsight convert``: vectors from one format to another."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wordsight.cli import _show as show
from wordsight.errors import ParameterError


def convert(
    source: Annotated[Path, typer.Argument(metavar="FROM", help="A vectors directory or file, as for eval.")],
    target: Annotated[
        Path,
        typer.Argument(
            metavar="TO", help=".txt or .vec: word2vec text; .bin: word2vec binary; a name without ending: directory."
        ),
    ],
) -> None:
    """Convert vectors between wordsight's directory and word2vec's text and binary formats."""
    from wordsight.storage.streams import COMPRESSED
    from wordsight.vectors.word_vectors import WordVectors

    ending = target.suffix.lower()
    as_directory = target.is_dir() or not ending
    if not as_directory and ending not in {".txt", ".vec", ".bin"} | COMPRESSED:
        raise ParameterError(f"{target}: ending {ending} names no format; end in .txt, .vec or .bin, or without a dot")
    vectors = WordVectors.load(source)
    if as_directory:
        vectors.save(target)
    else:
        vectors.to_word2vec(target, binary=ending == ".bin")
    show.console().print(f"{target}: {len(vectors):,} words, dim {vectors.dim}")
