"""``wordsight explain`` and ``name``: what pictures say of words, and words of pictures."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wordsight.cli import _show as show
from wordsight.cli._options import FeaturesPath, ImagesTable, features_at
from wordsight.errors import DataError, ParameterError

if TYPE_CHECKING:
    import numpy as np
    from rich.table import Table

    from wordsight.images.encoders.base import ImageEncoder
    from wordsight.images.features import ImageFeatures
    from wordsight.models.base import Model
    from wordsight.vectors.word_vectors import WordVectors

log = logging.getLogger(__name__)

ModelPath = Annotated[
    Path, typer.Argument(metavar="MODEL", help="A directory that train wrote, of iesg, l2projection or imagevec.")
]


def explain(
    model: ModelPath,
    words: Annotated[list[str], typer.Argument(metavar="WORD...", help="Each is explained by itself.")],
    features: FeaturesPath,
    images: ImagesTable = None,
    folder: Annotated[Path, typer.Option(metavar="DIR", help="Where the image files are, for --output.")] = Path(),
    topn: Annotated[int, typer.Option(min=1, help="How many images a word.")] = 8,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="PNG", help="Also draw the images on one sheet.")
    ] = None,
) -> None:
    """Show the images nearest to each word, by cosine, also for words that have no image of their own."""
    from rich.columns import Columns

    from wordsight.models.registry import load

    trained = load(model)
    vectors = trained.vectors_[words]  # before the images are read: a word may be misspelt
    space = _distinct(features_at(features, images), _image_vectors(trained, model))
    found = {word: space.most_similar(v, topn=topn) for word, v in zip(words, vectors, strict=True)}
    tables = [_table(word, "cosine", nearest) for word, nearest in found.items()]
    show.console().print(Columns(tables, padding=(0, 4)))
    if output is not None:
        _draw(found, folder, output)


def name(
    model: ModelPath,
    images: Annotated[list[Path], typer.Argument(metavar="IMAGE...", help="Image files, not seen in training.")],
    topn: Annotated[int, typer.Option(min=1, help="How many words an image.")] = 8,
    language: Annotated[str | None, typer.Option(help="Only words with this tag, such as de.")] = None,
    source: Annotated[
        str | None, typer.Option(help="Which of the training images' sources these are like, such as photos.")
    ] = None,
    encoder: Annotated[str | None, typer.Option(help="What made the training features, if the model lacks it.")] = None,
) -> None:
    """Show the words nearest to each image, by cosine, through the encoder that the model was trained with."""
    from rich.columns import Columns

    from wordsight.images.features import ImageFeatures
    from wordsight.models.registry import load

    trained = load(model)
    image_vectors = _image_vectors(trained, model)
    seen = ImageFeatures.from_files(images, _encoder(trained, model, encoder), source=source)
    tables = [
        _table(image, "cosine", trained.vectors_.most_similar(vector, topn=topn, language=language))
        for image, vector in zip(seen.ids, image_vectors(seen), strict=True)
    ]
    show.console().print(Columns(tables, padding=(0, 4)))


def _image_vectors(model: Model, path: Path) -> Callable[[ImageFeatures], np.ndarray]:
    found: Callable[[ImageFeatures], np.ndarray] | None = getattr(model, "image_vectors", None)
    if found is None:
        raise ParameterError(f"{path} holds {model.title}, which has no images in its space; take iesg or imagevec")
    return found


def _distinct(features: ImageFeatures, image_vectors: Callable[[ImageFeatures], np.ndarray]) -> WordVectors:
    """Images by their ids; of those that look the same, such as blank drawings, only the first."""
    import numpy as np

    from wordsight.vectors.word_vectors import WordVectors

    vectors = image_vectors(features)
    first = np.sort(np.unique(vectors, axis=0, return_index=True)[1])
    return WordVectors([features.ids[row] for row in first], vectors[first])


def _encoder(model: Model, path: Path, name: str | None) -> ImageEncoder:
    """The encoder of the training features, checked by its fingerprint where that is known."""
    from wordsight.images.encoders.registry import image_encoder

    facts = model.encoder_ or {}
    name = name or facts.get("encoder", "unknown")
    if name == "unknown":
        raise ParameterError(f"{path} does not say what made its features; give --encoder, e.g. efficientnet-lite0")
    encoder = image_encoder(name)
    known = facts.get("encoder_fingerprint")
    if known not in (None, encoder.fingerprint):
        raise DataError(f"{path} was trained on features of another {name} ({known}, not {encoder.fingerprint})")
    return encoder


def _table(title: str, column: str, found: list[tuple[str, float]]) -> Table:
    table = show.table(title)
    table.add_column(column, justify="right")
    for row, cosine in found:
        table.add_row(row, show.number(cosine))
    return table


def _draw(found: dict[str, list[tuple[str, float]]], folder: Path, output: Path) -> None:
    """Writes the contact sheet."""
    from wordsight.plots.contact_sheet import Picture, Row, contact_sheet
    from wordsight.storage.atomic import replace_file

    rows = [
        Row(word, [Picture(folder / image, f"{cosine:.2f} {Path(image).stem}") for image, cosine in images])
        for word, images in found.items()
    ]
    sheet, broken = contact_sheet(rows)
    if broken:
        path, reason = next(iter(broken.items()))
        if len(broken) == len({picture.path for row in rows for picture in row.pictures}):
            raise DataError(f"no image can be drawn, {path} for example ({reason}); give --folder")
        log.warning("%d images are not on the sheet, %s for example (%s)", len(broken), path, reason)
    with replace_file(output) as temporary:
        sheet.save(temporary, "PNG")
    show.console().print(f"drawn on {output}", soft_wrap=True)
