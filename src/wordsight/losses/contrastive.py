"""Softmax over the cosines of the queries and images of a batch.

Singhal, Raman, ten Cate: Learning Multilingual Word Embeddings Using Image-Text Data. SiVL at NAACL 2019.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch.nn.functional import pad, softplus

_NEVER = -1e9  # the logit of what is no negative; finite, because a row without negatives gives NaN otherwise

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
    """Mean of −log softmax of each pair's cosine against those of its query with the other images of the batch.

    Every query and every image stands in the batch once, however many pairs it is in. An image that the batch also
    pairs with a query, in another pair, is no negative for that query. So neither the same image nor the same query
    coming twice makes a right answer count as a wrong one. With s the cosines, P(q) the images paired with q::

        loss(q, i) = −log( exp(s(q, i)/τ) / (exp(s(q, i)/τ) + Σ_{j ∉ P(q)} exp(s(q, j)/τ)) )

    Its gradient is written out, which takes less than half the time of following the operations one by one.

    Args:
        queries: float [n_queries, dim], of any lengths.
        images: float [n_images, dim], of any lengths.
        query_of: int64 [n_pairs], the query of each pair.
        image_of: int64 [n_pairs], the image of each pair; a pair that comes twice counts twice.
        weights: float [n_pairs], at least 0, not all 0: the relevance of the image for the query.
        temperature: τ, by which the cosines are divided.
        precision: of the matrix products; None: the queries'. bfloat16 halves their time on processors that have it.

    Returns:
        The weighted mean over the pairs, a scalar in nats.
    """
    pairs = (query_of, image_of, (weights.double() / weights.sum(dtype=torch.float64)).to(queries.dtype))
    exact = precision or queries.dtype
    loss: torch.Tensor = _SoftmaxInBatch.apply(  # type: ignore[no-untyped-call]
        queries, images, *pairs, temperature, exact
    )
    return loss


def _whole_tiles(rows: torch.Tensor) -> torch.Tensor:
    """The rows with zeros after them up to a multiple of :data:`_TILE`.

    Every batch has other numbers of rows, and a library that prepares its products of low precision for each shape
    would spend more time on that than on the products.
    """
    return pad(rows, (0, 0, 0, -len(rows) % _TILE))


class _Units(NamedTuple):
    """Vectors of unit length, and the lengths they had."""

    rows: torch.Tensor
    lengths: torch.Tensor

    @classmethod
    def of(cls, vectors: torch.Tensor) -> _Units:
        lengths = torch.linalg.vector_norm(vectors, dim=1, keepdim=True).clamp_(min=1e-12)
        return cls(vectors / lengths, lengths)

    def gradient(self, of_rows: torch.Tensor) -> torch.Tensor:
        """Of the vectors, from that of the rows."""
        along = (of_rows * self.rows).sum(dim=1, keepdim=True)
        return of_rows.addcmul_(self.rows, along, value=-1).div_(self.lengths)


class _SoftmaxInBatch(torch.autograd.Function):
    """The loss with weights that sum to 1.

    With p the softmax of a query's logits n over its negatives alone and m = log Σ e^n − s(q, i)/τ, the loss of a pair
    is softplus(m), so that ∂/∂m = σ(m), ∂m/∂n = p and ∂m/∂s(q, i) = −1/τ. The sum is read off the greatest p, which is
    e^(highest n) / Σ e^n; and p is only ever multiplied by vectors, so that what weighs its rows weighs these.
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
        units, image_units = _Units.of(queries), _Units.of(images)
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
        of_queries = (p @ low_images)[: len(queries)].to(queries.dtype) * pushes
        of_images = (p.T @ pushing)[: len(images)].to(queries.dtype)
        of_queries.index_add_(0, query_of, sides[1] * -pulls[:, None])
        of_images.index_add_(0, image_of, sides[0] * -pulls[:, None])
        ctx.save_for_backward(units.gradient(of_queries), image_units.gradient(of_images))
        ctx.temperature = temperature
        return (weights * softplus(margins)).sum()

    @staticmethod
    def backward(ctx: Any, *outer: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        factor = outer[0] / ctx.temperature
        of_queries, of_images = ctx.saved_tensors
        return of_queries * factor, of_images * factor, None, None, None, None, None
