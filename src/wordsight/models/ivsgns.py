"""IV-SGNS: skip-gram vectors beside the visual vectors that are imagined from them.

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

f minimises Σ ‖f(l_w) − v_w‖² over the words with images and is applied to all words, to those as well. The linear f is
the minimum itself, with an L2 penalty in place of the paper's early stop.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import numpy as np
import torch
from torch import nn

from wordsight.devices import threads
from wordsight.errors import ParameterError, unknown_name
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.visual_words import VisualWords, predicted, visual_words
from wordsight.models._settings import visual_settings
from wordsight.models.base import Model
from wordsight.models.sgns import learned_text
from wordsight.modules.dropout import dropout
from wordsight.text.corpus import Corpus
from wordsight.training.minibatches import train
from wordsight.vectors.combine import concat
from wordsight.vectors.word_vectors import WordVectors

MAPPINGS = ("linear", "nonlinear")
COMPOSITIONS = ("concat", "imagined")
MAP_RATE, MAP_BATCH = 1e-3, 64
"""Of the nonlinear map: Adam's learning rate and words a step."""


class IVSGNS(Model):
    """Skip-gram vectors beside visual vectors imagined from them, for all words, with images or without.

    Args:
        dim, window, negatives, subsample, epochs, learning_rate: of the skip-gram part, as in SGNS.
        mapping: from text to visual vectors: ``"linear"`` or ``"nonlinear"``.
        hidden: tanh units of the nonlinear map.
        dropout: share of them that is dropped in training.
        mapping_epochs: passes of the nonlinear map over the visual words.
        composition: how vectors are read out. ``"concat"``: the unit text vector beside the imagined visual vector;
            ``"imagined"``: the latter alone.
        visual_weight: length of the visual part of ``"concat"`` relative to the text's, which is 1.
        transform: of the features: ``"of images | of words"``, see
            :func:`~wordsight.grounding.visual_words.visual_words`.
        control: None, or ``"shuffled"`` or ``"random"`` image features: what grounding gains without sight.
        hide_words: share of the visual words that are treated as if they had no image.
        seed: of all random numbers; with ``workers=1`` a run is repeatable bit for bit.
        workers: threads; None for one a core.

    Attributes:
        text_vectors_: float32 [n_words, dim], of SGNS.
        imagined_vectors_: float32 [n_words, n_features].
    """

    name = "ivsgns"
    title = "IV-SGNS"
    citation = "Collell, Zhang, Moens: Imagined Visual Representations as Multimodal Embeddings. AAAI 2017."
    inputs = ("corpus", "lexicon")
    text_vectors_: np.ndarray
    imagined_vectors_: np.ndarray

    def __init__(
        self,
        dim: int = 100,
        window: int = 5,
        negatives: int = 5,
        subsample: float = 1e-4,
        epochs: int = 5,
        learning_rate: float = 0.025,
        mapping: str = "linear",
        hidden: int = 300,
        dropout: float = 0.25,
        mapping_epochs: int = 50,
        composition: str = "concat",
        visual_weight: float = 0.6,
        transform: str = "centre | svd:200:0.5 l2",
        control: str | None = None,
        hide_words: float = 0.0,
        seed: int = 0,
        workers: int | None = None,
    ) -> None:
        self.dim = dim
        self.window = window
        self.negatives = negatives
        self.subsample = subsample
        self.epochs = epochs
        self.learning_rate = learning_rate
        self.mapping = mapping
        self.hidden = hidden
        self.dropout = dropout
        self.mapping_epochs = mapping_epochs
        self.composition = composition
        self.visual_weight = visual_weight
        self.transform = transform
        self.control = control
        self.hide_words = hide_words
        self.seed = seed
        self.workers = workers

    def fit(self, corpus: Corpus, lexicon: VisualLexicon, text: WordVectors | None = None) -> Self:
        """Learns from a corpus, then to imagine what its words look like.

        Args:
            corpus: the text.
            lexicon: which images show a word.
            text: vectors of the corpus's words in place of those that SGNS would learn.

        Raises:
            DataError: no word of the corpus has an image, or the text vectors are of other words.
            UnknownNameError, ParameterError: a hyperparameter makes no sense.
        """
        self._check()
        visual = visual_words(lexicon, corpus.vocabulary, **visual_settings(self))
        sgns = learned_text(self, corpus, text)
        self.text_vectors_ = sgns.vectors_.matrix
        self.history_, self.interrupted_ = sgns.history_, sgns.interrupted_
        if self.mapping == "linear":
            self.imagined_vectors_ = predicted(sgns.vectors_.unit, visual)
        else:
            self.imagined_vectors_ = self._nonlinear(sgns.vectors_.unit, visual)
        self.vectors_ = self.read_out(corpus.vocabulary.words)
        return self

    def _check(self) -> None:
        for name, known in (("mapping", MAPPINGS), ("composition", COMPOSITIONS)):
            if getattr(self, name) not in known:
                raise unknown_name(name, getattr(self, name), known, hint=f"there are: {', '.join(known)}")
        for name in ("hidden", "mapping_epochs"):
            if getattr(self, name) < 1:
                raise ParameterError(f"{name} is {getattr(self, name)}; it must be at least 1")
        if not 0 <= self.dropout < 1:
            raise ParameterError(f"dropout is {self.dropout}; it must be at least 0 and less than 1")
        if not self.visual_weight >= 0:
            raise ParameterError(f"visual_weight is {self.visual_weight}; it must be 0 or positive")

    def _nonlinear(self, text: np.ndarray, visual: VisualWords) -> np.ndarray:
        """Visual vectors for all words by a network with one hidden layer."""
        generator = torch.Generator().manual_seed(self.seed)
        first, last = nn.Linear(self.dim, self.hidden), nn.Linear(self.hidden, visual.features.shape[1])
        for layer in (first, last):
            nn.init.xavier_uniform_(layer.weight, generator=generator)
            nn.init.zeros_(layer.bias)
        known, wanted = torch.from_numpy(text[visual.ids]), torch.from_numpy(visual.features)

        def step(words: torch.Tensor) -> torch.Tensor:
            hidden = dropout(torch.tanh(first(known[words])), self.dropout, generator)
            return (last(hidden) - wanted[words]).square().sum(dim=1).mean()

        with threads(1):  # the matrices are small: more threads would wait for each other
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
                imagined: np.ndarray = last(torch.tanh(first(torch.tensor(text)))).numpy()
        return imagined

    def read_out(self, words: list[str], composition: str | None = None) -> WordVectors:
        """Word vectors in the way that ``composition`` says; by default the model's own."""
        imagined = WordVectors(words, self.imagined_vectors_)
        if (composition or self.composition) == "imagined":
            return imagined
        return concat([WordVectors(words, self.text_vectors_), imagined], [1, self.visual_weight])

    def _tensors(self) -> dict[str, np.ndarray]:
        return {"text_vectors": self.text_vectors_, "imagined_vectors": self.imagined_vectors_}

    def _restore(self, tensors: Mapping[str, np.ndarray]) -> None:
        self.text_vectors_, self.imagined_vectors_ = tensors["text_vectors"], tensors["imagined_vectors"]
