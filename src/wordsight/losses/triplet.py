"""Triplet loss of captions and images with the negatives of the batch.

All negatives: Kiros, Salakhutdinov, Zemel: Unifying Visual-Semantic Embeddings with Multimodal Neural Language Models.
2014 (arXiv:1411.2539). Hardest negatives: Faghri, Fleet, Kiros, Fidler: VSE++: Improving Visual-Semantic Embeddings
with Hard Negatives. BMVC 2018.
"""

from __future__ import annotations

import torch


def triplet_in_batch(scores: torch.Tensor, belong: torch.Tensor, margin: float, *, hardest: bool) -> torch.Tensor:
    """Mean over the pairs of what their negatives violate, in both directions.

    With s the scores, pair i being caption i and image i, and j over what does not belong to it::

        loss(i) = Σ_j max(0, α − s(i, i) + s(i, j)) + Σ_j max(0, α − s(i, i) + s(j, i))

    With hardest negatives the greatest term stands in place of each sum.

    Args:
        scores: float [n, n], cosines of captions (rows) and images (columns); pairs are on the diagonal.
        belong: bool [n, n], which captions (rows) and images belong together, the diagonal among them; these are no
            negatives of each other.
        margin: α.
        hardest: whether the hardest negative alone counts.

    Returns:
        A scalar; 0 where there is no negative.
    """
    own = scores.diagonal()
    images = torch.relu(margin - own[:, None] + scores).masked_fill(belong, 0.0)
    captions = torch.relu(margin - own[None, :] + scores).masked_fill(belong, 0.0)
    if hardest:
        return (images.amax(dim=1) + captions.amax(dim=0)).mean()
    return (images.sum(dim=1) + captions.sum(dim=0)).mean()
