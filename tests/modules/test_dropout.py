from __future__ import annotations

import pytest
import torch

from wordsight.modules.dropout import dropout


@pytest.mark.parametrize("share", [0.0, 0.25, 0.8])
def test_drops_the_share_and_keeps_the_mean(share: float) -> None:
    x = torch.full((300, 400), 3.0)
    out = dropout(x, share, torch.Generator().manual_seed(0))
    assert (out == 0).double().mean() == pytest.approx(share, abs=0.01)
    assert out.double().mean() == pytest.approx(3, rel=0.02)
    torch.testing.assert_close(out[out != 0], torch.full((int((out != 0).sum()),), 3 / (1 - share)))


def test_draws_from_the_given_generator_alone() -> None:
    x, state = torch.ones(50), torch.random.get_rng_state()
    first, second = (dropout(x, 0.5, torch.Generator().manual_seed(4)) for _ in range(2))
    assert torch.equal(first, second) and torch.equal(state, torch.random.get_rng_state())
