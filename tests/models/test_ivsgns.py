from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.visual_words import VisualWords, visual_words
from wordsight.images.features import ImageFeatures
from wordsight.models.ivsgns import IVSGNS
from wordsight.models.sgns import SGNS
from wordsight.modules.imagination import imagine
from wordsight.modules.least_squares import ridge
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
    known = (model.imagined_vectors_**2).sum(axis=1, keepdims=True)
    expected = text.unit * np.sqrt(1 + 0.25 * (1 - known))
    np.testing.assert_allclose(model.vectors_.matrix[:, :DIM], expected, rtol=1e-4)
    np.testing.assert_allclose(model.vectors_.matrix[:, DIM:], model.imagined_vectors_ / 2, rtol=1e-4)
    alone = model.read_out(text.words, "imagined")
    np.testing.assert_array_equal(alone.matrix, model.imagined_vectors_)
    np.testing.assert_array_equal(model.read_out(text.words).matrix, model.vectors_.matrix)


def test_linear_imagination_is_that_of_unit_text_vectors() -> None:
    model = small(composition="imagined").fit(corpus(), lexicon())
    visual = visual_words(lexicon(), corpus().vocabulary, transform="centre | l2", control=None, seed=0)
    unit = model.text_vectors_ / np.linalg.norm(model.text_vectors_, axis=1)[:, None]
    np.testing.assert_allclose(
        model.vectors_.matrix, imagine(unit, visual.ids, visual.features).vectors, rtol=1e-3, atol=1e-5
    )


def test_nonlinear_imagination_learns_what_no_linear_map_can() -> None:
    """A steep step from −1 to 1, for words without images."""
    random = np.random.default_rng(0)
    text = random.uniform(-3, 3, size=(600, 2)).astype(np.float32)
    wanted = np.tanh(4 * text)
    visual = VisualWords(np.arange(400, dtype=np.int32), wanted[:400], np.ones(400, np.int64))
    model = small(dim=2, mapping="nonlinear", hidden=100, mapping_epochs=400, dropout=0.0)
    linear = text @ ridge(text[:400], wanted[:400], 1.0)
    errors = [((found[400:] - wanted[400:]) ** 2).mean() for found in (model._nonlinear(text, visual), linear)]
    assert errors[0] < errors[1] / 3


def test_ctrl_c_while_imagining_leaves_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("wordsight.models.ivsgns.dropout", interrupted)
    model = small(mapping="nonlinear").fit(corpus(), lexicon())
    assert model.interrupted_ and len(model.history_) == 2 and np.isfinite(model.vectors_.matrix).all()
