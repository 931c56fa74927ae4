"""The VAE: a variational auto-encoder over the visual features of words.

Kingma, Welling: Auto-Encoding Variational Bayes. ICLR 2014; in the form of Ailem, Zhang, Bellet, Denis, Sha: A
Probabilistic Model for Joint Learning of Word Embeddings from Texts and Images. EMNLP 2018.

============== =========================================================
paper          here
============== =========================================================
x_w            ``x``, mean image features of a word
μ(x), σ²(x)    ``encode`` (500 tanh units, then two linear maps)
f(z)           ``decode`` (500 tanh units, then a sigmoid or linear map)
diagonal of Σ  ``log_variance``, one number a feature
============== =========================================================
"""

from __future__ import annotations

import torch
from torch import nn

from wordsight.errors import unknown_name
from wordsight.losses.elbo import gaussian_log_likelihood, kl_to_standard_normal
from wordsight.resources import check_layers

_OUTPUTS: dict[str, type[nn.Module]] = {"sigmoid": nn.Sigmoid, "linear": nn.Identity}


class VAE(nn.Module):
    """Encoder x → N(μ, diag σ²) and decoder z → N(f(z), diagonal variance), with prior N(0, I).

    Args:
        n_features: length of x.
        dim: length of the latent z.
        hidden: units of the hidden layers.
        decoder: last layer of the decoder: ``"sigmoid"`` for features in [0, 1], as in the paper, or ``"linear"``.
        generator: draws the initial weights.

    Raises:
        UnknownNameError: no such decoder.
        OutOfMemoryError: the layers do not fit into memory.
    """

    def __init__(self, n_features: int, dim: int, hidden: int, decoder: str, generator: torch.Generator) -> None:
        super().__init__()
        if decoder not in _OUTPUTS:
            raise unknown_name("decoder", decoder, _OUTPUTS, hint=f"there are: {', '.join(_OUTPUTS)}")
        check_layers([n_features, hidden, 2 * dim, hidden, n_features], "hidden or dim")
        self.hidden = nn.Sequential(nn.Linear(n_features, hidden), nn.Tanh())
        self.mean = nn.Linear(hidden, dim)
        self.log_scale = nn.Linear(hidden, dim)
        self.decode = nn.Sequential(
            nn.Linear(dim, hidden), nn.Tanh(), nn.Linear(hidden, n_features), _OUTPUTS[decoder]()
        )
        self.log_variance = nn.Parameter(torch.zeros(n_features))
        for layer in self.modules():
            if isinstance(layer, nn.Linear):
                nn.init.xavier_uniform_(layer.weight, generator=generator)
                nn.init.zeros_(layer.bias)

    def encode(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Encodes x [batch, n_features] as μ(x) and log σ²(x), both [batch, dim]."""
        hidden = self.hidden(x)
        return self.mean(hidden), self.log_scale(hidden)

    def sample(self, x: torch.Tensor, noise: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Returns z = μ + σ ⊙ noise (the reparameterisation trick), μ and log σ², each [batch, dim]."""
        mean, log_variance = self.encode(x)
        return mean + torch.exp(0.5 * log_variance) * noise, mean, log_variance

    def elbo(self, x: torch.Tensor, noise: torch.Tensor, kl_weight: float) -> tuple[torch.Tensor, torch.Tensor]:
        """Returns the evidence lower bound [batch] in nats, with a weighted KL term, and its sample z [batch, dim]."""
        z, mean, log_variance = self.sample(x, noise)
        likelihood = gaussian_log_likelihood(x, self.decode(z), self.log_variance)
        return likelihood - kl_weight * kl_to_standard_normal(mean, log_variance), z
