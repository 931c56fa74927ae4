"""Encoders from vision models of transformers, such as ViT (WIELD, ``:mean``) and ResNet (IESG, ``:pooled``)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from wordsight.errors import DataError, ParameterError, WordsightError, unknown_name
from wordsight.extras import require
from wordsight.images.encoders.network import NetworkEncoder, weights_fingerprint
from wordsight.storage.streams import existing

POOLINGS = ("mean", "pooled")


class HuggingFaceEncoder(NetworkEncoder):
    """A vision model of transformers, with the preprocessing that is stored beside it.

    ``mean`` is the mean of the last hidden state over all tokens (the class token included) or over the positions of
    the feature map; ``pooled`` is the model's own pooled output.
    """

    def __init__(self, name: str, *, device: str = "auto") -> None:
        """Loads a model of the hub (from the local cache if it is there) or from a directory.

        Args:
            name: ``hf:NAME``, ``hf:NAME:mean`` (the same) or ``hf:NAME:pooled``.
            device: ``"auto"`` takes a GPU where there is one.

        Raises:
            MissingExtraError: the extra ``hub`` is not installed.
            UnknownNameError: no such pooling.
            DataError: there is no such model, it is no vision model, or its weights are missing.
            ParameterError: the model has no pooled output, or no such device here.
        """
        location, self.pooling = _split(name.removeprefix("hf:"))
        self.name = f"hf:{location}:{self.pooling}"
        network, self.processor, missing = _load(location)
        self._check_weights(location, missing)
        super().__init__(network, device)
        self._shape = self._pixels(Image.new("RGB", (320, 240))).shape
        try:
            self.n_features = self.encode(np.zeros((1, *self._shape), dtype=np.float32)).shape[1]
        except (ValueError, TypeError, RuntimeError, AttributeError) as error:
            if isinstance(error, WordsightError):
                raise
            reason = " ".join(str(error).split())[:200]
            raise DataError(f"{self.name} does not work as an image encoder: {reason}") from error
        how = (self.pooling, self.processor.to_json_string())
        self.fingerprint = weights_fingerprint(self.network, *how, without=missing)

    def _check_weights(self, location: str, missing: frozenset[str]) -> None:
        """Refuses weights that the checkpoint lacks, which transformers has drawn at random."""
        if absent := sorted(key for key in missing if self.pooling == "pooled" or "pooler" not in key):
            advice = f"; take hf:{location}:mean" if all("pooler" in key for key in absent) else ""
            raise ParameterError(f"the checkpoint {location} has no weights for {absent[0]}{advice}")

    def preprocess(self, image: Image.Image) -> np.ndarray:
        """Applies the model's own image processor, float32 [3, height, width].

        Raises:
            ParameterError: the processor gives images of different sizes, which cannot be one batch.
        """
        pixels = self._pixels(image)
        if pixels.shape != self._shape:
            raise ParameterError(
                f"{self.name}: images of size {image.size} become {pixels.shape}, not {self._shape}; take another model"
            )
        return pixels

    def _pixels(self, image: Image.Image) -> np.ndarray:
        return np.asarray(self.processor(images=image, return_tensors="np")["pixel_values"][0], dtype=np.float32)

    def _pooled(self, pixels: torch.Tensor) -> torch.Tensor:
        output = self.network(pixel_values=pixels)
        if self.pooling == "pooled":
            pooled: torch.Tensor | None = getattr(output, "pooler_output", None)
            if pooled is None:
                raise ParameterError(f"{self.name}: this model has no pooled output; write :mean instead of :pooled")
            return pooled.flatten(1)  # ResNet gives [n, n_features, 1, 1]
        hidden: torch.Tensor = output.last_hidden_state
        return hidden.mean(dim=1 if hidden.ndim == 3 else (2, 3))  # [n, tokens, d] or [n, d, height, width]


def _split(name: str) -> tuple[str, str]:
    """Splits ``"NAME:pooled"`` into ``"NAME"`` and ``"pooled"``."""
    location, _, pooling = name.rpartition(":")
    if not location or Path(name).exists():
        return name, "mean"
    if pooling not in POOLINGS:
        raise unknown_name("pooling", pooling, POOLINGS, hint=f"there are: {', '.join(POOLINGS)}")
    return location, pooling


def _load(location: str) -> tuple[torch.nn.Module, Any, frozenset[str]]:
    """Loads the vision network, its image processor, and the names of weights that the checkpoint lacks."""
    transformers = require("transformers")
    if location.startswith(("/", ".")):
        existing(location, what="model directory")
    # The processors on Pillow give the same pixels with and without torchvision.
    pillow = {"backend": "pil"} if int(transformers.__version__.split(".")[0]) >= 5 else {"use_fast": False}
    try:
        with _quiet(transformers.utils.logging):
            processor = transformers.AutoImageProcessor.from_pretrained(location, **pillow)
            model, loading = transformers.AutoModel.from_pretrained(
                location, use_safetensors=True, output_loading_info=True
            )
    except (OSError, ValueError, KeyError, ImportError) as error:
        reason = " ".join(str(error).split())[:200]
        raise DataError(f"{location!r} cannot be loaded as a vision model of transformers: {reason}") from error
    missing = frozenset(loading["missing_keys"])
    if hasattr(model, "vision_model"):  # the image side of CLIP and similar models
        prefix = "vision_model."
        return model.vision_model, processor, frozenset(k.removeprefix(prefix) for k in missing if k.startswith(prefix))
    return model, processor, missing


@contextlib.contextmanager
def _quiet(logging: Any) -> Iterator[None]:
    """Silences transformers while it loads a model; the caller checks for missing weights itself."""
    verbosity, bar = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if bar:
            logging.enable_progress_bar()
