"""Dropout that draws from a given generator; torch's own draws from the global one."""

from __future__ import annotations

import torch


def dropout(x: torch.Tensor, share: float, generator: torch.Generator) -> torch.Tensor:
    """Sets a share of the numbers to 0 and scales the others up, so that the mean stays.

    Args:
        x: any shape, on the generator's device.
        share: probability of each number to be dropped, from 0 to less than 1.
        generator: makes the draws.
    """
    kept = torch.rand(x.shape, generator=generator, device=x.device) >= share
    return x * kept / (1 - share)
