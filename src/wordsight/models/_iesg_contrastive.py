"""IESG's contrastive variant: a softmax over cosines beside skip-gram replaces the hinge losses."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from wordsight.losses.contrastive import softmax_in_batch
from wordsight.models._image_space import WordImages
from wordsight.training.corpus_passes import Segment
from wordsight.training.minibatches import falling, update
from wordsight.training.state import AllChanging

BATCH = 1000
"""(word, image) pairs in each step. Each word is compared with all images of the batch, each image with all words."""
LEARNING_RATE = 1.5e-2
"""Initial learning rate of Adam for the words and the projection; it falls linearly."""
WARM_UP = 2
"""Passes that train the projection alone. Without them its first, random steps would move the words too."""


class Contrast:
    """The contrastive part of training: after each segment of the text, a pass over all (word, image) pairs."""

    def __init__(
        self,
        images: WordImages,
        words: np.ndarray,
        *,
        dim: int,
        temperature: float,
        noise: float,
        seed: int,
        projection: np.ndarray | None = None,
    ) -> None:
        """Takes a projection, or draws one and trains it alone for :data:`WARM_UP` passes.

        Args:
            images: the words' images.
            words: skip-gram's table of input vectors, float32 [n_words + 1, padded dim]; :meth:`step` changes the rows
                of the words with images in place.
            dim: length of the vectors.
            temperature: divisor of the cosines.
            noise: standard deviation of the Gaussian noise on the transformed features.
            seed: seed of all random numbers.
            projection: W_p of an earlier training, float32 [dim, n_features]; None: a new one.
        """
        self._temperature, self._noise = temperature, noise
        self._generator = torch.Generator().manual_seed(seed)
        self._table = torch.from_numpy(words)[:, :dim]
        self._ids, self._word_of = torch.from_numpy(images.ids), torch.from_numpy(images.word_of)
        self._image_of, self._weights = torch.from_numpy(images.rows), torch.from_numpy(images.weights)
        self._features = torch.from_numpy(images.features)
        first = torch.randn(dim, images.features.shape[1], generator=self._generator)
        self._projection = nn.Parameter(first if projection is None else torch.tensor(projection))
        self._words = nn.Parameter(self._table[self._ids].clone())
        self._optimizers = [
            torch.optim.Adam([self._projection], LEARNING_RATE),
            torch.optim.Adam([self._words], LEARNING_RATE),
        ]
        for _ in range(WARM_UP if projection is None else 0):
            self._pass(self._optimizers[:1])

    def projection(self) -> np.ndarray:
        """W_p, float32 [dim, n_features]."""
        return self._projection.detach().numpy().copy()

    def changing(self) -> AllChanging:
        """The objects that change, for the checkpoints."""
        learned = [self._projection, self._words]
        return {"learned": learned, "optimizers": self._optimizers, "generator": self._generator}

    def step(self, segment: Segment) -> dict[str, float]:
        """Makes a pass: reads the word vectors from skip-gram's table, trains them, and writes them back."""
        for optimizer in self._optimizers:
            optimizer.param_groups[0]["lr"] = LEARNING_RATE * falling(segment.done, 1)
        with torch.no_grad():
            self._words.copy_(self._table[self._ids])
        loss = self._pass(self._optimizers)
        with torch.no_grad():
            self._table[self._ids] = self._words
        return {"contrastive_loss": loss}

    def _pass(self, optimizers: list[torch.optim.Adam]) -> float:
        order = torch.randperm(len(self._image_of), generator=self._generator)
        losses = [update(self.loss, optimizers, batch) * len(batch) for batch in order.split(BATCH)]
        return sum(losses) / len(order)

    def loss(self, batch: torch.Tensor) -> torch.Tensor:
        """The softmax loss of pairs, given by number, int64 [n_batch]: the mean of both directions, a scalar."""
        words, word_of = torch.unique(self._word_of[batch], return_inverse=True)
        images, image_of = torch.unique(self._image_of[batch], return_inverse=True)
        features = self._features[images]
        noise = self._noise * torch.randn(features.shape, generator=self._generator)
        noise[:, -1] = 0  # the intercept
        projected = (features + noise) @ self._projection.T
        vectors, weights, temperature = self._words[words], self._weights[batch], self._temperature
        to_image = softmax_in_batch(vectors, projected, word_of, image_of, weights, temperature)
        to_word = softmax_in_batch(projected, vectors, image_of, word_of, weights, temperature)
        return (to_image + to_word) / 2
