"""A check that sources do not coincide with words: centring by source would then erase what images show."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wordsight.errors import DataError
from wordsight.images.transforms import Chain

MOSTLY = 0.5
"""Above this share of its images a source belongs to one word; above this share of such words, training is refused."""


def check_word_sources(
    words: Sequence[str],
    word_of: np.ndarray,
    image_of: np.ndarray,
    sources: Sequence[str] | None,
    *,
    chain: Chain,
    control: str | None,
) -> None:
    """Refuses to centre or to shuffle within sources that coincide with words, as with one folder a word.

    A word coincides with its sources where most images of these show the word, but most of all images do not. Its
    mean is then its sources' mean. Centring makes that zero, and shuffling leaves it as it is.

    Args:
        words: n_words words.
        word_of: int [n_pairs], the word of each (word, image) pair.
        image_of: int [n_pairs], the image of each pair, an index into ``sources``; a pair may come twice.
        sources: the source of each image; None: all have the same.
        chain: the transforms of the images' features.
        control: None, ``"shuffled"`` or ``"random"``.

    Raises:
        DataError: most words coincide with their sources, and the chain centres by source or the control shuffles.
    """
    if sources is None or not (chain.by_source or control == "shuffled"):
        return
    names, source_of = np.unique(np.asarray(sources, dtype=str), return_inverse=True)
    pairs = np.unique(np.asarray(word_of, dtype=np.int64) * len(source_of) + image_of)
    word_of, image_of = pairs // len(source_of), pairs % len(source_of)
    cells, counts = np.unique(word_of * len(names) + source_of[image_of], return_counts=True)
    word_of_cell, source_of_cell = cells // len(names), cells % len(names)
    # The mean, over a word's images, of the word's share of the image's source.
    shares = counts / np.bincount(source_of)[source_of_cell]
    n_images = np.bincount(word_of, minlength=len(words))
    of_sources = np.bincount(word_of_cell, counts * shares, minlength=len(words)) / np.maximum(n_images, 1)
    of_all = n_images / len(source_of)
    coinciding = (of_sources > MOSTLY) & (of_all <= MOSTLY)
    if coinciding.sum() > MOSTLY * len(words):
        word = int(coinciding.argmax())
        source = names[source_of_cell[word_of_cell == word][0]]
        what = "centring by source erases" if chain.by_source else "shuffling within a source keeps"
        raise DataError(
            f"sources and words coincide for {int(coinciding.sum())} of {len(words)} words ({words[word]!r} and "
            f"{str(source)!r}), so {what} what the images show of them; a source is a collection, not a word: extract "
            "without sources, use features.with_sources(None), or take a transform without centre and standardise"
        )
