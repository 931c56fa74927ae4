from __future__ import annotations

import numpy as np

from wordsight.grounding.lexicon import VisualLexicon
from wordsight.images.features import ImageFeatures
from wordsight.models.cnn import CNN

MATRIX = np.random.default_rng(0).normal(size=(12, 5)).astype(np.float32)


def lexicon() -> VisualLexicon:
    features = ImageFeatures([f"i{i}" for i in range(12)], MATRIX, sources=["photo", "drawing"] * 6)
    pairs = [("cat", "i0", 1.0), ("cat", "i1", 3.0), ("dog", "i2", 1.0), ("cow", "i5", 1.0), ("cow", "i7", 1.0)]
    return VisualLexicon.from_pairs(pairs, features)


def test_raw_features_are_averaged_by_weight() -> None:
    model = CNN(transform="|").fit(lexicon())
    assert model.vectors_.words == ["cat", "dog", "cow"]
    expected = [(MATRIX[0] + 3 * MATRIX[1]) / 4, MATRIX[2], (MATRIX[5] + MATRIX[7]) / 2]
    np.testing.assert_allclose(model.vectors_.matrix, expected, rtol=1e-6)


def test_images_are_centred_within_their_source() -> None:
    """Six images of a source count as fifty, the other 44 like the mean of all."""
    model = CNN(transform="centre | l2").fit(lexicon())
    sums = np.stack([MATRIX[i % 2 :: 2].sum(axis=0) for i in range(12)])
    centred = MATRIX - (sums + 44 * MATRIX.mean(axis=0)) / 50
    expected = centred[2] / np.linalg.norm(centred[2])
    np.testing.assert_allclose(model.vectors_["dog"], expected, rtol=1e-5)


def test_components_rank_words_like_a_singular_value_decomposition() -> None:
    """Cosines of U √S, whatever the signs of the components."""
    model = CNN(transform="| svd:2:0.5").fit(lexicon())
    means = np.stack([(MATRIX[0] + 3 * MATRIX[1]) / 4, MATRIX[2], (MATRIX[5] + MATRIX[7]) / 2])
    u, s, _ = np.linalg.svd(means.astype(np.float64), full_matrices=False)
    expected = u[:, :2] * np.sqrt(s[:2])
    np.testing.assert_allclose(model.vectors_.matrix @ model.vectors_.matrix.T, expected @ expected.T, atol=1e-4)


def test_a_control_shows_other_images() -> None:
    shuffled = CNN(transform="|", control="shuffled").fit(lexicon())
    assert any(np.allclose(shuffled.vectors_["dog"], MATRIX[i]) for i in range(0, 12, 2))
    assert not np.allclose(shuffled.vectors_.matrix, CNN(transform="|").fit(lexicon()).vectors_.matrix)
