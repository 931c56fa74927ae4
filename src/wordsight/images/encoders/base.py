"""ImageEncoder: the interface of all image encoders."""

from __future__ import annotations

import abc

import numpy as np
from PIL import Image


class ImageEncoder(abc.ABC):
    """A pretrained network that turns images into features; it is not trained here.

    An encoder of the registry is constructed with its name and the keyword ``device``.

    Attributes:
        name: the name by which :func:`~wordsight.images.encoders.registry.image_encoder` makes it.
        n_features: length of a feature row.
        fingerprint: short hash of weights and preprocessing; encoders with equal ones give equal features.
        parallel: whether :meth:`encode` may be called from several threads at a time, and gains by it.
    """

    name: str
    n_features: int
    fingerprint: str
    parallel: bool = False

    @abc.abstractmethod
    def preprocess(self, image: Image.Image) -> np.ndarray:
        """Brings an RGB image to the network's size and range of values; called from several threads.

        Returns:
            float32, of the same shape for every image; networks take [3, height, width].
        """

    @abc.abstractmethod
    def encode(self, batch: np.ndarray) -> np.ndarray:
        """Encodes preprocessed images, stacked along a first axis, to features float32 [n_images, n_features]."""
