"""The triplet loss against its formula written out pair by pair."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from wordsight.losses.triplet import triplet_in_batch


def by_hand(scores: np.ndarray, belong: np.ndarray, margin: float, hardest: bool) -> float:
    total = 0.0
    for i in range(len(scores)):
        images = [max(0.0, margin - scores[i, i] + scores[i, j]) for j in range(len(scores)) if not belong[i, j]]
        captions = [max(0.0, margin - scores[i, i] + scores[j, i]) for j in range(len(scores)) if not belong[j, i]]
        for terms in (images, captions):
            total += (max(terms, default=0.0)) if hardest else sum(terms)
    return total / len(scores)


@pytest.mark.parametrize("hardest", [False, True])
@pytest.mark.parametrize("margin", [0.05, 0.2, 1.5])
@pytest.mark.parametrize("shared", [0.0, 0.3])
def test_it_is_the_formula(hardest: bool, margin: float, shared: float) -> None:
    random = np.random.default_rng(0)
    scores = random.uniform(-1, 1, (7, 7))
    belong = np.eye(7, dtype=bool) | (random.random((7, 7)) < shared)
    found = triplet_in_batch(torch.tensor(scores), torch.tensor(belong), margin, hardest=hardest)
    assert found.item() == pytest.approx(by_hand(scores, belong, margin, hardest), rel=1e-12)


def test_one_pair_has_no_negative() -> None:
    for hardest in (False, True):
        loss = triplet_in_batch(torch.zeros(1, 1), torch.ones(1, 1, dtype=torch.bool), 0.2, hardest=hardest)
        assert loss.item() == 0


def test_the_gradient_of_what_is_far_enough_is_zero() -> None:
    scores = torch.tensor([[0.9, 0.1, 0.8], [0.2, 0.9, 0.0], [0.0, 0.1, 0.9]], requires_grad=True)
    triplet_in_batch(scores, torch.eye(3, dtype=torch.bool), 0.2, hardest=False).backward()
    expected = np.zeros((3, 3))
    expected[0, 2] = 2 / 3  # caption 0 with image 2 violates the margin in both directions
    expected[0, 0] = expected[2, 2] = -1 / 3
    assert scores.grad is not None
    np.testing.assert_allclose(scores.grad.numpy(), expected, atol=1e-7)
