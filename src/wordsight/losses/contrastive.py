"""Softmax over the cosines of the queries and images of a batch.

Singhal, Raman, ten Cate: Learning Multilingual Word Embeddings Using Image-Text Data. SiVL at NAACL 2019.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch.nn.functional import pad, softplus

_NEVER = -1e9  # the logit of pairs that are no negatives; −inf would give NaN in rows without negatives

_TILE = 64


def softmax_in_batch(
    queries: torch.Tensor,
    images: torch.Tensor,
    query_of: torch.Tensor,
    image_of: torch.Tensor,
    weights: torch.Tensor,
    temperature: float,
    precision: torch.dtype | None = None,
) -> torch.Tensor:
    """Cross-entropy of each query's image among the images of the batch, by the softmax over cosines.

    Each query and each image is in the batch once, and may be in several pairs. An image that is paired with a query is
    never a negative of this query. With s the cosines and P(q) the images paired with q::

        loss(q, i) = −log( exp(s(q, i)/τ) / (exp(s(q, i)/τ) + Σ_{j ∉ P(q)} exp(s(q, j)/τ)) )

    The gradient is written out, which takes less than half the time of autograd.

    Args:
        queries: float [n_queries, dim], rows of any length.
        images: float [n_images, dim], rows of any length.
        query_of: int64 [n_pairs], row of each pair's query.
        image_of: int64 [n_pairs], row of each pair's image; a pair that occurs twice counts twice.
        weights: float [n_pairs], at least 0, not all 0; relevance of the image for the query.
        temperature: τ, the divisor of the cosines.
        precision: number type of the matrix products; None: that of the queries. bfloat16 halves their time on
            processors that support it.

    Returns:
        The weighted mean over the pairs, a scalar in nats.

    Example:
        Two queries, each in the direction of its own image:

        >>> import torch
        >>> queries = torch.tensor([[2.0, 0.0], [0.0, 3.0]])
        >>> images = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
        >>> pair = torch.tensor([0, 1])
        >>> loss = softmax_in_batch(queries, images, pair, pair, torch.ones(2), temperature=0.5)
        >>> round(loss.item(), 4)  # −log(e² / (e² + e⁰)) for both
        0.1269
    """
    pairs = (query_of, image_of, (weights.double() / weights.sum(dtype=torch.float64)).to(queries.dtype))
    exact = precision or queries.dtype
    loss: torch.Tensor = _SoftmaxInBatch.apply(  # type: ignore[no-untyped-call]
        queries, images, *pairs, temperature, exact
    )
    return loss


def _whole_tiles(rows: torch.Tensor) -> torch.Tensor:
    """Pads with rows of zeros to a multiple of :data:`_TILE` rows.

    The library for products at low precision prepares anew for each shape, which takes longer than the products. Padded
    batches mostly have the same shape.
    """
    return pad(rows, (0, 0, 0, -len(rows) % _TILE))


class _Units(NamedTuple):
    """Vectors scaled to unit length, and their original lengths."""

    rows: torch.Tensor
    lengths: torch.Tensor

    @classmethod
    def from_vectors(cls, vectors: torch.Tensor) -> _Units:
        lengths = torch.linalg.vector_norm(vectors, dim=1, keepdim=True).clamp_(min=1e-12)
        return cls(vectors / lengths, lengths)

    def gradient(self, row_gradient: torch.Tensor) -> torch.Tensor:
        """The gradient with respect to the vectors, given that with respect to the rows."""
        along = (row_gradient * self.rows).sum(dim=1, keepdim=True)
        return row_gradient.addcmul_(self.rows, along, value=-1).div_(self.lengths)


class _SoftmaxInBatch(torch.autograd.Function):
    """The loss, for weights that sum to 1.

    Let n be the logits of a query's negatives, p their softmax, and m = log Σ e^n − s(q, i)/τ. Then the loss of a pair
    is softplus(m), with ∂/∂m = σ(m), ∂m/∂n = p and ∂m/∂s(q, i) = −1/τ. Since max p = e^(max n) / Σ e^n, log Σ e^n takes
    no further pass. The matrix p is large and is only multiplied by vectors: these are weighted instead of its rows.
    """

    @staticmethod
    def forward(
        ctx: Any,
        queries: torch.Tensor,
        images: torch.Tensor,
        query_of: torch.Tensor,
        image_of: torch.Tensor,
        weights: torch.Tensor,
        temperature: float,
        precision: torch.dtype,
    ) -> torch.Tensor:
        units, image_units = _Units.from_vectors(queries), _Units.from_vectors(images)
        queries, images = units.rows, image_units.rows
        low_queries, low_images = (_whole_tiles(side.to(precision)) for side in (queries, images))
        logits = low_queries @ (low_images / temperature).T
        logits[:, len(images) :] = _NEVER
        logits[query_of, image_of] = _NEVER
        highest, p = logits.amax(dim=1), logits.softmax(dim=1)
        log_sums = (highest.to(queries.dtype) - p.amax(dim=1).to(queries.dtype).log())[: len(queries)]
        sides = queries.index_select(0, query_of), images.index_select(0, image_of)
        margins = log_sums.index_select(0, query_of) - (sides[0] * sides[1]).sum(dim=1) / temperature
        pulls = weights * margins.sigmoid()
        pushes = torch.zeros_like(log_sums).index_add_(0, query_of, pulls)[:, None]
        pushing = _whole_tiles((queries * pushes).to(precision))
        query_gradient = (p @ low_images)[: len(queries)].to(queries.dtype) * pushes
        image_gradient = (p.T @ pushing)[: len(images)].to(queries.dtype)
        query_gradient.index_add_(0, query_of, sides[1] * -pulls[:, None])
        image_gradient.index_add_(0, image_of, sides[0] * -pulls[:, None])
        ctx.save_for_backward(units.gradient(query_gradient), image_units.gradient(image_gradient))
        ctx.temperature = temperature
        return (weights * softplus(margins)).sum()

    @staticmethod
    def backward(ctx: Any, *outer: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        factor = outer[0] / ctx.temperature
        query_gradient, image_gradient = ctx.saved_tensors
        return query_gradient * factor, image_gradient * factor, None, None, None, None, None
