"""``wordsight neighbors``: the words nearest to words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wordsight.cli import _show as show
from wordsight.cli._options import OnlyLanguage, Vectors
from wordsight.cli._terminal_pictures import show_pictures


def neighbors(
    vectors: Vectors,
    words: Annotated[list[str], typer.Argument(metavar="WORD...", help="Each is looked up by itself.")],
    topn: Annotated[int, typer.Option(help="How many neighbors a word.")] = 10,
    language: OnlyLanguage = None,
    lexicon: Annotated[
        Path | None, typer.Option(metavar="TABLE", help="Which word has which picture (columns word, image).")
    ] = None,
    folder: Annotated[Path, typer.Option(metavar="DIR", help="Where the image files are.")] = Path(),
) -> None:
    """Show the words nearest to each word, by cosine.

    With --lexicon, terminals that can show pictures (kitty, iTerm, sixel) show one for each word that has any.
    """
    from rich.columns import Columns

    from wordsight.vectors.word_vectors import WordVectors

    space = WordVectors.load(vectors)
    found = {word: space.most_similar(word, topn=topn, language=language) for word in words}
    pictures = {} if lexicon is None else _first_pictures(lexicon)
    tables = [show.nearest_table(word, nearest) for word, nearest in found.items()]
    show.console().print(Columns(tables, padding=(0, 4)))
    show_pictures({w: [(pictures[near], cos) for near, cos in found[w] if near in pictures] for w in found}, folder)


def _first_pictures(lexicon: Path) -> dict[str, str]:
    """Word → the first image that a table names for it."""
    from wordsight.storage.tables import read_table

    table = read_table(lexicon)
    pairs = list(zip(table.column("word"), table.column("image", "path"), strict=True))
    return dict(reversed(pairs))
