"""Max-margin loss over cosines with drawn negatives.

Lazaridou, Pham, Baroni: Combining Language and Vision with a Multimodal Skip-gram Model. NAACL 2015 (equation 5).
"""

from __future__ import annotations

import torch
from torch.nn.functional import normalize


def cosine_hinge(predicted: torch.Tensor, own: torch.Tensor, others: torch.Tensor, margin: float) -> torch.Tensor:
    """Σ_j max(0, γ − cos(predicted, own) + cos(predicted, other_j)).

    Args:
        predicted: [batch, n_features], of any length.
        own: [batch, n_features], what should have been predicted, of unit length.
        others: [batch, n_negatives, n_features], of unit length.
        margin: γ.

    Returns:
        [batch].
    """
    direction = normalize(predicted)
    right = (direction * own).sum(dim=1)
    wrong = torch.einsum("nf,nkf->nk", direction, others)
    return torch.relu(margin - right[:, None] + wrong).sum(dim=1)
