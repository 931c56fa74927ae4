"""The learned map M of V-SGNS's model B, from word vectors to visual vectors."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn.functional import normalize

from wordsight.kernels.visual_term import VisualTerm
from wordsight.losses.cosine_hinge import cosine_hinge
from wordsight.training.corpus_passes import Segment
from wordsight.training.minibatches import update
from wordsight.training.state import AllChanging

MAP_RATE, MAP_PENALTY, MAP_BATCH = 1e-3, 1e-4, 512
"""M's learning rate (Adam), its L2 penalty, and the occurrences in each step."""


class MapLearner:
    """Trains M between segments of the text and updates the kernel's term."""

    def __init__(
        self,
        features: np.ndarray,
        ids: np.ndarray,
        term: VisualTerm,
        inputs: np.ndarray,
        dim: int,
        seed: int,
        first: np.ndarray | None = None,
    ) -> None:
        """Takes or draws the first M.

        Args:
            features: features of the words with images, float32 [n_visual, n_features].
            ids: int [n_visual], their rows of the table.
            term: the kernel's term; its targets and Gram matrix are set, its occurrences are read and reset.
            inputs: u, the kernel's table, float32 [n_words + 1, padded dim].
            dim: length of the vectors.
            seed: seed of the first M and of all draws.
            first: the first M, float32 [n_features, dim]; None: it is drawn.
        """
        self._term, self._dim = term, dim
        self._inputs, self._ids = inputs, ids
        self._generator = torch.Generator().manual_seed(seed)
        self._x = normalize(torch.from_numpy(features))
        self.matrix = torch.empty(self._x.shape[1], dim)
        torch.nn.init.xavier_uniform_(self.matrix, generator=self._generator)
        if first is not None:
            self.matrix.copy_(torch.tensor(first))
        self.matrix.requires_grad_()
        self._optimizer = torch.optim.Adam([self.matrix], MAP_RATE)
        self._tell()

    def _tell(self) -> None:
        """Sets the term's t = Mᵀ x and G = Mᵀ M, and resets its occurrences."""
        matrix, dim = self.matrix.detach(), self._dim
        self._term.targets[:, :dim] = (self._x @ matrix).numpy()
        self._term.gram[:dim, :dim] = (matrix.T @ matrix).numpy()
        self._term.occurrences[:] = 0

    def changing(self) -> AllChanging:
        """The objects that change, for the checkpoints."""
        return {"map": self.matrix, "optimizer": self._optimizer, "generator": self._generator}

    def step(self, _: Segment) -> dict[str, float]:
        """Trains M on occurrences drawn from those in the segment, one for each word with images; updates the term."""
        counts = torch.from_numpy(self._term.occurrences).double()
        if not counts.any():
            return {}
        u = torch.from_numpy(self._inputs[self._ids, : self._dim])
        drawn = torch.multinomial(counts, len(counts), replacement=True, generator=self._generator)
        losses = [
            update(lambda words: self.objective(words, u).mean(), [self._optimizer], batch)
            for batch in drawn.split(MAP_BATCH)
        ]
        self._tell()
        return {"visual_loss": float(np.mean(losses))}

    def objective(self, words: torch.Tensor, u: torch.Tensor) -> torch.Tensor:
        """The loss −L_vision plus the penalty for each occurrence, float [n]; draws new negatives.

        Args:
            words: int64 [n], rows of ``features``.
            u: float32 [n_visual, dim], vectors of the words with images.
        """
        shape = (len(words), self._term.negatives)
        others = torch.randint(len(self._x), shape, generator=self._generator)
        loss = cosine_hinge(u[words] @ self.matrix.T, self._x[words], self._x[others], self._term.margin)
        return loss + MAP_PENALTY * self.matrix.square().sum()
