"""``wordsight name``: the words nearest to images."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wordsight.cli import _show as show
from wordsight.cli._options import ModelPath, OnlyLanguage
from wordsight.errors import DataError, ParameterError

if TYPE_CHECKING:
    from wordsight.images.encoders.base import ImageEncoder
    from wordsight.models.base import Model


def name(
    model: ModelPath,
    images: Annotated[list[Path], typer.Argument(metavar="IMAGE...", help="Image files, not seen in training.")],
    topn: Annotated[int, typer.Option(min=1, help="How many words an image.")] = 8,
    language: OnlyLanguage = None,
    source: Annotated[
        str | None, typer.Option(help="Which of the training images' sources these are like, such as photos.")
    ] = None,
    encoder: Annotated[str | None, typer.Option(help="What made the training features, if the model lacks it.")] = None,
) -> None:
    """Show the words nearest to each image, by cosine, through the encoder that the model was trained with."""
    from rich.columns import Columns

    from wordsight.images.features import ImageFeatures
    from wordsight.models.projected_images import image_vectors_of
    from wordsight.models.registry import load

    trained = load(model)
    image_vectors = image_vectors_of(trained, model)
    seen = ImageFeatures.from_files(images, _encoder(trained, model, encoder), source=source)
    tables = [
        show.nearest_table(image, trained.vectors_.most_similar(vector, topn=topn, language=language))
        for image, vector in zip(seen.ids, image_vectors(seen), strict=True)
    ]
    show.console().print(Columns(tables, padding=(0, 4)))


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
