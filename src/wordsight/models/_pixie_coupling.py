"""PIXIE's coupling of text and images: the VAE and the skip-gram kernel take turns and exchange z."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import torch

from wordsight.grounding.visual_words import VisualWords
from wordsight.modules.vae import VAE
from wordsight.training.corpus_passes import Segment
from wordsight.training.minibatches import update
from wordsight.training.state import AllChanging, put_back
from wordsight.training.vae_training import BATCH, train_vae

LEARNING_RATE = 3e-4
"""Learning rate of Adam for the VAE while it is coupled to the text."""


class CouplingSettings(NamedTuple):
    """The hyperparameters of PIXIE that the coupling needs, by the same names."""

    dim: int
    hidden: int
    decoder: str
    pretraining: int
    kl_weight: float
    visual_norm: float | None
    samples: int
    share: float
    text_gradient: str
    text_weight: float
    seed: int


class Coupling:
    """The VAE of PIXIE: draws z for the kernel, and learns from the text's gradient with respect to z."""

    def __init__(
        self,
        settings: CouplingSettings,
        visual: VisualWords,
        inputs: np.ndarray,
        pairs: np.ndarray,
        trained: Mapping[str, np.ndarray] | None = None,
    ) -> None:
        """Trains the VAE on the images alone and adds the first z to the inputs.

        Args:
            settings: the hyperparameters.
            visual: the words with images and their features x.
            inputs: the kernel's table, float32 [n_words + 1, padded dim]. Rows of words with images are changed in
                place: they are u = e + z until :meth:`withdraw`.
            pairs: float64 [n_visual], expected number of (word, context) pairs of each word in a segment of the text.
            trained: :meth:`vae_arrays` of an earlier run, taken in place of the training on the images.
        """
        self._settings = settings
        self._inputs, self._ids, self._pairs = inputs, visual.ids, pairs
        self._generator = torch.Generator().manual_seed(settings.seed)
        self._x = torch.from_numpy(visual.features)
        self.vae = VAE(visual.features.shape[1], settings.dim, settings.hidden, settings.decoder, self._generator)
        self.scale, self.interrupted = 1.0, False
        if trained is None:
            self._train_alone()
        else:
            weights = {name: torch.tensor(array) for name, array in trained.items()}
            self.scale = float(weights.pop("scale"))
            self.vae.load_state_dict(weights)
        self._optimizer = torch.optim.Adam(self.vae.parameters(), LEARNING_RATE)
        self._drawn: list[tuple[torch.Tensor, torch.Tensor]] = []
        self._z = np.zeros((len(visual.ids), settings.dim), dtype=inputs.dtype)
        self._draw()

    def _train_alone(self) -> None:
        """Trains the VAE on the images, and sets the scale of z."""
        settings = self._settings
        training = train_vae(
            self.vae, self._x, epochs=settings.pretraining, kl_weight=settings.kl_weight, generator=self._generator
        )
        self.interrupted = training.interrupted
        if settings.visual_norm is not None:
            lengths = np.linalg.norm(self.visual_vectors().astype(np.float64), axis=1)
            self.scale = settings.visual_norm / float(lengths.mean())

    def vae_arrays(self) -> dict[str, np.ndarray]:
        """Copies of the VAE's weights by name, and of ``scale``, the factor of z."""
        weights = {name: tensor.numpy().copy() for name, tensor in self.vae.state_dict().items()}
        return weights | {"scale": np.array(self.scale)}

    def visual_vectors(self) -> np.ndarray:
        """Scaled μ(x), float32 [n_visual, dim]."""
        with torch.no_grad():
            return (self.scale * self.vae.encode(self._x)[0]).numpy()

    def _replace(self, z: np.ndarray) -> None:
        """Replaces the z in the kernel's inputs."""
        self._inputs[self._ids, : self._settings.dim] += z - self._z
        self._z = z
        self._before = self._inputs[self._ids, : self._settings.dim]

    def _draw(self) -> None:
        """Draws a new z for the kernel."""
        self._noise = torch.randn(len(self._x), self._settings.dim, generator=self._generator)
        with torch.no_grad():
            self._replace((self.scale * self.vae.sample(self._x, self._noise)[0]).numpy())

    def withdraw(self) -> None:
        """Removes z from the kernel's inputs, which leaves e."""
        self._replace(np.zeros_like(self._z))

    def collect(self, rate: float) -> None:
        """Stores the text's gradient with respect to z, with the noise that z was drawn from.

        Args:
            rate: learning rate of the steps that moved the inputs.
        """
        gradients = (self._inputs[self._ids, : self._settings.dim] - self._before) / rate
        if self._settings.text_gradient == "mean":
            gradients /= self._pairs[:, None]
        self._drawn.append((self._noise, torch.from_numpy(gradients.astype(self._inputs.dtype))))

    def step(self, segment: Segment) -> dict[str, float]:
        """Collects the gradient of a segment, trains the VAE after every J segments, and draws a new z."""
        self.collect(segment.rate)
        if len(self._drawn) == self._settings.samples:
            order = torch.randperm(len(self._x), generator=self._generator)
            for batch in order[: math.ceil(self._settings.share * len(order))].split(BATCH):
                update(lambda words: -self.objective(words) / len(words), [self._optimizer], batch)
            self._drawn.clear()
        self._draw()
        return {}

    @property
    def _learner(self) -> AllChanging:
        return {"vae": self.vae, "optimizer": self._optimizer, "generator": self._generator}

    def state_dict(self) -> dict[str, Any]:
        """The objects that change, for the checkpoints."""
        text = {"z": self._z, "before": self._before}
        return {"learner": self._learner, "noise": self._noise, "drawn": self._drawn, "text": text}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restores the state of a checkpoint."""
        put_back(self._learner, state["learner"])
        self._noise, self._drawn = state["noise"], [(noise, gradients) for noise, gradients in state["drawn"]]
        self._z, self._before = state["text"]["z"].numpy(), state["text"]["before"].numpy()

    def objective(self, batch: torch.Tensor) -> torch.Tensor:
        """(1/J) Σ_j Σ_w ELBO(x_w) + λ ⟨∂/∂z, z⟩ over a batch of words, int64 [n]; has the gradient of equation 9."""
        total = torch.zeros((), dtype=self._x.dtype)
        for noise, gradients in self._drawn:
            elbo, z = self.vae.elbo(self._x[batch], noise[batch], self._settings.kl_weight)
            text = (gradients[batch] * self.scale * z).sum()
            total = total + elbo.sum() + self._settings.text_weight * text
        return total / len(self._drawn)
