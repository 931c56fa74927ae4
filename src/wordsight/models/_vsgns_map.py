"""M of V-SGNS's model B: a linear map from word vectors to visual ones, which learns between parts of the text."""

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
"""M's learning rate (Adam's), the weight of its squares, and occurrences a step."""


class MapLearner:
    """M of model B: learns between parts of the text and tells the kernel."""

    def __init__(
        self, features: np.ndarray, ids: np.ndarray, term: VisualTerm, inputs: np.ndarray, dim: int, seed: int
    ) -> None:
        """Draws the first M.

        Args:
            features: the visual words', float32 [n_visual, n_features].
            ids: int [n_visual], their rows of the table.
            term: the kernel's, whose targets and Gram matrix are set and whose occurrences are read.
            inputs: u, the kernel's table, float32 [n_words + 1, padded dim].
            dim: length of the vectors.
            seed: of the first M and all draws.
        """
        self._term, self._dim = term, dim
        self._inputs, self._ids = inputs, ids
        self._generator = torch.Generator().manual_seed(seed)
        self._x = normalize(torch.from_numpy(features))
        self.matrix = torch.empty(self._x.shape[1], dim)
        torch.nn.init.xavier_uniform_(self.matrix, generator=self._generator).requires_grad_()
        self._optimizer = torch.optim.Adam([self.matrix], MAP_RATE)
        self._tell()

    def _tell(self) -> None:
        """Gives the kernel t = Mᵀ x and G = Mᵀ M, and counts occurrences anew."""
        matrix, dim = self.matrix.detach(), self._dim
        self._term.targets[:, :dim] = (self._x @ matrix).numpy()
        self._term.gram[:dim, :dim] = (matrix.T @ matrix).numpy()
        self._term.occurrences[:] = 0

    def changing(self) -> AllChanging:
        """All that changes, for the checkpoints."""
        return {"map": self.matrix, "optimizer": self._optimizer, "generator": self._generator}

    def step(self, _: Segment) -> dict[str, float]:
        """Learns from occurrences in the last part of the text, as many as there are visual words; tells the kernel."""
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
        """−L_vision of occurrences of visual words [n], with negatives drawn anew, and the penalty; [n]."""
        shape = (len(words), self._term.negatives)
        others = torch.randint(len(self._x), shape, generator=self._generator)
        loss = cosine_hinge(u[words] @ self.matrix.T, self._x[words], self._x[others], self._term.margin)
        return loss + MAP_PENALTY * self.matrix.square().sum()
