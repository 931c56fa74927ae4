"""``wordsight explain``: the images nearest to words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wordsight.cli import _show as show
from wordsight.cli._options import FeaturesPath, ImagesTable, ModelPath, Overwrite, features_at
from wordsight.cli._terminal_pictures import show_pictures

if TYPE_CHECKING:
    import numpy as np

    from wordsight.images.features import ImageFeatures
    from wordsight.vectors.word_vectors import WordVectors


def explain(
    model: ModelPath,
    words: Annotated[list[str], typer.Argument(metavar="WORD...", help="Each is explained by itself.")],
    features: FeaturesPath,
    images: ImagesTable = None,
    folder: Annotated[Path, typer.Option(metavar="DIR", help="Where the image files are.")] = Path(),
    topn: Annotated[int, typer.Option(min=1, help="How many images a word.")] = 8,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="PNG", help="Also draw the images on one sheet.")
    ] = None,
    overwrite: Overwrite = False,
) -> None:
    """Show the images nearest to each word, by cosine, also for words that have no image of their own.

    Terminals that can show pictures (kitty, iTerm, sixel) do.
    """
    from rich.columns import Columns

    from wordsight.models.projected_images import image_vectors_of
    from wordsight.models.registry import load
    from wordsight.storage.output_files import check_file

    if output is not None:
        check_file(output, "picture", overwrite=overwrite)
    trained = load(model)
    vectors = trained.vectors_[words]  # before the images are read: a word may be misspelt
    space = _distinct(features_at(features, images), image_vectors_of(trained, model))
    found = {word: space.most_similar(v, topn=topn) for word, v in zip(words, vectors, strict=True)}
    tables = [show.nearest_table(word, nearest) for word, nearest in found.items()]
    show.console().print(Columns(tables, padding=(0, 4)))
    show_pictures(found, folder)
    if output is not None:
        from wordsight.plots.contact_sheets import sheet_of
        from wordsight.plots.style import write_picture

        write_picture(sheet_of(found, folder), output, overwrite=overwrite)
        show.console().print(f"drawn on {output}", soft_wrap=True)


def _distinct(features: ImageFeatures, image_vectors: Callable[[ImageFeatures], np.ndarray]) -> WordVectors:
    """Images by their ids; of those that look the same, such as blank drawings, only the first."""
    import numpy as np

    from wordsight.vectors.word_vectors import WordVectors

    vectors = image_vectors(features)
    first = np.sort(np.unique(vectors, axis=0, return_index=True)[1])
    return WordVectors([features.ids[row] for row in first], vectors[first])
