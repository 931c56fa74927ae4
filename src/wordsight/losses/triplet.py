"""Triplet loss of captions and images with the negatives of the batch.

All negatives: Kiros, Salakhutdinov, Zemel: Unifying Visual-Semantic Embeddings with Multimodal Neural Language Models.
2014 (arXiv:1411.2539). Hardest negatives: Faghri, Fleet, Kiros, Fidler: VSE++: Improving Visual-Semantic Embeddings
with Hard Negatives. BMVC 2018.
"""

from __future__ import annotations

import torch


def triplet_in_batch(scores: torch.Tensor, belong: torch.Tensor, margin: float, *, hardest: bool) -> torch.Tensor:
    """Mean over the pairs of how far their negatives come within the margin, in both directions.

    Pair i is caption i and image i. With s the scores, and j over what does not belong to pair i::

        loss(i) = Σ_j max(0, α − s(i, i) + s(i, j)) + Σ_j max(0, α − s(i, i) + s(j, i))

    With ``hardest`` each sum is replaced by its greatest term.

    Args:
        scores: float [n, n], cosines of captions (rows) and images (columns); pairs are on the diagonal.
        belong: bool [n, n], which captions (rows) and images (columns) belong together, the diagonal included; they are
            not each other's negatives.
        margin: α.
        hardest: whether the hardest negative alone counts.

    Returns:
        A scalar; 0 where there is no negative.

    Example:
        The second image is too near to the first caption, and the first caption to it, by 0.2:

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
