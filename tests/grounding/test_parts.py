"""Parts by an image's id, and by concept."""

from __future__ import annotations

import hashlib

import pytest

from wordsight.errors import DataError, ParameterError
from wordsight.grounding.parts import part_of, part_of_concepts

CONCEPTS = [f"concept {i}" for i in range(100)]


def concepts_in(parts: dict[str, str], part: str) -> set[str]:
    return {concept for concept, where in parts.items() if where == part}


def test_the_hash_of_the_path_decides() -> None:
    for image in (f"images/{i}.jpg" for i in range(50)):
        remainder = int(hashlib.sha1(image.encode()).hexdigest(), 16) % 16
        assert part_of(image) == {0: "test", 1: "validation"}.get(remainder, "training")


def test_every_concept_has_one_part_of_its_size() -> None:
    parts = part_of_concepts(CONCEPTS, seed=3)
    assert sorted(parts) == sorted(CONCEPTS)
    assert [len(concepts_in(parts, part)) for part in ("test", "validation", "training")] == [20, 10, 70]


def test_the_seed_draws_the_test_and_leaves_the_validation() -> None:
    first, again, other = (part_of_concepts(CONCEPTS, seed=seed) for seed in (0, 0, 1))
    backwards = part_of_concepts([*reversed(CONCEPTS), CONCEPTS[0]], seed=0)
    assert first == again == backwards
    assert concepts_in(first, "validation") == concepts_in(other, "validation") and concepts_in(
        first, "test"
    ) != concepts_in(other, "test")
    tested = set().union(*(concepts_in(part_of_concepts(CONCEPTS, seed=seed), "test") for seed in range(40)))
    assert tested == set(CONCEPTS) - concepts_in(first, "validation")


def test_refuses_shares_that_leave_nothing() -> None:
    for shares in ({"test": 0.0}, {"test": 0.9}, {"validation": -0.1}):
        with pytest.raises(ParameterError, match="both must be above 0, their sum below 1"):
            part_of_concepts(CONCEPTS, seed=0, **shares)
    with pytest.raises(DataError, match="2 concepts are too few"):
        part_of_concepts(CONCEPTS[:2], seed=0)
