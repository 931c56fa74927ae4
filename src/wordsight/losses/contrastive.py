"""Softmax over the cosines of the queries and images of a batch.

Singhal, Raman, ten Cate: Multilingual Bag-of-Words Embeddings from Images. NAACL 2019 (section 2).
"""

from __future__ import annotations

import torch
from torch.nn.functional import normalize, softplus

_NEVER = -1e9  # the logit of what is no negative; finite, because a row without negatives gives NaN otherwise


def softmax_in_batch(
    queries: torch.Tensor,
    images: torch.Tensor,
    query_of: torch.Tensor,
    image_of: torch.Tensor,
    weights: torch.Tensor,
    temperature: float,
) -> torch.Tensor:
    """Mean of −log softmax of each pair's cosine against those of its query with the other images of the batch.

    Every query and every image stands in the batch once, however many pairs it is in. An image that the batch also
    pairs with a query, in another pair, is no negative for that query. So neither the same image nor the same query
    coming twice makes a right answer count as a wrong one. With s the cosines, P(q) the images paired with q::

        loss(q, i) = −log( exp(s(q, i)/τ) / (exp(s(q, i)/τ) + Σ_{j ∉ P(q)} exp(s(q, j)/τ)) )

    Args:
        queries: float [n_queries, dim], of any lengths.
        images: float [n_images, dim], of any lengths.
        query_of: int64 [n_pairs], the query of each pair.
        image_of: int64 [n_pairs], the image of each pair; a pair that comes twice counts twice.
        weights: float [n_pairs], at least 0, not all 0: the relevance of the image for the query.
        temperature: τ, by which the cosines are divided.

    Returns:
        The weighted mean over the pairs, a scalar in nats.
    """
    logits = normalize(queries, dim=1) @ normalize(images, dim=1).T / temperature
    negatives = logits.index_put((query_of, image_of), logits.new_tensor(_NEVER))
    # −log(e^a / (e^a + Σ e^n)) = softplus(log Σ e^n − a)
    losses = softplus(torch.logsumexp(negatives, dim=1)[query_of] - logits[query_of, image_of])
    return (weights * losses).sum() / weights.sum()
