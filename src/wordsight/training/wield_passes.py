"""Passes over captions with WIELD's kernel, by the machinery of the skip-gram's."""

from __future__ import annotations

from typing import Any

from wordsight.kernels.wield import ImageTerm, wield_kernel
from wordsight.text.corpus import Corpus
from wordsight.training.corpus_passes import SkipGramTraining


class WIELDTraining(SkipGramTraining):
    """The state of one run of WIELD with negative sampling; the mean losses are those of a window."""

    _in_term = ("head", "bias", "input_squares", "output_squares", "head_squares")

    def __init__(self, corpus: Corpus, images: ImageTerm, **settings: Any) -> None:
        """Sets up the tables.

        Args:
            corpus: what to read.
            images: what a window predicts beside its masked word; its head and bias are trained in place.
            settings: see :class:`~wordsight.training.corpus_passes.SkipGramTraining`.
        """
        super().__init__(corpus, **settings)
        self._kernel = wield_kernel(self.tables.inputs.shape[1])
        self._term = images
