"""Passes over a corpus with the CBOW kernel, by the machinery of the skip-gram's."""

from __future__ import annotations

from typing import Any

from wordsight.kernels.cbow import ImageTerm, cbow_kernel
from wordsight.text.corpus import Corpus
from wordsight.training.skipgram import SkipGramTraining


class CBOWTraining(SkipGramTraining):
    """The state of one CBOW run: the skip-gram's with another kernel; the mean losses are those of a window."""

    def __init__(
        self,
        corpus: Corpus,
        *,
        average: bool = True,
        drawn: bool = True,
        images: ImageTerm | None = None,
        **settings: Any,
    ) -> None:
        """Sets up the tables.

        Args:
            corpus: what to read.
            average: the context words are averaged, else summed.
            drawn: each window draws its reach from 1 to ``window``, else all reach that far.
            images: what a window predicts beside its masked word; its head and bias are trained in place.
            settings: see :class:`~wordsight.training.skipgram.SkipGramTraining`.
        """
        super().__init__(corpus, **settings)
        self._kernel = cbow_kernel(self.tables.inputs.shape[1], average=average, drawn=drawn)
        self._term = images
