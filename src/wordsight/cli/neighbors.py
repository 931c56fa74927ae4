"""``wordsight neighbors``: the words nearest to words."""

from __future__ import annotations

from typing import Annotated

import typer

from wordsight.cli import _show as show
from wordsight.cli._options import OnlyLanguage, Vectors


def neighbors(
    vectors: Vectors,
    words: Annotated[list[str], typer.Argument(metavar="WORD...", help="Each is looked up by itself.")],
    topn: Annotated[int, typer.Option(help="How many neighbors a word.")] = 10,
    language: OnlyLanguage = None,
) -> None:
    """Show the words nearest to each word, by cosine."""
    from rich.columns import Columns

    from wordsight.vectors.word_vectors import WordVectors

    space = WordVectors.load(vectors)
    tables = [show.nearest_table(w, space.most_similar(w, topn=topn, language=language)) for w in words]
    show.console().print(Columns(tables, padding=(0, 4)))
