"""Options that several verbs share: one meaning has one name everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Output = Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Directory to write.")]
Seed = Annotated[int, typer.Option("--seed", help="Of all random numbers.")]
Workers = Annotated[int | None, typer.Option("--workers", help="Threads; by default one for each core.")]
Vectors = Annotated[
    Path,
    typer.Argument(
        metavar="VECTORS", help="A directory that wordsight wrote, or a word2vec, GloVe or fastText file (.vec, .bin)."
    ),
]
