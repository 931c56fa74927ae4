from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from wordsight.grounding.visual_words import VisualWords
from wordsight.models._imagined import beside_text, seen_and_imagined
from wordsight.modules.imagination import Imagination
from wordsight.vectors.search import unit_rows


def rows(n: int, dim: int, seed: int) -> np.ndarray:
    return unit_rows(np.random.default_rng(seed).normal(size=(n, dim)))


@settings(max_examples=30, deadline=None)
@given(weight=st.floats(0, 5), known=st.lists(st.floats(0, 1), min_size=2, max_size=8), seed=st.integers(0, 99))
def test_cosines_blend_text_and_sight_by_what_is_known_of_each_word(
    weight: float, known: list[float], seed: int
) -> None:
    shares = np.array(known)
    text, sight = rows(len(shares), 5, seed), rows(len(shares), 3, seed + 100)
    found = beside_text(text, sight * np.sqrt(shares)[:, None], weight)
    np.testing.assert_allclose((found.astype(float) ** 2).sum(axis=1), 1 + weight**2, rtol=1e-5)
    i, j = 0, 1
    of_text = np.sqrt((1 + weight**2 * (1 - shares[i])) * (1 + weight**2 * (1 - shares[j]))) * (text[i] @ text[j])
    of_sight = weight**2 * np.sqrt(shares[i] * shares[j]) * (sight[i] @ sight[j])
    assert abs(found[i] @ found[j] - of_text - of_sight) < 1e-4 * (1 + weight**2)


def test_words_of_which_nothing_is_known_keep_their_texts_cosines() -> None:
    text = rows(6, 5, 0)
    found = unit_rows(beside_text(text, np.zeros((6, 3), np.float32), 1.25))
    np.testing.assert_allclose(found @ found.T, text @ text.T, atol=1e-6)


def test_more_images_of_a_word_weigh_more_against_what_is_imagined() -> None:
    """Against the definition, written out."""
    imagined, certainty = rows(5, 4, 1) * np.sqrt(0.6), np.full(5, 0.6)
    features = rows(3, 4, 2)
    visual = VisualWords(np.array([0, 2, 4]), features, np.array([1, 3, 100]))
    half = seen_and_imagined(Imagination(imagined, certainty, 0.1, 1.0), visual, 0.2)
    np.testing.assert_allclose(half[[1, 3]], imagined[[1, 3]], rtol=1e-6)
    centred = features - features.mean(axis=0)
    for row, seen, n in zip((0, 2, 4), centred, (1, 3, 100), strict=True):
        own = 0.8 * n / (n + 1)
        mixed = own * seen / np.linalg.norm(seen) + (1 - own) * imagined[row]
        np.testing.assert_allclose(half[row], mixed / np.sqrt(mixed @ mixed + (1 - own) ** 2 * 0.4), rtol=1e-4)
