"""PIXIE's coupling of text and images: the VAE and the kernel take turns, and what passes between them is z."""

from __future__ import annotations

import math
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
"""Adam's, for the VAE while it is coupled to the text."""


class CouplingSettings(NamedTuple):
    """Those hyperparameters of PIXIE, by the same names, that the VAE's side depends on."""

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
    """The VAE's side of PIXIE: draws z for the kernel, and learns from the gradients that come back."""

    def __init__(self, settings: CouplingSettings, visual: VisualWords, inputs: np.ndarray, pairs: np.ndarray) -> None:
        """Trains the VAE on the images alone and adds the first z to the inputs.

        Args:
            settings: the hyperparameters.
            visual: the visual words and x, their features.
            inputs: the kernel's, [n_words + 1, padded dim]; rows of visual words are u = e + z until :meth:`withdraw`.
            pairs: [n_visual], in how many pairs the words are expected to be in a part of the text.
        """
        self._settings = settings
        self._inputs, self._ids, self._pairs = inputs, visual.ids, pairs
        self._generator = torch.Generator().manual_seed(settings.seed)
        self._x = torch.from_numpy(visual.features)
        self.vae = VAE(visual.features.shape[1], settings.dim, settings.hidden, settings.decoder, self._generator)
        pretraining = train_vae(
            self.vae, self._x, epochs=settings.pretraining, kl_weight=settings.kl_weight, generator=self._generator
        )
        self.interrupted = pretraining.interrupted
        self._optimizer = torch.optim.Adam(self.vae.parameters(), LEARNING_RATE)
        self.scale = 1.0
        if settings.visual_norm is not None:
            lengths = np.linalg.norm(self.visual_vectors().astype(np.float64), axis=1)
            self.scale = settings.visual_norm / float(lengths.mean())
        self._drawn: list[tuple[torch.Tensor, torch.Tensor]] = []
        self._z = np.zeros((len(visual.ids), settings.dim), dtype=inputs.dtype)
        self._draw()

    def visual_vectors(self) -> np.ndarray:
        """Scaled μ(x), float32 [n_visual, dim]."""
        with torch.no_grad():
            return (self.scale * self.vae.encode(self._x)[0]).numpy()

    def _replace(self, z: np.ndarray) -> None:
        """Puts z where the last one was."""
        self._inputs[self._ids, : self._settings.dim] += z - self._z
        self._z = z
        self._before = self._inputs[self._ids, : self._settings.dim]

    def _draw(self) -> None:
        """Gives the kernel a new z."""
        self._noise = torch.randn(len(self._x), self._settings.dim, generator=self._generator)
        with torch.no_grad():
            self._replace((self.scale * self.vae.sample(self._x, self._noise)[0]).numpy())

    def withdraw(self) -> None:
        """Takes z away, so that the inputs are e."""
        self._replace(np.zeros_like(self._z))

    def collect(self, rate: float) -> None:
        """Keeps the text's gradients, seen at a learning rate, beside the noise behind the z that they belong to."""
        gradients = (self._inputs[self._ids, : self._settings.dim] - self._before) / rate
        if self._settings.text_gradient == "mean":
            gradients /= self._pairs[:, None]
        self._drawn.append((self._noise, torch.from_numpy(gradients.astype(self._inputs.dtype))))

    def step(self, segment: Segment) -> dict[str, float]:
        """Takes the kernel's gradients; after every J of them takes steps on a share of the words; draws a new z."""
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
        """All that changes, for the checkpoints."""
        text = {"z": self._z, "before": self._before}
        return {"learner": self._learner, "noise": self._noise, "drawn": self._drawn, "text": text}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Goes back to what a checkpoint has."""
        put_back(self._learner, state["learner"])
        self._noise, self._drawn = state["noise"], [(noise, gradients) for noise, gradients in state["drawn"]]
        self._z, self._before = state["text"]["z"].numpy(), state["text"]["before"].numpy()

    def objective(self, batch: torch.Tensor) -> torch.Tensor:
        """(1/J) Σ_j Σ_w ELBO(x_w) + λ ⟨∂/∂z, z⟩ over a batch of visual words: its gradient is equation (9)'s."""
        total = torch.zeros((), dtype=self._x.dtype)
        for noise, gradients in self._drawn:
            elbo, z = self.vae.elbo(self._x[batch], noise[batch], self._settings.kl_weight)
            text = (gradients[batch] * self.scale * z).sum()
            total = total + elbo.sum() + self._settings.text_weight * text
        return total / len(self._drawn)
