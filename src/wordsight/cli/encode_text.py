"""``wordsight encode-text``: text made ready for training."""

from __future__ import annotations

from typing import Annotated

import typer

from wordsight.cli._options import Output, Overwrite
from wordsight.cli._show import console, next_steps


def encode_text(
    text: Annotated[list[str], typer.Argument(metavar="TEXT...", help="Files (.txt .gz .xz .bz2); - is stdin.")],
    output: Output,
    min_count: Annotated[int, typer.Option(help="Leave out words that occur less often.")] = 5,
    tokenizer: Annotated[str, typer.Option(help="whitespace, text8, words or icu.")] = "whitespace",
    language: Annotated[str | None, typer.Option(help="Tag for every word: en makes en:cat.")] = None,
    overwrite: Overwrite = False,
) -> None:
    """Encode text once, so that training starts at once."""
    from wordsight.text.corpus import Corpus

    corpus = Corpus.from_text(
        text, min_count=min_count, tokenizer=tokenizer, language=language, directory=output, overwrite=overwrite
    )
    console().print(
        f"{output}: {len(corpus):,} tokens, {len(corpus.vocabulary):,} words, {len(corpus.offsets) - 1:,} documents"
    )
    next_steps([["train", "sgns", "--corpus", output, "--output", "sgns"]])
