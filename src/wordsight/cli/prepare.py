"""``wordsight encode-text`` and ``wordsight extract``: text and images made ready for training."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wordsight.cli._options import Output, Workers
from wordsight.cli._show import console, next_steps


def encode_text(
    text: Annotated[list[str], typer.Argument(metavar="TEXT...", help="Files (.txt .gz .xz .bz2); - is stdin.")],
    output: Output,
    min_count: Annotated[int, typer.Option(help="Leave out words that occur less often.")] = 5,
    tokenizer: Annotated[str, typer.Option(help="whitespace, text8 or words.")] = "whitespace",
    language: Annotated[str | None, typer.Option(help="Tag for every word: en makes en:cat.")] = None,
) -> None:
    """Encode text once, so that training starts at once."""
    from wordsight.text.corpus import Corpus

    corpus = Corpus.from_text(text, min_count=min_count, tokenizer=tokenizer, language=language, directory=output)
    console().print(
        f"{output}: {len(corpus):,} tokens, {len(corpus.vocabulary):,} words, {len(corpus.offsets) - 1:,} documents"
    )
    next_steps([["train", "sgns", "--corpus", output, "--output", "sgns"]])


def extract(
    images: Annotated[
        Path, typer.Argument(metavar="IMAGES", help="A folder, a table (column image or path), or tar shards.")
    ],
    output: Output,
    encoder: Annotated[
        str, typer.Option(help="efficientnet-lite0, or hf:NAME for a vision model of transformers.")
    ] = "efficientnet-lite0",
    batch_size: Annotated[int, typer.Option(help="Images at a time; 128 or more suits a GPU.")] = 16,
    workers: Workers = None,
) -> None:
    """Extract image features; stopped and run again, it goes on where it was."""
    from wordsight.images.features import ImageFeatures

    features = ImageFeatures.extract(images, encoder, directory=output, batch_size=batch_size, workers=workers)
    console().print(f"{output}: {len(features):,} images, {features.n_features:,} features each")
    given = ["--features", output, "--output"]
    next_steps(
        [
            ["train", "pixie", "--text", "TEXT", "--lexicon", "LABELS.csv", *given, "pixie"],
            ["train", "imagevec", "--captions", "CAPTIONS.csv", *given, "imagevec"],
        ]
    )
