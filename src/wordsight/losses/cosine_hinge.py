"""Max-margin loss over cosines with drawn negatives.

Lazaridou, Pham, Baroni: Combining Language and Vision with a Multimodal Skip-gram Model. NAACL 2015 (equation 5).
"""

from __future__ import annotations

import torch
from torch.nn.functional import normalize


def cosine_hinge(predicted: torch.Tensor, own: torch.Tensor, others: torch.Tensor, margin: float) -> torch.Tensor:
    """Max-margin loss Σ_j max(0, γ − cos(predicted, own) + cos(predicted, other_j)).

    Args:
        predicted: float [batch, n_features], rows of any length.
        own: float [batch, n_features], the targets, rows of unit length.
        others: float [batch, n_negatives, n_features], the negatives, rows of unit length.
        margin: γ.

    Returns:
        The loss of each row, float [batch], at least 0.

    Example:
        The cosine of the prediction with its target is 1, and with the negative 0.8:

        >>> import torch
        >>> predicted, own = torch.tensor([[3.0, 0.0]]), torch.tensor([[1.0, 0.0]])
        >>> cosine_hinge(predicted, own, torch.tensor([[[0.8, 0.6]]]), margin=0.5)
        tensor([0.3000])
    """
    direction = normalize(predicted)
    right = (direction * own).sum(dim=1)
    wrong = torch.einsum("nf,nkf->nk", direction, others)
    return torch.relu(margin - right[:, None] + wrong).sum(dim=1)
