"""Middle fusion: text vectors and visual vectors, learned apart, are concatenated.

Kiela, Bottou: Learning Image Embeddings using Convolutional Neural Networks for Improved Multi-Modal Semantics.
EMNLP 2014.

==================================== ======================================================
paper                                here
==================================== ======================================================
v_linguistic, v_visual, both l2      unit rows of SGNS, and of a visual model
α · v_linguistic ‖ (1 − α) · v_vis   ``vectors_``, with ``visual_weight`` = (1 − α) / α
==================================== ======================================================

With w = ``visual_weight``, the cosine of two words with images is (cos_text + w² cos_visual) / (1 + w²).
"""

from __future__ import annotations

import abc
from typing import Any, Self

from wordsight.grounding.lexicon import VisualLexicon
from wordsight.models._shared_parameters import SkipGramModel, VisualModel
from wordsight.models._starting_text import starting_text
from wordsight.models.base import Model
from wordsight.models.parameters import hyperparameters, parameter
from wordsight.text.corpus import Corpus
from wordsight.vectors.combine import concat
from wordsight.vectors.word_vectors import WordVectors


@hyperparameters
class Fusion(VisualModel, SkipGramModel):
    """A model that concatenates the vectors of SGNS and of a visual model, fitted apart."""

    inputs = ("corpus", "lexicon")

    visual_weight: float = parameter(
        0.7, "length of the visual part relative to the text's: how much sight counts in a cosine", at_least=0
    )

    @abc.abstractmethod
    def _visual_model(self) -> Model:
        """The unfitted visual model, with this model's hyperparameters."""

    def _same(self, visual: type[Model]) -> dict[str, Any]:
        """The hyperparameters that a visual model shares with this one."""
        return {name: getattr(self, name) for name in visual.defaults() if name != "epochs"}

    def fit(self, corpus: Corpus, lexicon: VisualLexicon, text: WordVectors | Model | None = None) -> Self:
        """Learns from the images of a corpus's words, then from the corpus.

        After Ctrl-C during the visual part, ``vectors_`` are the visual vectors alone.

        Args:
            corpus: the text.
            lexicon: which images show a word.
            text: vectors of the corpus's words, or a fitted text model, to use instead of training SGNS.

        Raises:
            DataError: no word of the corpus has an image, or the text vectors have other words.
            UnknownNameError, ParameterError: a hyperparameter makes no sense.
        """
        self._begin()
        visual = self._visual_model().fit(lexicon, corpus.vocabulary)
        self.report_ = visual.report_
        self.vectors_, self.history_, self.interrupted_ = visual.vectors_, [], visual.interrupted_
        if not visual.interrupted_:
            start = starting_text(corpus, text, self.text_settings())
            self.vectors_ = concat([start.vectors, visual.vectors_], [1, self.visual_weight])
            self.history_, self.interrupted_ = start.history, start.interrupted
        return self
