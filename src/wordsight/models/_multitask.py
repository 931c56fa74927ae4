"""The tasks of multi-task ImageVec beside the text: minibatches, and their losses over a shared table of words."""

from __future__ import annotations

import abc
from collections.abc import Iterable
from itertools import combinations
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from wordsight.grounding.query_pairs import QueryPairs
from wordsight.losses.contrastive import softmax_in_batch
from wordsight.modules.image_networks import FeatureSide
from wordsight.text.parallel import ParallelText
from wordsight.training.query_batches import QueryBatches, bag_of


class Measure(NamedTuple):
    """How vectors are compared.

    Attributes:
        dim: length of the vectors; the table's rows have zeros after that.
        temperature: the cosines are divided by it.
        precision: number type of the matrix products.
    """

    dim: int
    temperature: float
    precision: torch.dtype


class Task(abc.ABC):
    """Items and their mean loss.

    Args:
        rows: int64, the table's row of each of the input's words.
        weight: the loss is multiplied by it.
        measure: how vectors are compared.
    """

    def __init__(self, rows: np.ndarray, weight: float, measure: Measure) -> None:
        self.weight = weight
        self._rows = torch.from_numpy(rows)
        self._measure = measure

    @abc.abstractmethod
    def __len__(self) -> int:
        """How many items there are."""

    @abc.abstractmethod
    def loss(self, table: nn.EmbeddingBag, items: torch.Tensor) -> torch.Tensor:
        """The mean loss of items, int64 [n], a scalar with a graph."""

    def parameters(self) -> Iterable[torch.Tensor]:
        """What is learned beside the table."""
        return ()

    def _means(self, table: nn.EmbeddingBag, words: torch.Tensor, begins: torch.Tensor) -> torch.Tensor:
        """The mean of each bag of the input's words, [n, dim]."""
        means: torch.Tensor = table(self._rows[words], begins)
        return means[:, : self._measure.dim]


class ImageTask(Task):
    """A query is near to its images: ImageVec's own."""

    def __init__(
        self, pairs: QueryPairs, rows: np.ndarray, images: FeatureSide, weight: float, measure: Measure
    ) -> None:
        super().__init__(rows, weight, measure)
        self._batches = QueryBatches(pairs, torch.device("cpu"))
        self._images = images

    def __len__(self) -> int:
        return len(self._batches)

    def loss(self, table: nn.EmbeddingBag, items: torch.Tensor) -> torch.Tensor:
        """The mean loss of pairs of query and image."""
        batch = self._batches[items]
        queries, images = self._means(table, batch.words, batch.begins), self._images(batch.images)
        _, temperature, precision = self._measure
        return softmax_in_batch(queries, images, batch.query_of, batch.image_of, batch.weights, temperature, precision)

    def parameters(self) -> Iterable[torch.Tensor]:
        """The image network's."""
        return self._images.parameters()


class ParallelTask(Task):
    """A sentence is near to its translations; a pair of languages counts both ways."""

    def __init__(self, parallel: ParallelText, rows: np.ndarray, weight: float, measure: Measure) -> None:
        super().__init__(rows, weight, measure)
        self._words = torch.from_numpy(np.asarray(parallel.corpus.ids).astype(np.int64))
        self._offsets = torch.from_numpy(np.array(parallel.corpus.offsets))
        pairs = [np.stack(parallel.pair(*languages)) for languages in combinations(parallel.languages, 2)]
        both = np.concatenate(pairs, axis=1)
        self._pairs = torch.from_numpy(np.concatenate([both, both[::-1]], axis=1))

    def __len__(self) -> int:
        return self._pairs.shape[1]

    def loss(self, table: nn.EmbeddingBag, items: torch.Tensor) -> torch.Tensor:
        """The mean loss of pairs of sentences."""
        _, temperature, precision = self._measure
        (first, first_of), (second, second_of) = (self._sentences(table, side) for side in self._pairs[:, items])
        return softmax_in_batch(first, second, first_of, second_of, torch.ones(len(items)), temperature, precision)

    def _sentences(self, table: nn.EmbeddingBag, documents: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """The vectors of sentences, each once, and which of them each document is."""
        chosen, which = torch.unique(documents, return_inverse=True)
        return self._means(table, *bag_of(self._words, self._offsets, chosen)), which
