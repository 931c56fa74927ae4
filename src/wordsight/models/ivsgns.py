"""IV-SGNS: skip-gram vectors beside visual vectors that are imagined from them.

Collell, Zhang, Moens: Imagined Visual Representations as Multimodal Embeddings. AAAI 2017.

=============================== ================================================================
paper                           here
=============================== ================================================================
l_w, language vector            unit row of SGNS
v_w, visual vector              mean of the word's transformed image features
f, text → vision                ``mapping="linear"`` (ridge) or ``"nonlinear"`` (one tanh layer)
f(l_w), imagined                row of ``imagined_vectors_``
MAP-C: f(l_w) ⊕ l_w             ``composition="concat"``
MAP: f(l_w)                     ``composition="imagined"``
=============================== ================================================================

f minimises Σ ‖f(l_w) − v_w‖² over the words with images, and is applied to all words, also to those with images. The
linear f is solved in closed form, with an L2 penalty in place of the paper's early stopping.
"""

from __future__ import annotations

from typing import Self

import numpy as np
import torch
from torch import nn

from wordsight.devices import threads
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.visual_words import VisualWords
from wordsight.models._imagined import imagined
from wordsight.models._shared_parameters import SkipGramModel, VisualModel
from wordsight.models._starting_text import starting_text
from wordsight.models.base import Model
from wordsight.models.parameters import MOST_ROUNDS, hyperparameters, learned, parameter
from wordsight.modules.dropout import dropout
from wordsight.resources import check_layers
from wordsight.text.corpus import Corpus
from wordsight.training.minibatches import train
from wordsight.vectors.combine import concat
from wordsight.vectors.word_vectors import WordVectors

MAPPINGS = ("linear", "nonlinear")
COMPOSITIONS = ("concat", "imagined")
MAP_RATE, MAP_BATCH = 1e-3, 64
"""Adam's learning rate for the nonlinear map, and words a step."""


@hyperparameters
class IVSGNS(VisualModel, SkipGramModel):
    """Skip-gram vectors beside visual vectors imagined from them, for all words with or without images.

    Attributes:
        text_vectors_: float32 [n_words, dim], the vectors of SGNS.
        imagined_vectors_: float32 [n_words, n_features], f of the unit text vectors.
    """

    name = "ivsgns"
    title = "IV-SGNS"
    citation = "Collell, Zhang, Moens: Imagined Visual Representations as Multimodal Embeddings. AAAI 2017."
    inputs = ("corpus", "lexicon")
    mapping: str = parameter("linear", "map from text to visual vectors", choices=MAPPINGS)
    hidden: int = parameter(300, "tanh units of the nonlinear map", at_least=1)
    dropout: float = parameter(0.25, "share of these units that is dropped in training", at_least=0, below=1)
    mapping_epochs: int = parameter(
        50, "passes of the nonlinear map over the words with images", at_least=1, at_most=MOST_ROUNDS
    )
    composition: str = parameter(
        "concat",
        'read-out. "concat": the unit text vector beside the imagined visual vector; "imagined": the latter alone',
        choices=COMPOSITIONS,
    )
    visual_weight: float = parameter(0.6, 'for "concat": length of the visual part relative to the text\'s', at_least=0)

    text_vectors_: np.ndarray = learned()
    imagined_vectors_: np.ndarray = learned()

    def fit(self, corpus: Corpus, lexicon: VisualLexicon, text: WordVectors | Model | None = None) -> Self:
        """Learns text vectors from a corpus, then the map from these to visual vectors.

        Args:
            corpus: the text.
            lexicon: which images show a word.
            text: vectors of the corpus's words, or a fitted text model, to use instead of training SGNS.

        Raises:
            DataError: no word of the corpus has an image, or the text vectors have other words.
            UnknownNameError, ParameterError: a hyperparameter makes no sense.
        """
        self._begin()
        visual = self._visual_words(lexicon, corpus.vocabulary)
        start = starting_text(corpus, text, self.text_settings())
        self.text_vectors_ = start.vectors.matrix
        self.history_, self.interrupted_ = start.history, start.interrupted
        imagine = imagined if self.mapping == "linear" else self._nonlinear
        self.imagined_vectors_ = imagine(start.vectors.unit, visual)
        self.vectors_ = self.read_out(corpus.vocabulary.words)
        return self

    def _nonlinear(self, text: np.ndarray, visual: VisualWords) -> np.ndarray:
        """Visual vectors for all words by a network with one hidden layer, float32 [n_words, n_features]."""
        generator = torch.Generator().manual_seed(self.seed)
        check_layers([self.dim, self.hidden, visual.features.shape[1]], "hidden")
        first, last = nn.Linear(self.dim, self.hidden), nn.Linear(self.hidden, visual.features.shape[1])
        for layer in (first, last):
            nn.init.xavier_uniform_(layer.weight, generator=generator)
            nn.init.zeros_(layer.bias)
        known, wanted = torch.from_numpy(text[visual.ids]), torch.from_numpy(visual.features)

        def step(words: torch.Tensor) -> torch.Tensor:
            hidden = dropout(torch.tanh(first(known[words])), self.dropout, generator)
            loss: torch.Tensor = (last(hidden) - wanted[words]).square().sum(dim=1).mean()
            return loss

        with threads(1):
            training = train(
                step,
                [torch.optim.Adam([*first.parameters(), *last.parameters()], MAP_RATE)],
                len(known),
                epochs=self.mapping_epochs,
                batch_size=MAP_BATCH,
                generator=generator,
                label=f"{self.title}, imagining",
                unit="words",
            )
            self.interrupted_ |= training.interrupted
            with torch.no_grad():
                found: np.ndarray = last(torch.tanh(first(torch.tensor(text)))).numpy()
        return found

    def read_out(self, words: list[str], composition: str | None = None) -> WordVectors:
        """Word vectors under a composition; by default the model's own."""
        sight = WordVectors(words, self.imagined_vectors_)
        if (composition or self.composition) == "imagined":
            return sight
        return concat([WordVectors(words, self.text_vectors_), sight], [1, self.visual_weight])
