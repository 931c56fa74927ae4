"""Fusion in the middle: text vectors and visual vectors, learned apart, side by side.

Kiela, Bottou: Learning Image Embeddings using Convolutional Neural Networks for Improved Multi-Modal Semantics.
EMNLP 2014. With a VAE's latent means in place of CNN features: Ailem, Zhang, Bellet, Denis, Sha: A Probabilistic Model
for Joint Learning of Word Embeddings from Texts and Images. EMNLP 2018.

==================================== ======================================================
paper                                here
==================================== ======================================================
v_linguistic, v_visual, both l2      unit rows of SGNS, and of CNN or VAE
α · v_linguistic ‖ (1 − α) · v_vis   ``vectors_``, with ``visual_weight`` = (1 − α) / α
==================================== ======================================================

The cosine of two words with images is so (cos_text + w² cos_visual) / (1 + w²), w being ``visual_weight``.
"""

from __future__ import annotations

import abc
from typing import Self

from wordsight.errors import ParameterError
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.models.base import Model
from wordsight.models.cnn import CNN
from wordsight.models.sgns import learned_text
from wordsight.models.visual_vae import VisualVAE
from wordsight.text.corpus import Corpus
from wordsight.vectors.combine import concat
from wordsight.vectors.word_vectors import WordVectors


class _Fusion(Model):
    """What both have in common: a visual model and SGNS, fitted apart."""

    inputs = ("corpus", "lexicon")
    visual_weight: float

    @abc.abstractmethod
    def _visual_model(self) -> Model:
        """The visual model with this one's hyperparameters, not yet fitted."""

    def fit(self, corpus: Corpus, lexicon: VisualLexicon, text: WordVectors | None = None) -> Self:
        """Learns from a corpus, and from the images of its words; Ctrl-C before the text leaves the visual vectors.

        Args:
            corpus: the text.
            lexicon: which images show a word.
            text: vectors of the corpus's words in place of those that SGNS would learn.

        Raises:
            DataError: no word of the corpus has an image, or the text vectors are of other words.
            UnknownNameError, ParameterError: a hyperparameter makes no sense.
        """
        if not self.visual_weight >= 0:
            raise ParameterError(f"visual_weight is {self.visual_weight}; it must be 0 or positive")
        visual = self._visual_model().fit(lexicon.restricted(corpus.vocabulary.words))
        self.vectors_, self.history_, self.interrupted_ = visual.vectors_, [], visual.interrupted_
        if not visual.interrupted_:
            sgns = learned_text(self, corpus, text)
            self.vectors_ = concat([sgns.vectors_, visual.vectors_], [1, self.visual_weight])
            self.history_, self.interrupted_ = sgns.history_, sgns.interrupted_
        return self


class CNNSGNS(_Fusion):
    """Skip-gram vectors beside the mean features of the words' images; zeros where a word has no image.

    Args:
        dim, window, negatives, subsample, epochs, learning_rate: of the skip-gram part, as in SGNS.
        visual_weight: length of the visual part relative to the text's, which is 1: how much sight counts in a cosine.
        transform: of the features, as in CNN.
        control: None, or ``"shuffled"`` or ``"random"`` image features: what grounding gains without sight.
        hide_words: share of the visual words that are treated as if they had no image.
        seed: of all random numbers; with ``workers=1`` a run is repeatable bit for bit.
        workers: threads; None for one a core.
    """

    name = "cnnsgns"
    title = "CNN⊕SGNS"
    citation = (
        "Kiela, Bottou: Learning Image Embeddings using Convolutional Neural Networks for Improved Multi-Modal "
        "Semantics. EMNLP 2014."
    )

    def __init__(
        self,
        dim: int = 100,
        window: int = 5,
        negatives: int = 5,
        subsample: float = 1e-4,
        epochs: int = 5,
        learning_rate: float = 0.025,
        visual_weight: float = 0.7,
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
        self.visual_weight = visual_weight
        self.transform = transform
        self.control = control
        self.hide_words = hide_words
        self.seed = seed
        self.workers = workers

    def _visual_model(self) -> CNN:
        return CNN(self.transform, self.control, self.hide_words, self.seed)


class VAESGNS(_Fusion):
    """Skip-gram vectors beside the latent means of a VAE over the words' images; zeros where a word has no image.

    Args:
        dim: length of the text vectors and of the latent z.
        window, negatives, subsample, epochs, learning_rate: of the skip-gram part, as in SGNS.
        visual_weight: length of the visual part relative to the text's, which is 1: how much sight counts in a cosine.
        visual_epochs: of the VAE.
        transform, hidden, decoder, kl_weight: of the VAE, as in VAE.
        control: None, or ``"shuffled"`` or ``"random"`` image features: what grounding gains without sight.
        hide_words: share of the visual words that are treated as if they had no image.
        seed: of all random numbers; with ``workers=1`` a run is repeatable bit for bit.
        workers: threads; None for one a core.
    """

    name = "vaesgns"
    title = "VAE⊕SGNS"
    citation = (
        "Ailem, Zhang, Bellet, Denis, Sha: A Probabilistic Model for Joint Learning of Word Embeddings from Texts "
        "and Images. EMNLP 2018."
    )

    def __init__(
        self,
        dim: int = 100,
        window: int = 5,
        negatives: int = 5,
        subsample: float = 1e-4,
        epochs: int = 5,
        learning_rate: float = 0.025,
        visual_weight: float = 0.7,
        visual_epochs: int = 16,
        transform: str = "centre | svd:100:0.5 l2 scale",
        hidden: int = 500,
        decoder: str = "linear",
        kl_weight: float = 0.1,
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
        self.visual_weight = visual_weight
        self.visual_epochs = visual_epochs
        self.transform = transform
        self.hidden = hidden
        self.decoder = decoder
        self.kl_weight = kl_weight
        self.control = control
        self.hide_words = hide_words
        self.seed = seed
        self.workers = workers

    def _visual_model(self) -> VisualVAE:
        shared = {name: getattr(self, name) for name in VisualVAE.defaults() if name != "epochs"}
        return VisualVAE(epochs=self.visual_epochs, **shared)
