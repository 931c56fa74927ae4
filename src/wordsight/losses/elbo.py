"""Evidence lower bound of a variational auto-encoder with Gaussian latents and a Gaussian decoder.

Kingma, Welling: Auto-Encoding Variational Bayes. ICLR 2014 (equation 10 and appendix B).
"""

from __future__ import annotations

import math

import torch


def gaussian_log_likelihood(x: torch.Tensor, mean: torch.Tensor, log_variance: torch.Tensor) -> torch.Tensor:
    """Logarithm of N(x; mean, diag(exp(log_variance))), summed over features.

    Args:
        x: float [batch, n_features].
        mean: float [batch, n_features].
        log_variance: float, broadcast to [batch, n_features].

    Returns:
        The log-likelihood of each row, float [batch], in nats.

    Example:
        Two features at their means, with variance 1; each adds −½ log 2π:

        >>> import torch
        >>> x = torch.tensor([[0.5, -1.0]])
        >>> gaussian_log_likelihood(x, x, torch.zeros(2))
        tensor([-1.8379])
    """
    squared = (x - mean) ** 2 * torch.exp(-log_variance)
    return -0.5 * (math.log(2 * math.pi) + log_variance + squared).sum(dim=1)


def kl_to_standard_normal(mean: torch.Tensor, log_variance: torch.Tensor) -> torch.Tensor:
    """Divergence KL(N(mean, diag(exp(log_variance))) ‖ N(0, I)).

    Args:
        mean: float [batch, dim].
        log_variance: float [batch, dim].

    Returns:
        The divergence of each row, float [batch], in nats, at least 0.

    Example:
        A mean of length 2 with variance 1; the divergence is ½ · 2²:

        >>> import torch
        >>> kl_to_standard_normal(torch.tensor([[0.0, 2.0]]), torch.zeros(1, 2))
        tensor([2.])
    """
    return 0.5 * (mean**2 + torch.exp(log_variance) - log_variance - 1).sum(dim=1)
