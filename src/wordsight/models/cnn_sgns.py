"""CNN⊕SGNS: skip-gram vectors beside the mean features of a word's images.

Kiela, Bottou: Learning Image Embeddings using Convolutional Neural Networks for Improved Multi-Modal Semantics.
EMNLP 2014; symbols as in :mod:`wordsight.models._fusion`.
"""

from __future__ import annotations

from wordsight.models._fusion import Fusion
from wordsight.models.cnn import CNN
from wordsight.models.parameters import hyperparameters


@hyperparameters
class CNNSGNS(Fusion):
    """Skip-gram vectors beside the mean features of the words' images; zeros for words without images."""

    name = "cnnsgns"
    title = "CNN⊕SGNS"
    citation = (
        "Kiela, Bottou: Learning Image Embeddings using Convolutional Neural Networks for Improved Multi-Modal "
        "Semantics. EMNLP 2014."
    )

    def _visual_model(self) -> CNN:
        return CNN(**self._same(CNN))
