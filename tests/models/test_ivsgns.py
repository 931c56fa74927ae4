from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.visual_words import VisualWords, visual_words
from wordsight.images.features import ImageFeatures
from wordsight.models._imagined import imagined
from wordsight.models.ivsgns import IVSGNS
from wordsight.models.sgns import SGNS
from wordsight.text.corpus import Corpus

DIM, N_VISUAL, N_FEATURES = 8, 6, 7


def corpus() -> Corpus:
    random = np.random.default_rng(0)
    return Corpus.from_documents([[f"w{i}" for i in random.integers(0, 12, 60)] for _ in range(8)], min_count=1)


def lexicon() -> VisualLexicon:
    random = np.random.default_rng(1)
    features = ImageFeatures([f"i{i}" for i in range(20)], random.normal(size=(20, N_FEATURES)).astype(np.float32))
    return VisualLexicon.from_pairs([(f"w{i % N_VISUAL}", f"i{i}") for i in range(20)], features)


def small(**hyperparameters: Any) -> IVSGNS:
    settings: dict[str, Any] = {
        "dim": DIM,
        "epochs": 2,
        "subsample": 0.0,
        "workers": 1,
        "transform": "centre | l2",
        "hidden": 20,
    }
    return IVSGNS(**{**settings, **hyperparameters})


@pytest.mark.parametrize("mapping", ["linear", "nonlinear"])
def test_concat_puts_the_imagined_vector_beside_the_text_of_every_word(mapping: str) -> None:
    model = small(visual_weight=0.5, mapping=mapping).fit(corpus(), lexicon())
    text = SGNS(dim=DIM, epochs=2, subsample=0.0, workers=1).fit(corpus()).vectors_
    np.testing.assert_array_equal(model.text_vectors_, text.matrix)
    np.testing.assert_allclose(model.vectors_.matrix[:, :DIM], text.unit, rtol=1e-5)
    imagined = model.imagined_vectors_ / np.linalg.norm(model.imagined_vectors_, axis=1)[:, None]
    np.testing.assert_allclose(model.vectors_.matrix[:, DIM:], imagined / 2, rtol=1e-4)
    alone = model.read_out(text.words, "imagined")
    np.testing.assert_array_equal(alone.matrix, model.imagined_vectors_)
    np.testing.assert_array_equal(model.read_out(text.words).matrix, model.vectors_.matrix)


def test_linear_imagination_is_ridge_regression_also_for_visual_words() -> None:
    """Least squares with a row of sqrt(penalty) for each weight."""
    model = small(composition="imagined").fit(corpus(), lexicon())
    visual = visual_words(lexicon(), corpus().vocabulary, transform="centre | l2", control=None, seed=0)
    unit = model.text_vectors_ / np.linalg.norm(model.text_vectors_, axis=1)[:, None]
    known = np.vstack([unit[visual.ids], np.sqrt(20.0) * np.eye(DIM)])
    wanted = np.vstack([visual.features, np.zeros((DIM, N_FEATURES))])
    np.testing.assert_allclose(model.vectors_.matrix, unit @ np.linalg.lstsq(known, wanted)[0], rtol=1e-3, atol=1e-5)


def test_nonlinear_imagination_learns_what_no_linear_map_can() -> None:
    """A steep step from −1 to 1, for words without images."""
    random = np.random.default_rng(0)
    text = random.uniform(-3, 3, size=(600, 2)).astype(np.float32)
    wanted = np.tanh(4 * text)
    visual = VisualWords(np.arange(400, dtype=np.int32), wanted[:400])
    model = small(dim=2, mapping="nonlinear", hidden=100, mapping_epochs=400, dropout=0.0)
    errors = [((f[400:] - wanted[400:]) ** 2).mean() for f in (model._nonlinear(text, visual), imagined(text, visual))]
    assert errors[0] < errors[1] / 3


def test_ctrl_c_while_imagining_leaves_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("wordsight.models.ivsgns.dropout", interrupted)
    model = small(mapping="nonlinear").fit(corpus(), lexicon())
    assert model.interrupted_ and len(model.history_) == 2 and np.isfinite(model.vectors_.matrix).all()
