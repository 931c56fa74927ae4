from __future__ import annotations

import numpy as np
import pytest
import torch

from wordsight.grounding.lexicon import VisualLexicon
from wordsight.images.features import ImageFeatures
from wordsight.models.visual_vae import VisualVAE
from wordsight.modules.vae import VAE
from wordsight.training.vae_training import train_vae

N_WORDS = 60


def lexicon() -> VisualLexicon:
    """Words w0 … w59, one image each; even and odd words look different."""
    random = np.random.default_rng(0)
    kinds = random.normal(size=(2, 10)) * 3
    matrix = (kinds[np.arange(N_WORDS) % 2] + random.normal(size=(N_WORDS, 10))).astype(np.float32)
    features = ImageFeatures([f"i{i}" for i in range(N_WORDS)], matrix)
    return VisualLexicon.from_pairs([(f"w{i}", f"i{i}") for i in range(N_WORDS)], features)


def test_words_that_look_alike_have_like_latent_means() -> None:
    model = VisualVAE(dim=4, hidden=16, epochs=200, transform="centre | scale").fit(lexicon())
    assert model.vectors_.words == lexicon().words and model.vectors_.dim == 4
    cosines = model.vectors_.unit @ model.vectors_.unit.T
    same = np.equal.outer(np.arange(N_WORDS) % 2, np.arange(N_WORDS) % 2)
    assert cosines[same].mean() > cosines[~same].mean() + 0.5
    losses = [row["loss"] for row in model.history_]
    assert len(losses) == 200 and losses[-1] < losses[0]


def test_vectors_are_what_the_network_encodes() -> None:
    """The same network put together by hand."""
    model = VisualVAE(dim=3, hidden=8, epochs=2, kl_weight=0.3, transform="| scale", seed=5).fit(lexicon())
    means = lexicon().mean_features()
    x = torch.from_numpy((means / means.astype(np.float64).std()).astype(np.float32))
    generator = torch.Generator().manual_seed(5)
    vae = VAE(10, 3, 8, "linear", generator)
    train_vae(vae, x, epochs=2, kl_weight=0.3, generator=generator)
    with torch.no_grad():
        expected = vae.mean(torch.tanh(vae.hidden[0](x)))
    np.testing.assert_allclose(model.vectors_.matrix, expected, rtol=1e-3, atol=1e-5)


def test_ctrl_c_leaves_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("wordsight.modules.vae.VAE.elbo", interrupted)
    model = VisualVAE(dim=3, hidden=8).fit(lexicon())
    assert model.interrupted_ and model.history_ == [] and len(model.vectors_) == N_WORDS
