"""Which images a model learns from and which ones it is judged on: decided by an image's path alone."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np

from wordsight.errors import DataError, ParameterError, unknown_name
from wordsight.grounding.lexicon import VisualLexicon

SHARES = 16
PARTS = {"test": {0}, "validation": {1}, "training": set(range(2, SHARES))}
"""Part → remainders of its images' hashes: a sixteenth for testing, one for choosing settings, the rest to learn."""


def part_of(image: str) -> str:
    """``"test"``, ``"validation"`` or ``"training"``, by the SHA-1 of an image's id: the same in every collection."""
    remainder = int(hashlib.sha1(image.encode()).hexdigest(), 16) % SHARES
    return next(part for part, remainders in PARTS.items() if remainder in remainders)


def in_part(lexicon: VisualLexicon, part: str) -> VisualLexicon:
    """The same words with those of their images that are in one part; words without any are left out.

    Args:
        lexicon: over images of all parts.
        part: ``"training"``, ``"validation"`` or ``"test"``.

    Raises:
        UnknownNameError: no such part.
        DataError: no image of the lexicon is in it.
    """
    if part not in PARTS:
        raise unknown_name("part", part, PARTS, hint=f"there are: {', '.join(PARTS)}")
    used = np.unique(lexicon.image_rows)
    chosen = np.zeros(len(lexicon.features), dtype=bool)
    chosen[used] = [part_of(lexicon.features.ids[row]) == part for row in used]
    if not chosen.any():
        raise DataError(f"none of the lexicon's {len(used)} images is in the part {part!r}")
    return with_images(lexicon, chosen)


def with_images(lexicon: VisualLexicon, chosen: np.ndarray) -> VisualLexicon:
    """The same words with some of their images; words without any are left out.

    Args:
        lexicon: over images.
        chosen: bool [n_images], which of the features' images stay.

    Raises:
        DataError: no word has any of them.
    """
    kept = chosen[lexicon.image_rows]
    sizes = np.add.reduceat(kept, lexicon.indptr[:-1], dtype=np.int64)
    words = [word for word, size in zip(lexicon.words, sizes, strict=True) if size]
    indptr = np.cumsum([0, *sizes[sizes > 0]])
    return VisualLexicon(words, indptr, lexicon.image_rows[kept], lexicon.weights[kept], lexicon.features)


def words_of_images(lexicon: VisualLexicon, known: Iterable[str] | None = None) -> dict[str, list[str]]:
    """Image id → its words, in the lexicon's order; images without words are left out.

    Args:
        lexicon: words and their images.
        known: only these words count, e.g. a vocabulary's; None: all.
    """
    lexicon = lexicon if known is None else lexicon.restricted(known)
    found: dict[int, list[str]] = {}
    for word in lexicon.words:
        for row in lexicon.images(word).tolist():
            found.setdefault(row, []).append(word)
    return {lexicon.features.ids[row]: words for row, words in sorted(found.items())}


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
