from __future__ import annotations

import pytest
import torch

from wordsight.errors import UnknownNameError
from wordsight.modules.vae import VAE


@pytest.mark.parametrize("decoder", ["linear", "sigmoid"])
def test_only_a_sigmoid_keeps_what_is_decoded_within_0_and_1(decoder: str) -> None:
    vae = VAE(5, 2, 8, decoder, torch.Generator().manual_seed(0))
    decoded = vae.decode(100 * torch.randn(50, 2, generator=torch.Generator().manual_seed(1)))
    assert decoded.shape == (50, 5)
    assert bool(((decoded >= 0) & (decoded <= 1)).all()) == (decoder == "sigmoid")


def test_an_unknown_decoder_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'sigmoid'"):
        VAE(5, 2, 8, "sigmoidal", torch.Generator())
