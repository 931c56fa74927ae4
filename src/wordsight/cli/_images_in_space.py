"""Models that have images in the space of their words, for the verbs that look at both."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wordsight.errors import ParameterError

if TYPE_CHECKING:
    import numpy as np

    from wordsight.images.features import ImageFeatures
    from wordsight.models.base import Model
    from wordsight.vectors.word_vectors import WordVectors

ModelPath = Annotated[
    Path, typer.Argument(metavar="MODEL", help="A directory that train wrote, of iesg, l2projection or imagevec.")
]


def image_vectors_of(model: Model, path: Path) -> Callable[[ImageFeatures], np.ndarray]:
    """What puts features into the space of a model's words.

    Raises:
        ParameterError: the model has no images in its space.
    """
    found: Callable[[ImageFeatures], np.ndarray] | None = getattr(model, "image_vectors", None)
    if found is None:
        raise ParameterError(f"{path} holds {model.title}, which has no images in its space; take iesg or imagevec")
    return found


def images_for(model: Path, images: Path) -> WordVectors:
    """Images in the space of a model's words: vectors of images as they are, or features through the model.

    Args:
        model: directory of the model, needed for features only.
        images: vectors whose words are image ids, or a directory that extract wrote.

    Raises:
        DataError: one of them cannot be read.
        ParameterError: features, but the model has no images in its space.
    """
    from wordsight.vectors.word_vectors import WordVectors

    if not (images / "features.npy").is_file():
        return WordVectors.load(images)
    from wordsight.images.features import ImageFeatures
    from wordsight.models.registry import load

    features, trained = ImageFeatures.load(images), load(model)
    return WordVectors(features.ids, image_vectors_of(trained, model)(features))
