"""What an earlier training on queries learned, from which a query model goes on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import torch

from wordsight.errors import DataError
from wordsight.grounding.query_pairs import KnownWords, QueryPairs
from wordsight.images.features import ImageFeatures
from wordsight.images.transforms import Chain
from wordsight.vectors.buckets import Buckets
from wordsight.vectors.word_vectors import WordVectors


class EarlierQueries(NamedTuple):
    """Words, hash buckets, and the image network with its transform, or the table of images.

    Attributes:
        words: the words and the used buckets.
        matrix: float32 [n_words + n_used, dim], the vectors of words and buckets.
        transform: the fitted chain; None without image features.
        network: weights of the image network by name; empty without image features.
        images: vectors of the images; None with image features.
        encoder: facts about the encoder of the images; None without image features.
    """

    words: KnownWords
    matrix: np.ndarray
    transform: Chain | None
    network: Mapping[str, torch.Tensor]
    images: WordVectors | None
    encoder: Mapping[str, str] | None

    def fitted_transform(self, features: ImageFeatures) -> Chain:
        """The transform, for features of the same encoder.

        Raises:
            DataError: they are of another encoder.
        """
        facts = features.encoder_facts
        if self.transform is None or facts != self.encoder:
            raise DataError(
                f"the images' features are of another encoder ({facts}) than those of the model to go on from "
                f"({self.encoder}); extract them with the same one"
            )
        return self.transform

    def fill(self, table: torch.Tensor, pairs: QueryPairs) -> None:
        """Sets the rows of known words and buckets in a table of new ones, float32 [n_rows, dim]."""
        buckets = len(pairs.vocabulary) + np.searchsorted(pairs.buckets, self.words.buckets)
        rows = np.concatenate([pairs.vocabulary.ids(self.words.vocabulary.words), buckets])
        table[torch.from_numpy(rows.astype(np.int64))] = torch.tensor(self.matrix, device=table.device)

    def fill_images(self, table: torch.Tensor, ids: list[str]) -> None:
        """Sets the rows of known images in a table of new ones, float32 [n_images, dim]."""
        if self.images is not None:
            known = [row for row, image in enumerate(ids) if image in self.images]
            table[known] = torch.tensor(self.images[[ids[row] for row in known]], device=table.device)

    def with_other_images(self, table: WordVectors) -> WordVectors:
        """A table of images, followed by the earlier images that it lacks."""
        others = [] if self.images is None else [image for image in self.images if image not in table]
        if self.images is None or not others:
            return table
        return WordVectors([*table.words, *others], np.concatenate([table.matrix, self.images[others]]))


def stacked(vectors: WordVectors) -> tuple[np.ndarray, np.ndarray]:
    """The vectors of words and used buckets, float32 [n_words + n_used, dim], and these buckets, int64 [n_used]."""
    buckets = vectors.buckets
    if not isinstance(buckets, Buckets):
        return vectors.matrix, np.zeros(0, dtype=np.int64)
    return np.concatenate([vectors.matrix, buckets.matrix]), buckets.numbers
