"""Passes over a corpus with the CBOW kernel, by the machinery of the skip-gram's."""

from __future__ import annotations

from typing import Any

from wordsight.kernels.cbow import cbow_kernel
from wordsight.text.corpus import Corpus
from wordsight.training.corpus_passes import SkipGramTraining


class CBOWTraining(SkipGramTraining):
    """The state of one CBOW run: the skip-gram's with another kernel; the mean losses are those of a window."""

    def __init__(self, corpus: Corpus, **settings: Any) -> None:
        """Sets up the tables; see :class:`~wordsight.training.corpus_passes.SkipGramTraining`."""
        super().__init__(corpus, **settings)
        self._kernel = cbow_kernel(self.tables.inputs.shape[1])
