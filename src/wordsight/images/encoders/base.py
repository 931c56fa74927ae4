"""Image encoders: what turns a picture into a row of features. The encoders themselves are in files of their own."""

from __future__ import annotations

import abc
import importlib

import numpy as np
from PIL import Image

from wordsight.errors import unknown_name

ENCODERS = {"efficientnet-lite0": "wordsight.images.encoders.efficientnet:EfficientNetLite0"}
"""Name → where the class is: listing the encoders imports none of them."""


class ImageEncoder(abc.ABC):
    """A fixed network that sees images; it is not trained here.

    Attributes:
        name: as :meth:`from_name` takes it.
        n_features: length of a feature row.
        fingerprint: short hash of weights and preprocessing; equal fingerprints give equal features.
    """

    name: str
    n_features: int
    fingerprint: str

    @abc.abstractmethod
    def preprocess(self, image: Image.Image) -> np.ndarray:
        """Brings an RGB image to the network's size and range, float32 [3, height, width]; called from threads."""

    @abc.abstractmethod
    def encode(self, batch: np.ndarray) -> np.ndarray:
        """Encodes preprocessed images float32 [n, 3, height, width] to features float32 [n, n_features]."""

    @staticmethod
    def from_name(name: str, *, device: str | None = None) -> ImageEncoder:
        """Makes an encoder.

        Args:
            name: ``"efficientnet-lite0"``, or ``"hf:NAME"``, ``"hf:NAME:pooled"``, ``"hf:NAME:mean"`` for any
                vision model of transformers; NAME is a model of the hub or a local directory.
            device: ``"cpu"``, ``"cuda"``, ...; None takes a GPU where there is one.

        Raises:
            UnknownNameError: no such encoder; the message suggests near ones.
            MissingExtraError: the packages for it are not installed.
            DataError: the model cannot be loaded.
            ParameterError: no such device here.
        """
        if name.startswith("hf:"):
            from wordsight.images.encoders.huggingface import HuggingFaceEncoder

            return HuggingFaceEncoder(name.removeprefix("hf:"), device=device)
        if name not in ENCODERS:
            raise unknown_name("image encoder", name, ENCODERS, hint=f"there are: {', '.join(ENCODERS)}, hf:NAME")
        module, _, attribute = ENCODERS[name].partition(":")
        encoder: ImageEncoder = getattr(importlib.import_module(module), attribute)(device=device)
        return encoder
