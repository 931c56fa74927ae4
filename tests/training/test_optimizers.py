import numpy as np
import pytest
import torch
from torch import nn

from wordsight.training.optimizers import RowAdam


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_makes_the_steps_of_sparse_adam(dtype: torch.dtype) -> None:
    """Torch's own, on gradients with repeated rows, two tables and a rate that falls."""
    random = torch.Generator().manual_seed(0)
    starts = [torch.randn(50, dim, generator=random, dtype=dtype) for dim in (7, 16)]
    ours, torchs = (
        [nn.EmbeddingBag.from_pretrained(s.clone(), freeze=False, sparse=True) for s in starts] for _ in "ab"
    )
    optimizers = [
        kind([bag.weight for bag in bags], lr=0.1) for kind, bags in ((RowAdam, ours), (torch.optim.SparseAdam, torchs))
    ]
    for step in range(20):
        words = torch.randint(0, 50, (30,), generator=random)
        begins = torch.tensor([0, 3, 4, 11])
        for bags, optimizer in ((ours, optimizers[0]), (torchs, optimizers[1])):
            optimizer.param_groups[0]["lr"] = 0.1 / (1 + step)
            optimizer.zero_grad()
            sum((bag(words, begins) - 1).pow(2).sum() for bag in bags).backward()
            optimizer.step()
    exactness = 1e-6 if dtype == torch.float32 else 1e-14
    for bag, other in zip(ours, torchs, strict=True):
        np.testing.assert_allclose(bag.weight.detach(), other.weight.detach(), rtol=10 * exactness, atol=exactness)
    for state, other in zip(*(optimizer.state_dict()["state"].values() for optimizer in optimizers), strict=True):
        assert state["step"] == other["step"] == 20
        np.testing.assert_allclose(state["exp_avg_sq"], other["exp_avg_sq"], rtol=10 * exactness, atol=exactness)


def test_other_rows_stay() -> None:
    bag = nn.EmbeddingBag(5, 3, sparse=True)
    before = bag.weight.detach().clone()
    optimizer = RowAdam(bag.parameters(), lr=0.1)
    optimizer.step()
    bag(torch.tensor([[1, 3]])).sum().backward()
    optimizer.step()
    changed = (bag.weight.detach() != before).any(dim=1)
    assert changed.tolist() == [False, True, False, True, False]
