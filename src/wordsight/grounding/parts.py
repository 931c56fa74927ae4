"""The parts of a collection: what a model learns from, what settings are chosen by, and what it is judged on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np

from wordsight.errors import DataError, ParameterError

PARTS = ("training", "validation", "test")

SHARES = 16
"""A sixteenth of the images is for testing, one for validation, the rest for training."""


def part_of(image: str) -> str:
    """The part of an image by the SHA-1 of its id, one of :data:`PARTS`: the same in every collection."""
    remainder = int(hashlib.sha1(image.encode()).hexdigest(), 16) % SHARES
    return {0: "test", 1: "validation"}.get(remainder, "training")


def part_of_concepts(
    concepts: Iterable[str], *, seed: int, test: float = 0.2, validation: float = 0.1
) -> dict[str, str]:
    """Concept → its part, drawn at random: what is tested is then new, not only another image of what is known.

    The validation part is the same for every seed, so that settings chosen on it have seen no seed's test concepts.

    Args:
        concepts: what images show; their order does not matter.
        seed: of the test part.
        test: share of the concepts that the test part gets.
        validation: share that the validation part gets.

    Raises:
        ParameterError: the shares are not positive, or leave nothing for training.
        DataError: too few concepts for three parts.
    """
    if not (test > 0 and validation > 0 and test + validation < 1):
        raise ParameterError(f"the shares are {test} (test) and {validation} (validation); nothing is left to learn")
    names = sorted(set(concepts))
    n_test, n_validation = (round(share * len(names)) for share in (test, validation))
    if not 0 < n_test + n_validation < len(names) or not (n_test and n_validation):
        raise DataError(f"{len(names)} concepts are too few for a training, a validation and a test part")
    order = np.random.default_rng(0).permutation(len(names))
    # A stream of its own: seed 0 would otherwise draw the same numbers again.
    order[n_validation:] = np.random.default_rng([seed, 1]).permutation(order[n_validation:])
    parts = ["validation"] * n_validation + ["test"] * n_test + ["training"] * (len(names) - n_validation - n_test)
    return {names[i]: part for i, part in zip(order.tolist(), parts, strict=True)}
