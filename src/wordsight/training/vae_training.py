"""Training of a VAE on its ELBO alone."""

from __future__ import annotations

import torch

from wordsight.modules.vae import VAE
from wordsight.training.minibatches import Training, train

LEARNING_RATE = 3e-3
"""Initial learning rate of Adam; it falls linearly."""
BATCH = 512
"""Words in each step."""


def train_vae(vae: VAE, x: torch.Tensor, *, epochs: int, kl_weight: float, generator: torch.Generator) -> Training:
    """Trains a VAE with Adam on the ELBO, in minibatches; Ctrl-C ends it early.

    Args:
        vae: trained in place.
        x: float32 [n_words, n_features].
        epochs: passes over the words, at least 0.
        kl_weight: weight of the KL term; 1 in the paper.
        generator: draws the order and the noise.
    """
    with torch.no_grad():
        vae.log_variance.copy_(torch.log(x.var(dim=0, correction=0) + 1e-6))
    if not epochs:
        return Training()

    def step(batch: torch.Tensor) -> torch.Tensor:
        noise = torch.randn(len(batch), vae.mean.out_features, generator=generator)
        return -vae.elbo(x[batch], noise, kl_weight)[0].mean()

    return train(
        step,
        [torch.optim.Adam(vae.parameters(), LEARNING_RATE)],
        len(x),
        epochs=epochs,
        batch_size=BATCH,
        generator=generator,
        label="VAE",
        unit="words",
    )
