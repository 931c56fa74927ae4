from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.visual_words import hidden_words
from wordsight.images.features import ImageFeatures
from wordsight.models.base import Model
from wordsight.models.cnn import CNN
from wordsight.models.cnn_sgns import CNNSGNS
from wordsight.models.sgns import SGNS
from wordsight.models.vae_sgns import VAESGNS
from wordsight.models.visual_vae import VisualVAE
from wordsight.text.corpus import Corpus

TEXT: dict[str, Any] = {"dim": 8, "epochs": 2, "subsample": 0.0, "workers": 1, "seed": 3}
N_VISUAL = 6
VAE_SETTINGS: dict[str, Any] = {"hidden": 8, "kl_weight": 0.5}


def corpus() -> Corpus:
    random = np.random.default_rng(0)
    return Corpus.from_documents([[f"w{i}" for i in random.integers(0, 12, 60)] for _ in range(8)], min_count=1)


def lexicon() -> VisualLexicon:
    random = np.random.default_rng(1)
    features = ImageFeatures([f"i{i}" for i in range(20)], random.normal(size=(20, 7)).astype(np.float32))
    pairs = [(f"w{i % N_VISUAL}", f"i{i}") for i in range(20)]
    return VisualLexicon.from_pairs([("not in the text", "i3"), *pairs], features)


def models(**settings: Any) -> list[tuple[Model, Model]]:
    """Each fusion with the visual model that it holds."""
    return [
        (CNNSGNS(**TEXT, **settings), CNN(seed=3)),
        (
            VAESGNS(**TEXT, **VAE_SETTINGS, visual_epochs=2, **settings),
            VisualVAE(dim=8, epochs=2, seed=3, **VAE_SETTINGS),
        ),
    ]


@pytest.mark.parametrize("which", [0, 1])
def test_unit_text_vectors_stand_beside_weighted_unit_visual_ones(which: int) -> None:
    fusion, visual = models(visual_weight=0.4)[which]
    vectors = fusion.fit(corpus(), lexicon()).vectors_
    text = SGNS(**TEXT).fit(corpus()).vectors_
    sight = visual.fit(lexicon().restricted(corpus().vocabulary.words)).vectors_
    assert vectors.words == text.words and "not in the text" not in vectors
    np.testing.assert_allclose(
        vectors.matrix[:, :8], text.matrix / np.linalg.norm(text.matrix, axis=1)[:, None], rtol=1e-5
    )
    for word, vector in zip(vectors.words, vectors.matrix[:, 8:], strict=True):
        expected = 0.4 * sight[word] / np.linalg.norm(sight[word]) if word in sight else np.zeros(sight.dim)
        np.testing.assert_allclose(vector, expected, rtol=1e-4, atol=1e-6)
    cosine = (text.similarity("w1", "w4") + 0.16 * sight.similarity("w1", "w4")) / 1.16
    assert vectors.similarity("w1", "w4") == pytest.approx(cosine, abs=1e-5)


@pytest.mark.parametrize("which", [0, 1])
def test_hidden_words_have_their_text_alone(which: int) -> None:
    fusion, _ = models(hide_words=0.5)[which]
    vectors = fusion.fit(corpus(), lexicon()).vectors_
    hidden = hidden_words(lexicon(), vectors.words, 0.5, seed=3)
    blind = {word for word, vector in zip(vectors.words, vectors.matrix[:, 8:], strict=True) if not vector.any()}
    assert len(hidden) == 3 and blind == {*hidden, *(w for w in vectors.words if w not in lexicon())}


def test_ctrl_c_while_the_vae_learns_leaves_the_visual_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("wordsight.modules.vae.VAE.elbo", interrupted)
    model = VAESGNS(**TEXT).fit(corpus(), lexicon())
    assert model.interrupted_ and model.history_ == [] and len(model.vectors_) == N_VISUAL
