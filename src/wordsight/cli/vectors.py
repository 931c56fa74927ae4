"""``wordsight eval``, ``neighbors`` and ``convert``: what can be done with word vectors from any source."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wordsight.cli import _show as show
from wordsight.cli._options import Vectors
from wordsight.errors import ParameterError

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
