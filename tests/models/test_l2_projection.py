from __future__ import annotations

import numpy as np
import pytest

from wordsight.errors import ParameterError
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.images.features import ImageFeatures
from wordsight.models.l2_projection import L2Projection
from wordsight.models.sgns import SGNS
from wordsight.text.corpus import Corpus

WORDS = [f"w{i}" for i in range(12)]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    random = np.random.default_rng(0)
    return Corpus.from_documents([random.choice(WORDS, 30).tolist() for _ in range(20)])


@pytest.fixture(scope="module")
def lexicon() -> VisualLexicon:
    random = np.random.default_rng(1)
    features = ImageFeatures([f"i{i}" for i in range(40)], random.normal(size=(40, 6)).astype(np.float32))
    pairs = [(WORDS[i % 8], f"i{i}") for i in range(30)]
    return VisualLexicon.from_pairs(pairs, features)


@pytest.mark.parametrize("intercept", [False, True])
def test_no_other_projection_is_nearer(corpus: Corpus, lexicon: VisualLexicon, intercept: bool) -> None:
    """The penalised sum of squared distances over the word-image pairs grows in every direction."""
    model = L2Projection(dim=4, epochs=2, transform="centre", penalty=1.0, intercept=intercept, workers=1)
    model.fit(corpus, lexicon)
    used = sorted({int(row) for word in lexicon.words for row in lexicon.images(word)})
    matrix = np.asarray(lexicon.features.matrix, np.float64) - lexicon.features.matrix[used].mean(axis=0)
    if intercept:
        matrix = np.hstack([matrix, np.ones((len(matrix), 1))])

    def objective(projection: np.ndarray) -> float:
        distances = sum(
            ((matrix[row] @ projection.T - model.vectors_[word]) ** 2).sum()
            for word in lexicon.words
            for row in lexicon.images(word)
        )
        return float(distances + (projection**2).sum())

    best, random = objective(model.projection_), np.random.default_rng(3)
    for _ in range(20):
        assert objective(model.projection_ + 1e-2 * random.normal(size=model.projection_.shape)) > best
    np.testing.assert_allclose(model.image_vectors(lexicon.features), matrix @ model.projection_.T, atol=1e-5)


def test_the_words_stay_as_skip_gram_made_them(corpus: Corpus, lexicon: VisualLexicon) -> None:
    text = SGNS(dim=4, epochs=2, workers=1).fit(corpus)
    model = L2Projection(dim=4, epochs=2, workers=1).fit(corpus, lexicon)
    np.testing.assert_array_equal(model.vectors_.matrix, text.vectors_.matrix)
    given = L2Projection(dim=4, epochs=2, workers=1).fit(corpus, lexicon, text)
    np.testing.assert_array_equal(given.projection_, model.projection_)


def test_refuses_what_makes_no_sense(corpus: Corpus, lexicon: VisualLexicon) -> None:
    with pytest.raises(ParameterError, match="not fitted"):
        L2Projection().image_vectors(lexicon.features)
