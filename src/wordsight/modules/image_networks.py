"""Where ImageVec's image vectors come from: a network over features, or, in the baseline, a table."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import torch
from torch import nn
from torch.nn.functional import relu

from wordsight.modules.dropout import dropout
from wordsight.resources import check_layers, check_table

NOISES = 2**13
"""How many vectors of noise are drawn in advance. Each image of a step then takes one of them at random: drawing all
numbers anew took as long as everything else that is done with the images."""


class ImageNetwork(nn.Module):
    """Image features → vectors: linear layers with ReLUs between them.

    A single layer begins as the identity (cut off, or filled up with zeros), so that the images are where their
    features are; several begin at random.

    Args:
        sizes: length of the input, of the hidden layers if any, and of the output.
        relu_output: a ReLU after the last layer too.
        dropout: share of the hidden units that are dropped in training.
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
        """[n, sizes[0]] → [n, sizes[-1]]."""
        *hidden, last = self.layers
        for layer in hidden:
            x = relu(layer(x))
            if self.training and self.dropout:
                x = dropout(x, self.dropout, self.generator)
        out: torch.Tensor = last(x)
        return relu(out) if self.relu_output else out


class FeatureSide(nn.Module):
    """Image rows → vectors, by a network over their features; in training with noise on these.

    Args:
        features: float32 [n_images, n_features], on the network's device.
        network: over the features.
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
    """Image rows → vectors that are learned one by one: what the images look like is not known.

    Args:
        n_images: how many images there are.
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
