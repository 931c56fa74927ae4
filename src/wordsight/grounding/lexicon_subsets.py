"""Lexicons with some of the images of another, such as those of a part; and the words of each image."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from wordsight.errors import DataError, unknown_name
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.parts import PARTS, part_of


def in_part(lexicon: VisualLexicon, part: str) -> VisualLexicon:
    """Keeps the images of one part; words without any are left out.

    Args:
        lexicon: words and their images, of all parts.
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
    """Keeps some of the images; words without any are left out.

    Args:
        lexicon: words and their images.
        chosen: bool [n_images], which of the features' images stay.

    Raises:
        DataError: no word has one of these images.
    """
    kept = chosen[lexicon.image_rows]
    sizes = np.add.reduceat(kept, lexicon.indptr[:-1], dtype=np.int64)
    words = [word for word, size in zip(lexicon.words, sizes, strict=True) if size]
    indptr = np.cumsum([0, *sizes[sizes > 0]])
    return VisualLexicon(words, indptr, lexicon.image_rows[kept], lexicon.weights[kept], lexicon.features)


def words_of_images(lexicon: VisualLexicon, known: Iterable[str] | None = None) -> dict[str, list[str]]:
    """Returns image id → its words, in the lexicon's order; images without words are left out.

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
