"""``wordsight compare``: two spaces on the word pairs that both cover."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wordsight.cli import _show as show
from wordsight.cli._options import JSONPath, Language, Overwrite


def compare(
    first: Annotated[Path, typer.Argument(metavar="A", help="Vectors: a directory or a file, as for eval.")],
    second: Annotated[Path, typer.Argument(metavar="B", help="The vectors to compare them with.")],
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Rated pairs; a line is: word1 word2 score.")],
    language: Language = None,
    resamples: Annotated[int, typer.Option(min=1, metavar="N", help="Number of bootstrap samples.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, max=2**32 - 1, metavar="N", help="Seed of the bootstrap.")] = 0,
    json: JSONPath = None,
    overwrite: Overwrite = False,
) -> None:
    """Compare two spaces on word similarity, on the pairs that both cover, with a paired interval.

    A difference whose interval does not contain 0 is marked with a star.
    """
    from wordsight.cli._results import RESULTS, comparisons_table, write_results
    from wordsight.evaluation.paired import compare
    from wordsight.storage.output_files import check_file
    from wordsight.vectors.word_vectors import WordVectors

    if json is not None:
        check_file(json, RESULTS, overwrite=overwrite)
    spaces = [WordVectors.load(path) for path in (first, second)]
    comparisons = compare(spaces[0], spaces[1], files, language=language, resamples=resamples, seed=seed)
    if json is not None:
        write_results(json, comparisons.to_dicts(), overwrite=overwrite)
    show.console().print(comparisons_table(comparisons))
