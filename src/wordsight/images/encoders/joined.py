"""JoinedEncoder: several encoders as one, their features side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image

from wordsight.images.encoders.base import ImageEncoder
from wordsight.storage.hashes import fingerprint


class JoinedEncoder(ImageEncoder):
    """An encoder made of several; the features of each are brought to unit length, so that all have the same weight.

    An image is read and decoded once. The encoders preprocess it to different sizes, so the results are kept in one
    flat array.
    """

    def __init__(self, encoders: Sequence[ImageEncoder]) -> None:
        """Joins encoders, in this order.

        Args:
            encoders: at least one; no name may have a plus in it.
        """
        self.encoders = list(encoders)
        self.name = "+".join(encoder.name for encoder in encoders)
        self.n_features = sum(encoder.n_features for encoder in encoders)
        self.fingerprint = fingerprint("unit length", *(encoder.fingerprint for encoder in encoders))
        blank = Image.new("RGB", (320, 240))
        self._shapes = [encoder.preprocess(blank).shape for encoder in encoders]

    def preprocess(self, image: Image.Image) -> np.ndarray:
        """Preprocesses an RGB image for each encoder, one after another in a flat array, float32 [n_values]."""
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
    """Scales rows to length 1, float32; zero rows stay zero."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(norms > 0, norms, 1)).astype(np.float32)
