from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import log_softmax

from wordsight.losses.softmax import full_softmax


@given(seed=st.integers(0, 2**32), n=st.integers(1, 7), n_words=st.integers(1, 9), scale=st.sampled_from([0.1, 3, 60]))
def test_loss_and_gradients_agree_with_the_formula(seed: int, n: int, n_words: int, scale: float) -> None:
    random = np.random.default_rng(seed)
    hidden, table = random.normal(size=(n, 4)) * scale, random.normal(size=(n_words, 4))
    targets, weights = random.integers(0, n_words, n), random.uniform(0.1, 3, n)
    h, t = (torch.tensor(a, requires_grad=True) for a in (hidden, table))
    loss = full_softmax(h, t, torch.tensor(targets), torch.tensor(weights), dtype=torch.float64)
    (2 * loss).backward()
    assert h.grad is not None and t.grad is not None

    by_hand = log_softmax(hidden @ table.T, axis=1)
    chosen = np.maximum(by_hand[np.arange(n), targets], np.log(np.finfo(np.float32).tiny))  # as far as float32 reaches
    assert loss.item() == pytest.approx(-np.average(chosen, weights=weights), rel=1e-5, abs=1e-5)
    errors = np.exp(by_hand)
    errors[np.arange(n), targets] -= 1
    errors *= 2 * weights[:, None] / weights.sum()
    np.testing.assert_allclose(h.grad.numpy(), errors @ table, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(t.grad.numpy(), errors.T @ hidden, rtol=1e-9, atol=1e-12)


def test_bfloat16_is_the_same_up_to_its_rounding() -> None:
    generator = torch.Generator().manual_seed(0)
    hidden, table = torch.randn(64, 16, generator=generator), torch.randn(50, 16, generator=generator)
    targets, weights = torch.arange(64) % 50, torch.ones(64)
    results = []
    for dtype in (torch.float32, torch.bfloat16):
        h, t = hidden.clone().requires_grad_(), table.clone().requires_grad_()
        loss = full_softmax(h, t, targets, weights, dtype=dtype)
        loss.backward()
        assert h.grad is not None and t.grad is not None and h.grad.dtype == torch.float32
        results.append((loss.item(), h.grad.flatten(), t.grad.flatten()))
    (exact, *exact_gradients), (rounded, *rounded_gradients) = results
    assert rounded == pytest.approx(exact, rel=0.01)
    for one, other in zip(exact_gradients, rounded_gradients, strict=True):
        assert torch.nn.functional.cosine_similarity(one, other, dim=0) > 0.999
