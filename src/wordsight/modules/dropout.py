"""Dropout that draws from a given generator; that of torch draws from the global one."""

from __future__ import annotations

import torch


def dropout(x: torch.Tensor, share: float, generator: torch.Generator) -> torch.Tensor:
    """Sets random entries to 0 and scales the others up, which keeps the mean.

    Args:
        x: float of any shape, on the generator's device.
        share: probability that an entry is dropped, at least 0 and below 1.
        generator: source of the random numbers.
    """
    kept = torch.rand(x.shape, generator=generator, device=x.device) >= share
    return x * kept / (1 - share)
