"""Passes over a corpus with IESG's kernel, by the machinery of the skip-gram's."""

from __future__ import annotations

from typing import Any

import numpy as np

from wordsight.kernels.iesg import Images, iesg_kernel
from wordsight.text.corpus import Corpus
from wordsight.training.corpus_passes import SkipGramTraining


class IESGTraining(SkipGramTraining):
    """The state of one IESG run: the skip-gram's with another kernel; the input vectors are those of the words.

    Attributes:
        images: their projection is trained in place.
    """

    _in_term = ("projection", "tally")

    def __init__(self, corpus: Corpus, words: np.ndarray, images: Images, **settings: Any) -> None:
        """Sets up the tables.

        Args:
            corpus: what to read.
            words: the vectors to start from, [n_words, dim].
            images: of the words.
            settings: see :class:`~wordsight.training.corpus_passes.SkipGramTraining`.
        """
        super().__init__(corpus, **settings)
        self.images = images
        self.tables.inputs[:-1, : words.shape[1]] = words
        self._kernel = iesg_kernel(self.tables.inputs.shape[1])
        self._term = images

    def losses(self, done: float) -> dict[str, float]:
        """The mean losses since the last call, for the progress bar and the history."""
        words, n_words, images, n_images = self.images.tally.tolist()
        self.images.tally[:] = 0
        return {"word_loss": words / max(n_words, 1), "image_loss": images / max(n_images, 1)}
