"""Triplet loss of captions and images; the negatives are the others of the batch.

All negatives: Kiros, Salakhutdinov, Zemel: Unifying Visual-Semantic Embeddings with Multimodal Neural Language Models.
2014 (arXiv:1411.2539). Hardest negatives: Faghri, Fleet, Kiros, Fidler: VSE++: Improving Visual-Semantic Embeddings
with Hard Negatives. BMVC 2018.
"""

from __future__ import annotations

import torch


def triplet_in_batch(scores: torch.Tensor, belong: torch.Tensor, margin: float, *, hardest: bool) -> torch.Tensor:
    """Triplet loss in both directions, mean over the pairs.

    Pair i is caption i and image i. With s the scores, and j over the negatives of pair i::

        loss(i) = Σ_j max(0, α − s(i, i) + s(i, j)) + Σ_j max(0, α − s(i, i) + s(j, i))

    With ``hardest`` each sum is replaced by its greatest term.

    Args:
        scores: float [n, n], cosines of captions (rows) and images (columns); pairs are on the diagonal.
        belong: bool [n, n], whether caption (row) and image (column) belong together, as on the diagonal; such are no
            negatives of each other.
        margin: α.
        hardest: whether only the hardest negative counts.

    Returns:
        The loss, a scalar; 0 without negatives.

    Example:
        The first caption and the second image are within the margin by 0.2, in both directions:

        >>> import torch
        >>> scores = torch.tensor([[0.9, 0.8], [0.1, 0.9]])
        >>> loss = triplet_in_batch(scores, torch.eye(2, dtype=torch.bool), margin=0.3, hardest=True)
        >>> round(loss.item(), 4)  # (0.2 + 0.2) / 2
        0.2
    """
    own = scores.diagonal()
    images = torch.relu(margin - own[:, None] + scores).masked_fill(belong, 0.0)
    captions = torch.relu(margin - own[None, :] + scores).masked_fill(belong, 0.0)
    if hardest:
        return (images.amax(dim=1) + captions.amax(dim=0)).mean()
    return (images.sum(dim=1) + captions.sum(dim=0)).mean()
