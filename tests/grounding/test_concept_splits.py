"""Splits by concept, and lexicons without some images."""

from __future__ import annotations

import numpy as np
import pytest

from wordsight.errors import DataError, ParameterError
from wordsight.grounding.image_splits import part_of_concepts, with_images
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.images.features import ImageFeatures

CONCEPTS = [f"concept {i}" for i in range(100)]


def of(parts: dict[str, str], part: str) -> set[str]:
    return {concept for concept, where in parts.items() if where == part}


def test_every_concept_has_one_part_of_its_size() -> None:
    parts = part_of_concepts(CONCEPTS, seed=3)
    assert sorted(parts) == sorted(CONCEPTS)
    assert [len(of(parts, part)) for part in ("test", "validation", "training")] == [20, 10, 70]


def test_the_seed_draws_the_test_and_leaves_the_validation() -> None:
    first, again, other = (part_of_concepts(CONCEPTS, seed=seed) for seed in (0, 0, 1))
    backwards = part_of_concepts([*reversed(CONCEPTS), CONCEPTS[0]], seed=0)
    assert first == again == backwards
    assert of(first, "validation") == of(other, "validation") and of(first, "test") != of(other, "test")
    tested = set().union(*(of(part_of_concepts(CONCEPTS, seed=seed), "test") for seed in range(40)))
    assert tested == set(CONCEPTS) - of(first, "validation")


def test_refuses_shares_that_leave_nothing() -> None:
    for shares in ({"test": 0.0}, {"test": 0.9}, {"validation": -0.1}):
        with pytest.raises(ParameterError, match="nothing is left to learn"):
            part_of_concepts(CONCEPTS, seed=0, **shares)
    with pytest.raises(DataError, match="2 concepts are too few"):
        part_of_concepts(CONCEPTS[:2], seed=0)


def test_a_lexicon_with_some_images() -> None:
    images = ImageFeatures(np.eye(4), ["w", "x", "y", "z"])
    pairs = [("cat", "w", 1.0), ("cat", "y", 2.0), ("dog", "x", 3.0), ("bus", "y", 4.0)]
    kept = with_images(VisualLexicon.from_pairs(pairs, images), np.array([True, False, True, True]))
    assert kept.words == ["cat", "bus"]
    assert kept.images("cat").tolist() == [0, 2] and kept.weights.tolist() == [1, 2, 4]
    with pytest.raises(DataError, match="without words"):
        with_images(kept, np.zeros(4, dtype=bool))
