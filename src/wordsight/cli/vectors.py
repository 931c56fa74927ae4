"""``wordsight eval`` and ``neighbors``: what can be done with word vectors from any source."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wordsight.cli import _show as show
from wordsight.cli._options import Vectors

if TYPE_CHECKING:
    from rich.table import Table

    from wordsight.vectors.word_vectors import WordVectors


def evaluate(
    vectors: Vectors,
    files: Annotated[list[Path], typer.Argument(metavar="FILES...", help="Test files; a line is: word1 word2 score.")],
    language: Annotated[str | None, typer.Option(help="Tag of the files' words in the vectors, such as en.")] = None,
    json: Annotated[Path | None, typer.Option(metavar="PATH", help="Also write the results as JSON.")] = None,
) -> None:
    """Evaluate vectors on word similarity: Spearman's rank correlation with people's ratings."""
    from wordsight.evaluation.tasks.similarity import similarity
    from wordsight.storage.atomic import replace_file
    from wordsight.storage.json_toml import write_json
    from wordsight.vectors.word_vectors import WordVectors

    results = similarity(WordVectors.load(vectors), files, language=language)
    if json is not None:
        with replace_file(json) as temporary:
            write_json(temporary, results.to_dicts())
    table = show.table("word similarity")
    for title in ("Spearman", "95 % interval", "pairs", "coverage"):
        table.add_column(title, justify="right", no_wrap=True)
    for r in results:
        interval = " to ".join(map(show.number, r.interval))
        table.add_row(r.dataset, show.number(r.score), interval, f"{r.n:,} of {r.total:,}", f"{r.coverage:.1%}")
    show.console().print(table)


def neighbors(
    vectors: Vectors,
    words: Annotated[list[str], typer.Argument(metavar="WORD...", help="Each is looked up by itself.")],
    topn: Annotated[int, typer.Option(help="How many neighbors a word.")] = 10,
    language: Annotated[str | None, typer.Option(help="Only words with this tag, such as de.")] = None,
) -> None:
    """Show the words nearest to each word, by cosine."""
    from rich.columns import Columns

    from wordsight.vectors.word_vectors import WordVectors

    space = WordVectors.load(vectors)
    tables = [_neighbors(space, word, topn, language) for word in words]
    show.console().print(Columns(tables, padding=(0, 4)))


def _neighbors(space: WordVectors, word: str, topn: int, language: str | None) -> Table:
    table = show.table(word)
    table.add_column("cosine", justify="right")
    for neighbor, cosine in space.most_similar(word, topn=topn, language=language):
        table.add_row(neighbor, show.number(cosine))
    return table
