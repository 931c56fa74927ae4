"""Several read-outs of one fit are those of a model fitted for each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from wordsight.grounding.lexicon import VisualLexicon
from wordsight.images.features import ImageFeatures
from wordsight.models.pixie import PIXIE
from wordsight.papers.read_outs import PARAMETERS, read_out, read_out_alone, without_read_out
from wordsight.text.corpus import Corpus

WORDS = ["cat", "dog", "bird", "sun", "run", "idea"]
SMALL: dict[str, Any] = {"dim": 4, "epochs": 1, "pretraining": 1, "transform": "centre |", "hidden": 5, "workers": 1}
READ_OUTS: list[dict[str, Any]] = [
    {"context_weight": 0.0},
    {"composition": "sum"},
    {"visual_weight": 0.5, "imagination": 0.0},
    {},
]


@pytest.fixture(scope="module")
def inputs() -> tuple[Corpus, VisualLexicon]:
    random = np.random.default_rng(0)
    corpus = Corpus.from_documents([random.choice(WORDS, 20).tolist() for _ in range(30)], min_count=1)
    features = ImageFeatures([f"{i}.png" for i in range(4)], random.normal(size=(4, 6)).astype(np.float32))
    return corpus, VisualLexicon.from_pairs([(word, f"{i}.png") for i, word in enumerate(WORDS[:4])], features)


def test_read_outs_do_not_depend_on_each_other(inputs: tuple[Corpus, VisualLexicon]) -> None:
    model = PIXIE(**SMALL).fit(*inputs)
    shared = [read_out(model, changes) for changes in READ_OUTS]
    for changes, vectors in zip(READ_OUTS, shared, strict=True):
        own = PIXIE(**SMALL, **changes).fit(*inputs).vectors_
        assert list(vectors.words) == list(own.words)
        np.testing.assert_array_equal(vectors.matrix, own.matrix)
    assert len({vectors.matrix.tobytes() for vectors in shared}) == len(READ_OUTS)


def test_hyperparameters_are_of_the_fit_or_of_the_read_out() -> None:
    for name in PARAMETERS:
        given = {"composition": "sum", "dim": 3}
        assert read_out_alone(name, given) == {"composition": "sum"} and without_read_out(name, given) == {"dim": 3}
    assert without_read_out("wield", {"composition": "sum"}) == {"composition": "sum"}
