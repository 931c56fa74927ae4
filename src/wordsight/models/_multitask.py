"""The tasks of multi-task ImageVec beside the text: their items, and their losses over the shared word vectors."""

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
    """Settings of the comparison of vectors.

    Attributes:
        dim: length of the vectors; the table's rows have zeros after that.
        temperature: divisor of the cosines.
        precision: number type of the matrix products.
    """

    dim: int
    temperature: float
    precision: torch.dtype


class Task(abc.ABC):
    """A task: items and their mean loss.

    Args:
        rows: int64 [n_words], rows of the table for the words of the task's input.
        weight: factor of the loss.
        measure: settings of the comparison of vectors.
    """

    def __init__(self, rows: np.ndarray, weight: float, measure: Measure) -> None:
        self.weight = weight
        self._rows = torch.from_numpy(rows)
        self._measure = measure

    @abc.abstractmethod
    def __len__(self) -> int:
        """The number of items."""

    @abc.abstractmethod
    def loss(self, table: nn.EmbeddingBag, items: torch.Tensor) -> torch.Tensor:
        """The mean loss of items, given by number, int64 [n]; a scalar with gradient."""

    def parameters(self) -> Iterable[torch.Tensor]:
        """The parameters that are learned beside the table."""
        return ()

    def _means(self, table: nn.EmbeddingBag, words: torch.Tensor, begins: torch.Tensor) -> torch.Tensor:
        """The mean vector of each bag of words, float [n_bags, dim]."""
        means: torch.Tensor = table(self._rows[words], begins)
        return means[:, : self._measure.dim]


class ImageTask(Task):
    """The task of ImageVec: a query is near its images."""

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
        """The parameters of the image network."""
        return self._images.parameters()


class ParallelTask(Task):
    """The task of parallel text: a sentence is near its translations, in both directions of each pair of languages."""

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
        """The vectors of the distinct documents, float [n, dim], and the row of each document in these, int64."""
        chosen, which = torch.unique(documents, return_inverse=True)
        return self._means(table, *bag_of(self._words, self._offsets, chosen)), which
