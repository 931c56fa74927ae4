"""NetworkEncoder: the device, the forward pass and the fingerprint of encoders that are PyTorch networks."""

from __future__ import annotations

import abc

import numpy as np
import torch

from wordsight import devices
from wordsight.images.encoders.base import ImageEncoder
from wordsight.storage.hashes import fingerprint


class NetworkEncoder(ImageEncoder):
    """An encoder around a PyTorch network, on the CPU or a GPU."""

    def __init__(self, network: torch.nn.Module, device: str) -> None:
        """Puts the network on a device, for inference.

        Args:
            network: the network with its weights.
            device: ``"auto"`` takes a GPU where there is one.

        Raises:
            ParameterError: no such device here.
        """
        self.device = devices.device(device)
        self.parallel = self.device.type == "cpu"
        # Channels last is about a third faster for convolutions on CPUs, and no slower elsewhere.
        network = network.float().eval().to(self.device)
        self.network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    @abc.abstractmethod
    def _pooled(self, pixels: torch.Tensor) -> torch.Tensor:
        """Computes the features [n, n_features] of preprocessed images [n, 3, height, width]."""

    def encode(self, batch: np.ndarray) -> np.ndarray:
        """Encodes preprocessed images float32 [n, 3, height, width] to features float32 [n, n_features]."""
        with torch.inference_mode():
            pixels = torch.from_numpy(batch).to(self.device, memory_format=torch.channels_last)
            return self._pooled(pixels).float().cpu().numpy()


def weights_fingerprint(network: torch.nn.Module, *how: str, without: frozenset[str] = frozenset()) -> str:
    """Computes a short hash of all weights and buffers, in the order of their names, and of how they are used.

    Args:
        network: the network with its weights.
        how: texts that say preprocessing, pooling and the like.
        without: names of weights that are not used.
    """
    state = {name: tensor for name, tensor in network.state_dict().items() if name not in without}
    parts = [part for name in sorted(state) for part in (name, state[name].cpu().numpy())]
    return fingerprint(*how, *parts)
