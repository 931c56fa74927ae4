"""The training, validation and test part of a collection, by image or by concept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np

from wordsight.errors import DataError, ParameterError

PARTS = ("training", "validation", "test")

SHARES = 16
"""One image in so many is for testing, one for validation; the others are for training."""


def part_of(image: str) -> str:
    """Returns the part of an image, one of :data:`PARTS`, by the SHA-1 of its id: the same in every collection."""
    remainder = int(hashlib.sha1(image.encode()).hexdigest(), 16) % SHARES
    return {0: "test", 1: "validation"}.get(remainder, "training")


def part_of_concepts(
    concepts: Iterable[str], *, seed: int, test: float = 0.2, validation: float = 0.1
) -> dict[str, str]:
    """Draws a part for each concept, so that a test is about new concepts, not about new images of known ones.

    The validation part is the same for every seed, so that settings chosen on it have seen no seed's test concepts.

    Args:
        concepts: what images show; their order does not matter.
        seed: draws the test part.
        test: the test part's share of the concepts.
        validation: the validation part's share.

    Returns:
        Concept → one of :data:`PARTS`.

    Raises:
        ParameterError: a share is not positive, or the shares leave nothing for training.
        DataError: too few concepts for three parts.
    """
    if not (test > 0 and validation > 0 and test + validation < 1):
        raise ParameterError(
            f"the shares are {test} (test) and {validation} (validation); both must be above 0, their sum below 1"
        )
    names = sorted(set(concepts))
    n_test, n_validation = (round(share * len(names)) for share in (test, validation))
    if not 0 < n_test + n_validation < len(names) or not (n_test and n_validation):
        raise DataError(f"{len(names)} concepts are too few for a training, a validation and a test part")
    order = np.random.default_rng(0).permutation(len(names))
    # A random stream of its own: seed 0 would otherwise draw the numbers of the line above again.
    order[n_validation:] = np.random.default_rng([seed, 1]).permutation(order[n_validation:])
    parts = ["validation"] * n_validation + ["test"] * n_test + ["training"] * (len(names) - n_validation - n_test)
    return {names[i]: part for i, part in zip(order.tolist(), parts, strict=True)}
