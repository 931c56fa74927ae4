"""CNN: a word is the mean of its images' features, the visual baseline of the literature.

Bruni, Tran, Baroni: Multimodal Distributional Semantics. JAIR 2014; with CNN features in Kiela, Bottou: Learning Image
Embeddings using Convolutional Neural Networks for Improved Multi-Modal Semantics. EMNLP 2014.

============================== ===========================================
paper                          here
============================== ===========================================
mean of the images' features   row of ``vectors_`` (CNN-Mean)
============================== ===========================================
"""

from __future__ import annotations

from typing import Self

from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.visual_words import visual_words
from wordsight.models._settings import visual_settings
from wordsight.models.base import Model
from wordsight.vectors.word_vectors import WordVectors


class CNN(Model):
    """What images alone say about words: the mean of each word's image features; nothing is learned from text.

    The paper's features are raw (``transform="|"``). Drawings and photographs lie apart in feature space, and a few
    strong components outshout the rest; the default transform amends both.

    Args:
        transform: of the features: ``"of images | of words"``, see
            :func:`~wordsight.grounding.visual_words.visual_words`.
        control: None, or ``"shuffled"`` or ``"random"`` image features: what there is without sight.
        hide_words: share of the words that are treated as if they had no image; they are not in ``vectors_``.
        seed: of the control and of the hidden words; nothing else is random.
    """

    name = "cnn"
    title = "CNN"
    citation = (
        "Kiela, Bottou: Learning Image Embeddings using Convolutional Neural Networks for Improved Multi-Modal "
        "Semantics. EMNLP 2014."
    )
    inputs = ("lexicon",)

    def __init__(
        self,
        transform: str = "centre | svd:200:0.5 l2",
        control: str | None = None,
        hide_words: float = 0.0,
        seed: int = 0,
    ) -> None:
        self.transform = transform
        self.control = control
        self.hide_words = hide_words
        self.seed = seed

    def fit(self, lexicon: VisualLexicon) -> Self:
        """Averages the images of each word.

        Raises:
            UnknownNameError, ParameterError: a hyperparameter makes no sense.
        """
        visual = visual_words(lexicon, None, **visual_settings(self))
        self.vectors_ = WordVectors([lexicon.words[i] for i in visual.ids], visual.features)
        self.history_ = []
        return self
