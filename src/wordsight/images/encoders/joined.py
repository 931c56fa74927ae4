"""JoinedEncoder: several encoders as one, their features side by side."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
from PIL import Image

from wordsight.images.encoders.base import ImageEncoder
from wordsight.storage.hashes import fingerprint

JOINT = "+"
"""The sign between the names of several encoders."""


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
        self.name = joined_name(encoder.name for encoder in encoders)
        self.n_features = sum(encoder.n_features for encoder in encoders)
        self.parallel = all(encoder.parallel for encoder in encoders)
        self.fingerprint = joined_fingerprint(encoder.fingerprint for encoder in encoders)
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
        return side_by_side(rows)


def side_by_side(features: Sequence[np.ndarray]) -> np.ndarray:
    """Joins the features that several encoders give the same images, each encoder's rows at unit length.

    Args:
        features: [n_images, n_features] of each encoder, float16 or float32; a row of zeros stays zero.

    Returns:
        [n_images, sum of n_features], of the widest dtype among them.
    """
    widths = [part.shape[1] for part in features]
    joined = np.empty((len(features[0]), sum(widths)), np.result_type(*features))
    for part, columns in zip(features, np.split(joined, np.cumsum(widths)[:-1], axis=1), strict=True):
        norms = np.sqrt(np.einsum("ij,ij->i", part, part, dtype=np.float64))
        np.divide(part, np.where(norms > 0, norms, 1)[:, None], out=columns, casting="same_kind")
    return joined


def joined_name(names: Iterable[str]) -> str:
    """Returns the name of several encoders side by side."""
    return JOINT.join(names)


def joined_fingerprint(fingerprints: Iterable[str]) -> str:
    """Returns the fingerprint of several encoders side by side."""
    return fingerprint("unit length", *fingerprints)
