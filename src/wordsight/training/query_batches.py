"""Batches of query-image pairs as tensors, made on the device."""

from __future__ import annotations

from typing import NamedTuple

import torch

from wordsight.grounding.query_pairs import QueryPairs


class QueryBatch(NamedTuple):
    """A batch of query-image pairs, with each query and each image once.

    Attributes:
        words: int64 [n_words], words of the queries, one query after another.
        begins: int64 [n_queries], start of each query in ``words``.
        images: int64 [n_images], image rows.
        query_of: int64 [n_pairs], query of each pair.
        image_of: int64 [n_pairs], image of each pair.
        weights: float32 [n_pairs], weight of each pair.
    """

    words: torch.Tensor
    begins: torch.Tensor
    images: torch.Tensor
    query_of: torch.Tensor
    image_of: torch.Tensor
    weights: torch.Tensor


class QueryBatches:
    """Query-image pairs as tensors on a device; ``batches[numbers]`` makes a batch."""

    def __init__(self, pairs: QueryPairs, device: torch.device) -> None:
        """Moves the pairs' arrays to a device."""
        arrays = (pairs.words, pairs.offsets, pairs.query_of, pairs.image_of, pairs.weights)
        tensors = [torch.from_numpy(array).to(device) for array in arrays]
        self._words, self._offsets, self._query_of, self._image_of, self._weights = tensors

    def __len__(self) -> int:
        return len(self._query_of)

    def __getitem__(self, batch: torch.Tensor) -> QueryBatch:
        """Makes a batch of pairs, given by number, int64 [n_pairs]."""
        queries, query_of = torch.unique(self._query_of.index_select(0, batch), return_inverse=True)
        images, image_of = torch.unique(self._image_of.index_select(0, batch), return_inverse=True)
        words = bag_of(self._words, self._offsets, queries)
        return QueryBatch(*words, images, query_of, image_of, self._weights.index_select(0, batch))


def bag_of(words: torch.Tensor, offsets: torch.Tensor, chosen: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Gathers the words of chosen texts.

    Args:
        words: int64, words of all texts, one text after another.
        offsets: int64 [n_texts + 1], start of each text in ``words``, and the end of the last.
        chosen: int64 [n_chosen], numbers of texts.

    Returns:
        The words of the chosen texts, int64, and the start of each of these texts among them, int64 [n_chosen].
    """
    starts = offsets.index_select(0, chosen)
    lengths = offsets.index_select(0, chosen + 1) - starts
    begins = lengths.cumsum(0) - lengths
    positions = (starts - begins).repeat_interleave(lengths)
    return words.index_select(0, positions + torch.arange(len(positions), device=positions.device)), begins
