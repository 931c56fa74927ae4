"""``wordsight extract``: images made ready for training."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wordsight.cli._options import Output, Overwrite, Workers
from wordsight.cli._show import console, next_steps


def extract(
    images: Annotated[
        Path, typer.Argument(metavar="IMAGES", help="A folder, a table (column image or path), or tar shards.")
    ],
    output: Output,
    encoder: Annotated[
        str, typer.Option(help="efficientnet-lite0, -lite1, -lite2, hf:NAME for transformers, or several joined by +.")
    ] = "efficientnet-lite0",
    sources: Annotated[
        str | None,
        typer.Option(metavar="folders", help="Take the first folder of each image for the collection that it is of."),
    ] = None,
    source_column: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Column of the table that names each image's collection [default: source]."),
    ] = None,
    batch_size: Annotated[int, typer.Option(help="Images at a time; 128 or more suits a GPU.")] = 16,
    workers: Workers = None,
    overwrite: Overwrite = False,
) -> None:
    """Extract image features; stopped and run again, it goes on where it was.

    Images of several collections with looks of their own (photographs, a vendor's drawings) are centred one collection
    at a time: say which they are by --sources or --source-column. A folder a word is no collection.
    """
    from wordsight.images.features import ImageFeatures
    from wordsight.storage.outputs import check_directory

    check_directory(output, "features", overwrite=overwrite)
    features = ImageFeatures.extract(
        images,
        encoder,
        directory=output,
        sources=sources,
        source_column=source_column,
        batch_size=batch_size,
        workers=workers,
    )
    console().print(f"{output}: {len(features):,} images, {features.n_features:,} features each")
    given = ["--features", output, "--output"]
    next_steps(
        [
            ["train", "pixie", "--text", "TEXT", "--lexicon", "LABELS.csv", *given, "pixie"],
            ["train", "imagevec", "--captions", "CAPTIONS.csv", *given, "imagevec"],
        ]
    )
