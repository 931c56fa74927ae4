"""CNN: the vector of a word is the mean of its images' features, the visual baseline of the literature.

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
from wordsight.models._shared_parameters import VisualModel
from wordsight.models.parameters import hyperparameters
from wordsight.text.vocabulary import Vocabulary
from wordsight.vectors.word_vectors import WordVectors


@hyperparameters
class CNN(VisualModel):
    """Word vectors from images alone: the mean of each word's image features.

    The paper uses raw features (``transform="|"``). In these, drawings and photographs lie apart, and a few strong
    components outweigh the rest; the default transform corrects both. Hidden words are not in ``vectors_``.
    """

    name = "cnn"
    title = "CNN"
    citation = (
        "Kiela, Bottou: Learning Image Embeddings using Convolutional Neural Networks for Improved Multi-Modal "
        "Semantics. EMNLP 2014."
    )
    inputs = ("lexicon",)

    def fit(self, lexicon: VisualLexicon, vocabulary: Vocabulary | None = None) -> Self:
        """Averages the images of each word.

        Args:
            lexicon: which images show a word.
            vocabulary: only its words count, in its order; None: all words of the lexicon.

        Raises:
            DataError: no word of the vocabulary has an image.
            UnknownNameError, ParameterError: a hyperparameter makes no sense.
        """
        self._begin()
        words = lexicon.words if vocabulary is None else vocabulary.words
        visual = self._visual_words(lexicon, vocabulary)
        self.vectors_ = WordVectors([words[i] for i in visual.ids], visual.features)
        self.history_ = []
        return self
