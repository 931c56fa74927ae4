"""Several encoders as one: each sees the image, and their features stand side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image

from wordsight.images.encoders.base import ImageEncoder
from wordsight.storage.hashes import fingerprint


class JoinedEncoder(ImageEncoder):
    """The features of several encoders, each one's row brought to unit length so that all weigh the same.

    An image is read and decoded once. What the encoders make of it in preprocessing travels as one flat array, for
    they want images of different sizes.
    """

    def __init__(self, encoders: Sequence[ImageEncoder]) -> None:
        """Joins encoders, in this order.

        Args:
            encoders: at least one; their names must not hold a plus.
        """
        self.encoders = list(encoders)
        self.name = "+".join(encoder.name for encoder in encoders)
        self.n_features = sum(encoder.n_features for encoder in encoders)
        self.fingerprint = fingerprint("unit length", *(encoder.fingerprint for encoder in encoders))
        blank = Image.new("RGB", (320, 240))
        self._shapes = [encoder.preprocess(blank).shape for encoder in encoders]

    def preprocess(self, image: Image.Image) -> np.ndarray:
        """What each encoder makes of an RGB image, flat and one after another, float32 [n_values]."""
        return np.concatenate([encoder.preprocess(image).ravel() for encoder in self.encoders])

    def encode(self, batch: np.ndarray) -> np.ndarray:
        """Encodes preprocessed images float32 [n_images, n_values] to features float32 [n_images, n_features]."""
        ends = np.cumsum([math.prod(shape) for shape in self._shapes])
        parts = np.split(batch, ends[:-1], axis=1)
        rows = [
            encoder.encode(np.ascontiguousarray(part).reshape(len(batch), *shape))
            for encoder, part, shape in zip(self.encoders, parts, self._shapes, strict=True)
        ]
        return np.concatenate([_unit_rows(part) for part in rows], axis=1)


def _unit_rows(rows: np.ndarray) -> np.ndarray:
    """Rows of length 1, float32; zero rows stay zero."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(norms > 0, norms, 1)).astype(np.float32)
