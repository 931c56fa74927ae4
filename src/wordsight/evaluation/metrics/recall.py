"""Recall at k in both directions between captions and images, where several captions may belong to an image.

A query counts as answered at k when one of the answers that belong to it is among its first k (Hodosh, Young,
Hockenmaier: Framing Image Description as a Ranking Task. 2013): with five captions an image, an image has five right
answers, and each caption one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from wordsight.errors import DataError

RANKS = (1, 5, 10)
DIRECTIONS = ("caption-to-image", "image-to-caption")
_BLOCK = 2**22  # scores held at a time


class Pairing(NamedTuple):
    """Which captions and images belong together, through what the captions say.

    Captions with the very same text cannot be told apart: each belongs to the images of all of them.

    Attributes:
        text_of: int64 [n_captions], the text of each caption.
        image_of: int64 [n_captions], the image of each caption, from 0 to n_images - 1.
    """

    text_of: np.ndarray
    image_of: np.ndarray

    @classmethod
    def of(cls, captions: Sequence[object], images: np.ndarray) -> Pairing:
        """From captions and any numbers that stand for their images.

        Raises:
            DataError: there is no caption, or not one image for each.
        """
        if len(captions) != len(images) or not len(captions):
            raise DataError(f"{len(captions)} captions and {len(images)} images for them; each caption needs one")
        index: dict[object, int] = {}
        text_of = [index.setdefault(caption, len(index)) for caption in captions]
        return cls(np.array(text_of), np.unique(images, return_inverse=True)[1])

    def belong(self, captions: np.ndarray) -> np.ndarray:
        """Whether an image belongs to a caption, bool [n, n_images].

        Args:
            captions: int64 [n], which captions.
        """
        texts, rows = np.unique(self.text_of[captions], return_inverse=True)
        place = np.full(self.text_of.max() + 1, -1)
        place[texts] = np.arange(len(texts))
        known = place[self.text_of] >= 0
        found = np.zeros((len(texts), self.image_of.max() + 1), dtype=bool)
        found[place[self.text_of[known]], self.image_of[known]] = True
        return found[rows]


class Ranks(NamedTuple):
    """Where the first right answer of each query stands, from 0.

    Attributes:
        images: int64 [n_captions], of each caption's images among all images.
        captions: int64 [n_images], of each image's captions among all captions.
    """

    images: np.ndarray
    captions: np.ndarray


def ranks(captions: np.ndarray, images: np.ndarray, pairing: Pairing) -> Ranks:
    """The rank of each caption's best image and of each image's best caption.

    A rank is the number of wrong answers that score at least as high as the best right one: a wrong answer that is
    as near counts as nearer, so that vectors that cannot tell answers apart gain nothing by it.

    Args:
        captions: float [n_captions, dim], of unit length.
        images: float [n_images, dim], of unit length, in the order of ``pairing.image_of``.
        pairing: which belong together.

    Raises:
        DataError: the vectors are not those of the pairing, or not finite.
    """
    n_captions, n_images = len(pairing.image_of), int(pairing.image_of.max()) + 1
    if captions.shape[0] != n_captions or images.shape[0] != n_images:
        found = f"{len(captions)} captions and {len(images)} images"
        raise DataError(f"{found}, but the pairing has {n_captions} and {n_images}")
    best = np.full(n_images, -np.inf, dtype=np.result_type(captions, images))
    of_captions, of_images = np.zeros(n_captions, dtype=np.int64), np.zeros(n_images, dtype=np.int64)
    blocks = np.array_split(np.arange(n_captions), max(1, n_captions * n_images // _BLOCK))
    for block in blocks:  # to find each image's best caption, and each caption's rank
        scores, belong = captions[block] @ images.T, pairing.belong(block)
        if not np.isfinite(scores).all():
            raise DataError("the vectors of captions or images are not finite; training may have diverged")
        own = np.where(belong, scores, -np.inf)
        of_captions[block] = (~belong & (scores >= own.max(axis=1, keepdims=True))).sum(axis=1)
        best = np.maximum(best, own.max(axis=0))
    for block in blocks:
        of_images += (~pairing.belong(block) & (captions[block] @ images.T >= best)).sum(axis=0)
    return Ranks(of_captions, of_images)


def recall_sum(found: Ranks) -> float:
    """Recall at 1, 5 and 10 in both directions, summed: from 0 to 6, for choosing between models."""
    return float(sum(np.mean(of < k) for of in found for k in RANKS))
