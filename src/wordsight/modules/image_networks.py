"""The sources of ImageVec's image vectors: a network over features, or a learned table for the baseline."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import torch
from torch import nn
from torch.nn.functional import relu

from wordsight.modules.dropout import dropout
from wordsight.resources import check_layers, check_table

NOISES = 2**13
"""Number of noise vectors that are drawn in advance. Each image of a step takes one at random; drawing new noise took
as long as the rest of the work on the images."""


class ImageNetwork(nn.Module):
    """A network from image features to vectors: linear layers with ReLUs between them.

    A single layer begins as the identity (truncated or padded with zeros), so that an image begins at its features.
    Several layers begin at random.

    Args:
        sizes: lengths of the input, of any hidden layers, and of the output.
        relu_output: whether a ReLU follows the last layer.
        dropout: share of the hidden units that is dropped in training.
        generator: draws the initial weights and the dropout; the network is on its device.
    """

    def __init__(self, sizes: Sequence[int], relu_output: bool, dropout: float, generator: torch.Generator) -> None:
        super().__init__()
        self.relu_output = relu_output
        self.dropout = dropout
        self.generator = generator
        check_layers(sizes, "hidden or dim")
        layers = [nn.Linear(a, b, device=generator.device) for a, b in itertools.pairwise(sizes)]
        for layer in layers:
            if len(layers) == 1:
                nn.init.eye_(layer.weight)
            else:
                nn.init.kaiming_uniform_(layer.weight, a=5**0.5, generator=generator)
            nn.init.zeros_(layer.bias)
        self.layers = nn.ModuleList(layers)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Features float32 [n, sizes[0]] → vectors float32 [n, sizes[-1]]."""
        *hidden, last = self.layers
        for layer in hidden:
            x = relu(layer(x))
            if self.training and self.dropout:
                x = dropout(x, self.dropout, self.generator)
        out: torch.Tensor = last(x)
        return relu(out) if self.relu_output else out


class FeatureSide(nn.Module):
    """A map from image rows to vectors by a network over their features, with noise on these in training.

    Args:
        features: float32 [n_images, n_features], on the network's device.
        network: network over the features.
        noise: standard deviation of the Gaussian noise; 0: none.
    """

    sparse = False

    def __init__(self, features: torch.Tensor, network: ImageNetwork, noise: float) -> None:
        super().__init__()
        self.features = features
        self.network: ImageNetwork = network
        self._noise: torch.Tensor | None = None
        if noise:
            shape = NOISES, features.shape[1]
            self._noise = noise * torch.randn(shape, generator=network.generator, device=features.device)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Int64 [n] → [n, dim]."""
        inputs = self.features.index_select(0, rows)
        if self._noise is not None and self.training:
            drawn = torch.randint(NOISES, rows.shape, generator=self.network.generator, device=rows.device)
            inputs += self._noise.index_select(0, drawn)
        out: torch.Tensor = self.network(inputs)
        return out


class FreeSide(nn.Module):
    """A map from image rows to learned vectors, without image features.

    Args:
        n_images: number of images.
        dim: length of the vectors.
        generator: draws the initial vectors, normal and of about unit length; they are on its device.
    """

    sparse = True

    def __init__(self, n_images: int, dim: int, generator: torch.Generator) -> None:
        super().__init__()
        check_table(n_images, dim, "dim or the number of images")
        start = torch.randn(n_images, dim, generator=generator, device=generator.device) * dim**-0.5
        self.table = nn.Embedding.from_pretrained(start, freeze=False, sparse=True)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Int64 [n] → [n, dim]."""
        out: torch.Tensor = self.table(rows)
        return out
