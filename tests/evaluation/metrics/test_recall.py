"""Ranks and recall against a count written out query by query, ties included."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordsight.errors import DataError
from wordsight.evaluation.metrics import recall
from wordsight.evaluation.metrics.recall import Pairing, Ranks, ranks, recall_sum


def by_hand(scores: np.ndarray, texts: list[str], images: list[int]) -> Ranks:
    """Every query by itself: the best right answer, then all wrong ones that score as high or higher."""
    n_captions, n_images = scores.shape
    right = {(c, images[d]) for c in range(n_captions) for d in range(n_captions) if texts[c] == texts[d]}
    of_captions, of_images = [], []
    for c in range(n_captions):
        best = max(scores[c, i] for i in range(n_images) if (c, i) in right)
        of_captions.append(sum(scores[c, i] >= best for i in range(n_images) if (c, i) not in right))
    for i in range(n_images):
        best = max(scores[c, i] for c in range(n_captions) if (c, i) in right)
        of_images.append(sum(scores[c, i] >= best for c in range(n_captions) if (c, i) not in right))
    return Ranks(np.array(of_captions), np.array(of_images))


@st.composite
def cases(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, list[str], list[int]]:
    """Small whole numbers, which are exact and often tie; each image has one to five captions, some the same."""
    n_images = draw(st.integers(1, 6))
    images = [i for i in range(n_images) for _ in range(draw(st.integers(1, 5)))]
    images = draw(st.permutations(images))
    texts = [draw(st.sampled_from(["a", "b", f"c{place}", f"d{place}"])) for place in range(len(images))]
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    scale = draw(st.sampled_from([1, 2, 50]))
    captions, pictures = (rng.integers(-scale, scale + 1, (n, 3)).astype(float) for n in (len(images), n_images))
    return captions, pictures, texts, images


@given(cases())
def test_ranks_are_those_counted_by_hand(case: tuple[np.ndarray, np.ndarray, list[str], list[int]]) -> None:
    captions, pictures, texts, images = case
    found = ranks(captions, pictures, Pairing.of(texts, np.array(images)))
    expected = by_hand(captions @ pictures.T, texts, images)
    np.testing.assert_array_equal(found.images, expected.images)
    np.testing.assert_array_equal(found.captions, expected.captions)
    summed = sum(np.mean(np.array(of) < k) for of in expected for k in (1, 5, 10))
    assert recall_sum(found) == pytest.approx(summed)


def test_five_captions_an_image_as_the_field_counts_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Caption c belongs to image c // 5; without ties the ranks are places in sorted orders. Also in many blocks."""
    monkeypatch.setattr(recall, "_BLOCK", 64)
    random = np.random.default_rng(0)
    pictures = random.normal(size=(40, 8))
    captions = np.repeat(pictures, 5, axis=0) + 2 * random.normal(size=(200, 8))
    found = ranks(captions, pictures, Pairing.of([f"caption {c}" for c in range(200)], np.arange(200) // 5))
    scores = captions @ pictures.T
    to_image = [np.argsort(-scores[c]).tolist().index(c // 5) for c in range(200)]
    to_caption = [min(np.argsort(-scores[:, i]).tolist().index(5 * i + j) for j in range(5)) for i in range(40)]
    np.testing.assert_array_equal(found.images, to_image)
    np.testing.assert_array_equal(found.captions, to_caption)
    assert 0 < np.mean(found.images < 1) < 1


def test_vectors_that_tell_nothing_apart_find_nothing() -> None:
    found = ranks(np.ones((20, 2)), np.ones((20, 2)), Pairing.of([str(c) for c in range(20)], np.arange(20)))
    assert recall_sum(found) == 0


def test_the_same_text_belongs_to_all_its_images() -> None:
    pairing = Pairing.of(["a frog", "a dog", "a frog"], np.array([7, 9, 8]))
    np.testing.assert_array_equal(
        pairing.belong(np.arange(3)), [[True, True, False], [False, False, True], [True, True, False]]
    )


def test_refuses_what_does_not_fit() -> None:
    with pytest.raises(DataError, match="2 captions and 3 images for them"):
        Pairing.of(["a", "b"], np.arange(3))
    pairing = Pairing.of(["a", "b"], np.arange(2))
    with pytest.raises(DataError, match="3 captions and 2 images, but the pairing has 2 and 2"):
        ranks(np.ones((3, 2)), np.ones((2, 2)), pairing)
    with pytest.raises(DataError, match="not finite"):
        ranks(np.array([[1.0], [np.nan]]), np.ones((2, 1)), pairing)
