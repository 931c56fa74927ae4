"""Cross-entropy of the softmax over a whole vocabulary, with few passes over the logits."""

from __future__ import annotations

from typing import Any

import torch


def full_softmax(
    hidden: torch.Tensor,
    table: torch.Tensor,
    targets: torch.Tensor,
    weights: torch.Tensor,
    *,
    dtype: torch.dtype = torch.float32,
) -> torch.Tensor:
    r"""Weighted mean cross-entropy of the softmax over all rows of a table.

        L = Σ_i w_i (log Σ_v exp(h_i · t_v) − h_i · t_(y_i)) / Σ_i w_i

    The logits [n, n_words] are by far the largest array, and each pass over them is slow. They are written once and
    turned into probabilities once. The gradients of ``hidden`` and ``table`` are computed with the loss, which reads
    the probabilities twice; then these are freed. For biases, add a column to the table and a column of ones to
    ``hidden``.

    Args:
        hidden: h, float32 [n, dim].
        table: t, float32 [n_words, dim].
        targets: y, int64 [n], rows of the table.
        weights: w, float32 [n], at least 0, not all 0.
        dtype: number type of the logits. bfloat16 is twice as fast on processors that support it (AVX-512 BF16, AMX,
            GPUs); its rounding errors are far below the noise of sampling a batch.

    Returns:
        The loss, a scalar in nats, with gradient.

    Example:
        Three words; the logit of the first is 2 nats above the others:

        >>> import torch
        >>> hidden, table = torch.tensor([[1.0, 0.0]]), torch.tensor([[2.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
        >>> loss = full_softmax(hidden, table, torch.tensor([0]), torch.ones(1))
        >>> round(loss.item(), 4)  # log(e² + 2) − 2
        0.2395
    """
    loss: torch.Tensor = _FullSoftmax.apply(hidden, table, targets, weights, dtype)  # type: ignore[no-untyped-call]
    return loss


class _FullSoftmax(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        hidden: torch.Tensor,
        table: torch.Tensor,
        targets: torch.Tensor,
        weights: torch.Tensor,
        dtype: torch.dtype,
    ) -> torch.Tensor:
        shares = (weights / weights.sum())[:, None]
        h, t = hidden.to(dtype), table.to(dtype)
        probabilities = torch.softmax(h @ t.T, dim=1)
        chosen = probabilities.gather(1, targets[:, None]).float().clamp_min(torch.finfo(torch.float32).tiny)
        shared = hidden * shares
        hidden_gradient = (probabilities @ t) * shares - table[targets] * shares
        table_gradient = (probabilities.T @ shared.to(dtype)).to(table.dtype).index_add_(0, targets, -shared)
        ctx.save_for_backward(hidden_gradient, table_gradient)
        return -(shares * chosen.log()).sum()

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        hidden_gradient, table_gradient = ctx.saved_tensors
        return hidden_gradient * gradient, table_gradient * gradient, None, None, None
