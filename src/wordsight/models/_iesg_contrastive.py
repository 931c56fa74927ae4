"""IESG's stronger variant: a softmax over cosines beside skip-gram, in place of the hinge losses."""

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
"""Pairs of a word and an image a step; each word is compared with all images of the batch, and each image with all
words."""
LEARNING_RATE = 1.5e-2
"""Adam's, for the words and the projection; it falls linearly."""
WARM_UP = 2
"""Passes that train the projection alone, so that its first steps do not drag the words along."""


class Contrast:
    """The images' side: between two parts of the text it makes a pass over all pairs of a word and an image."""

    def __init__(
        self, images: WordImages, words: np.ndarray, *, dim: int, temperature: float, noise: float, seed: int
    ) -> None:
        """Trains the projection alone for a while.

        Args:
            images: the words' images.
            words: skip-gram's table of input vectors, [n_words + 1, padded dim]; the rows of visual words are changed.
            dim: length of the vectors.
            temperature: the cosines are divided by it.
            noise: standard deviation of the Gaussian noise on the transformed features.
            seed: of all random numbers.
        """
        self._temperature, self._noise = temperature, noise
        self._generator = torch.Generator().manual_seed(seed)
        self._table = torch.from_numpy(words)[:, :dim]
        self._ids, self._word_of = torch.from_numpy(images.ids), torch.from_numpy(images.word_of)
        self._image_of, self._weights = torch.from_numpy(images.rows), torch.from_numpy(images.weights)
        self._features = torch.from_numpy(images.features)
        self._projection = nn.Parameter(torch.randn(dim, images.features.shape[1], generator=self._generator))
        self._words = nn.Parameter(self._table[self._ids].clone())
        self._optimizers = [
            torch.optim.Adam([self._projection], LEARNING_RATE),
            torch.optim.Adam([self._words], LEARNING_RATE),
        ]
        for _ in range(WARM_UP):
            self._pass(self._optimizers[:1])

    def projection(self) -> np.ndarray:
        """W_p, float32 [dim, n_features]."""
        return self._projection.detach().numpy().copy()

    def changing(self) -> AllChanging:
        """All that changes, for the checkpoints."""
        learned = [self._projection, self._words]
        return {"learned": learned, "optimizers": self._optimizers, "generator": self._generator}

    def step(self, segment: Segment) -> dict[str, float]:
        """Makes a pass from the words as skip-gram has left them and hands them back."""
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
        """Mean over both directions of the softmax loss of pairs, int64 [n_batch]; every word and image stands once."""
        words, word_of = torch.unique(self._word_of[batch], return_inverse=True)
        images, image_of = torch.unique(self._image_of[batch], return_inverse=True)
        features = self._features[images]
        noise = self._noise * torch.randn(features.shape, generator=self._generator)
        noise[:, -1] = 0  # the constant
        projected = (features + noise) @ self._projection.T
        vectors, weights, temperature = self._words[words], self._weights[batch], self._temperature
        to_image = softmax_in_batch(vectors, projected, word_of, image_of, weights, temperature)
        to_word = softmax_in_batch(projected, vectors, image_of, word_of, weights, temperature)
        return (to_image + to_word) / 2
