"""Softmax over the cosines of the queries and images of a batch.

Singhal, Raman, ten Cate: Learning Multilingual Word Embeddings Using Image-Text Data. SiVL at NAACL 2019.
"""

from __future__ import annotations

from typing import Any

import torch
from torch.nn.functional import normalize, pad, softplus

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
    loss: torch.Tensor = _SoftmaxInBatch.apply(
        normalize(queries, dim=1), normalize(images, dim=1), *pairs, temperature, precision or queries.dtype
    )
    return loss


def _whole_tiles(rows: torch.Tensor) -> torch.Tensor:
    """The rows with zeros after them up to a multiple of :data:`_TILE`.

    Every batch has other numbers of rows, and a library that prepares its products of low precision for each shape
    would spend more time on that than on the products.
    """
    return pad(rows, (0, 0, 0, -len(rows) % _TILE))


class _SoftmaxInBatch(torch.autograd.Function):
    """The loss of unit vectors with weights that sum to 1.

    With p the softmax of a query's logits over its negatives alone and m = log Σ e^n − s(q, i)/τ, the loss of a pair is
    softplus(m), so that ∂/∂m = σ(m), ∂m/∂n = p and ∂m/∂s(q, i) = −1/τ. One matrix holds logits, p and gradient in turn.
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
        low_queries, low_images = (_whole_tiles(side.to(precision)) for side in (queries, images))
        logits = (low_queries @ (low_images / temperature).T).to(queries.dtype)
        logits[:, len(images) :] = _NEVER
        pairs = (query_of, image_of)
        right = (queries[query_of] * images[image_of]).sum(dim=1) / temperature
        logits[pairs] = _NEVER
        highest = logits.amax(dim=1, keepdim=True)
        exponentials = logits.sub_(highest).exp_()
        sums = exponentials.sum(dim=1)
        margins = (highest[:, 0] + sums.log())[query_of] - right
        pulls = weights * margins.sigmoid()
        shares = torch.zeros_like(sums).index_add_(0, query_of, pulls)
        gradient = exponentials.mul_((shares / sums)[:, None])
        gradient.index_put_(pairs, -pulls, accumulate=True)
        low = gradient.to(precision)
        products = ((low @ low_images)[: len(queries)], (low.T @ low_queries)[: len(images)])
        ctx.save_for_backward(*(product.to(queries.dtype) / temperature for product in products))
        return (weights * softplus(margins)).sum()

    @staticmethod
    def backward(ctx: Any, *outer: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        queries, images = ctx.saved_tensors
        return queries * outer[0], images * outer[0], None, None, None, None, None
