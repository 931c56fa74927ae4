"""Images in the space of a model's words, for models that project them into it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from wordsight.errors import ParameterError
from wordsight.images.features import ImageFeatures
from wordsight.models.base import Model
from wordsight.models.registry import load
from wordsight.vectors.word_vectors import WordVectors

Projection = Callable[[ImageFeatures], np.ndarray]
"""Features of n images → float32 ``[n, dim]``, in the space of the words."""


def projection_of(model: Model) -> Projection | None:
    """What puts features into the space of a model's words; None where the model has no images in its space."""
    found: Projection | None = getattr(model, "image_vectors", None)
    return found


def image_vectors_of(model: Model, path: Path) -> Projection:
    """The same, where it must be there.

    Args:
        model: the model.
        path: where it is from, for the message.

    Raises:
        ParameterError: the model has no images in its space.
    """
    found = projection_of(model)
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
    if not (images / "features.npy").is_file():
        return WordVectors.load(images)
    features, trained = ImageFeatures.load(images), load(model)
    return WordVectors(features.ids, image_vectors_of(trained, model)(features))
