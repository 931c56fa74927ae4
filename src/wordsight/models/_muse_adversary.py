"""MUSE's unsupervised start: adversarial training of a map from one language's vectors to another's.

Conneau, Lample, Ranzato, Denoyer, Jégou: Word Translation Without Parallel Data. ICLR 2018 (section 2.1).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, leaky_relu

from wordsight.devices import device
from wordsight.modules.dropout import dropout
from wordsight.modules.procrustes import procrustes
from wordsight.resources import check_layers, check_table
from wordsight.training.minibatches import Training, train, update
from wordsight.vectors.csls import mutual
from wordsight.vectors.search import unit_rows

INPUT_DROPOUT = 0.1
RATE_LEFT = 0.95
"""Factor of the learning rate after each epoch."""


class AdversarySettings(NamedTuple):
    """The hyperparameters of MUSE that the adversarial start needs, by the same names."""

    epochs: int
    steps: int
    discriminator_steps: int
    hidden: int
    batch_size: int
    learning_rate: float
    smoothing: float
    orthogonality: float
    seed: int
    device: str


class Discriminator(nn.Module):
    """The discriminator: vectors → logits of being a mapped source vector; two layers of leaky ReLUs, with dropout.

    Args:
        dim: length of the vectors.
        hidden: units of each hidden layer.
        generator: draws the initial weights and the dropout; the network is on its device.
    """

    def __init__(self, dim: int, hidden: int, generator: torch.Generator) -> None:
        super().__init__()
        self.generator = generator
        check_layers([dim, hidden, hidden, 1], "hidden")
        self.layers = nn.ModuleList(
            nn.Linear(a, b, device=generator.device) for a, b in ((dim, hidden), (hidden, hidden), (hidden, 1))
        )
        for layer in self.layers:
            assert isinstance(layer, nn.Linear)
            nn.init.kaiming_uniform_(layer.weight, a=5**0.5, generator=generator)
            nn.init.zeros_(layer.bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Vectors [n, dim] → logits [n]."""
        x = dropout(x, INPUT_DROPOUT, self.generator)
        *hidden, last = self.layers
        for layer in hidden:
            x = leaky_relu(layer(x), 0.2)
        out: torch.Tensor = last(x)[:, 0]
        return out


def adversarial_start(
    settings: AdversarySettings, target: np.ndarray, source: np.ndarray, label: str
) -> tuple[np.ndarray, Training]:
    """Trains the map and the discriminator; keeps the map of the epoch with the best criterion.

    Args:
        settings: the hyperparameters.
        target: float32 [n_targets, dim], unit rows, the most frequent words.
        source: float32 [n_sources, dim], likewise.
        label: label of the progress bar.

    Returns:
        The nearest rotation to the best map, float32 [dim, dim], and the history of the training.
    """
    chosen = device(settings.device)
    generator = torch.Generator(chosen).manual_seed(settings.seed)
    scale = target.shape[1] ** 0.5  # entries of about 1, since the discriminator learns nothing from small ones
    targets, sources = (torch.from_numpy(side * np.float32(scale)).to(chosen) for side in (target, source))
    mapping = torch.eye(target.shape[1], device=chosen).requires_grad_()
    check_table(2 * settings.batch_size, max(target.shape[1], settings.hidden), "batch_size or hidden")
    discriminator = Discriminator(target.shape[1], settings.hidden, generator)
    own = torch.optim.SGD(discriminator.parameters(), lr=settings.learning_rate)
    optimizer = torch.optim.SGD([mapping], lr=settings.learning_rate)
    labels = torch.full((2 * settings.batch_size,), settings.smoothing, device=chosen)
    labels[: settings.batch_size] = 1 - settings.smoothing
    best = {"mapping": torch.eye(target.shape[1], device=chosen), "criterion": torch.full((1,), -np.inf)}

    def drawn(side: torch.Tensor) -> torch.Tensor:
        return side[torch.randint(len(side), (settings.batch_size,), generator=generator, device=chosen)]

    def mixed() -> torch.Tensor:
        """A batch of mapped source words, then of target words."""
        return torch.cat([drawn(sources) @ mapping, drawn(targets)])

    def discriminate(_: torch.Tensor) -> torch.Tensor:
        return binary_cross_entropy_with_logits(discriminator(mixed().detach()), labels)

    def fool(batch: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():  # equation 7: W ← (1 + β) W − β (W Wᵀ) W
            beta = settings.orthogonality
            mapping.copy_((1 + beta) * mapping - beta * (mapping @ mapping.T) @ mapping)
        own.param_groups[0]["lr"] = optimizer.param_groups[0]["lr"]
        for _ in range(settings.discriminator_steps):
            update(discriminate, [own], batch)
        return binary_cross_entropy_with_logits(discriminator(mixed()), 1 - labels)

    def judge(row: dict[str, float]) -> bool:
        rotation = torch.from_numpy(procrustes(np.eye(target.shape[1]), mapping.detach().cpu().numpy()))
        row["criterion"] = mutual(unit_rows(source @ rotation.numpy()), target)[1]
        if row["criterion"] > float(best["criterion"]):
            best["mapping"].copy_(rotation)
            best["criterion"].fill_(row["criterion"])
        return True

    training = train(
        fool,
        [optimizer],
        settings.steps * settings.batch_size,
        epochs=settings.epochs,
        batch_size=settings.batch_size,
        generator=generator,
        label=label,
        unit="words",
        schedule=lambda done, _: RATE_LEFT ** int(done),
        after_epoch=judge,
        changing={"discriminator": discriminator, "its optimizer": own, **best},
    )
    return best["mapping"].cpu().numpy(), training
