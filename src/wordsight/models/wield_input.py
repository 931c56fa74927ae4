"""WIELD-input: CBOW with the image of the caption as a second input, the paper's negative result.

Covey et al., 2023.

============================================== ==================================================================
paper                                          here
============================================== ==================================================================
2n context words of a caption's masked word    :class:`~.caption_windows.CaptionWindows`, n = ``window``
embedding bag, summed                          rows of ``text_vectors_``
the image's encoding, a second input           λ times the encoding y: the input is [h ; λ y]
λ                                              ``weight``
per-word averaged encodings                    ``image_input="word"``: y is the mean over the context words of theirs
============================================== ==================================================================

The word vectors need not learn what the image already tells about the masked word, and no part of the loss brings words
with similar images together. With λ = 0 this is CBOW, as WIELD is with γ = 0.
"""

from __future__ import annotations

import numpy as np
import torch
from torch.nn.functional import embedding_bag

from wordsight.devices import device
from wordsight.grounding.query_pairs import QueryPairs
from wordsight.losses.softmax import full_softmax
from wordsight.models._caption_model import (
    CaptionImages,
    CaptionModel,
    Losses,
    linear_head,
    with_ones,
    word_vectors,
)
from wordsight.models.parameters import hyperparameters, learned, parameter
from wordsight.training.caption_windows import CaptionWindows, WindowBatch

IMAGE_INPUTS = ("caption", "word")


@hyperparameters
class WIELDInput(CaptionModel):
    """Word vectors from captions with images: the context and the image together predict the masked word.

    Attributes:
        text_vectors_: float32 [n_words, dim], the learned vectors.
        visual_vectors_: float32 [n_words, n_components], the words' mean image encodings.
        context_vectors_: float32 [n_words, dim], weights of the softmax for the context.
        image_weights_: float32 [n_words, n_components], weights of the softmax for the encodings.
        context_biases_: float32 [n_words], biases of the softmax.
    """

    name = "wieldinput"
    title = "WIELD-input"
    citation = "Covey et al.: WIELD, 2023."

    weight: float = parameter(1.0, "λ, weight of the encodings in the input; 0 is CBOW", at_least=0)
    image_input: str = parameter(
        "caption",
        'encoding in the input. "caption": that of the caption\'s image; "word": the mean over the context words, each '
        "with the mean encoding over all captions with it",
        choices=IMAGE_INPUTS,
    )

    context_vectors_: np.ndarray = learned()
    image_weights_: np.ndarray = learned()
    context_biases_: np.ndarray = learned()

    def _learn(self, pairs: QueryPairs, images: CaptionImages) -> None:
        generator = torch.Generator(device(self.device)).manual_seed(self.seed)
        windows = CaptionWindows.from_pairs(pairs, self.window, generator.device)
        network = Network(
            len(pairs.vocabulary),
            images,
            generator,
            dim=self.dim,
            weight=self.weight,
            by_word=self.image_input == "word",
            dtype=getattr(torch, self.precision),
        )
        self._run(windows, network.losses, [network.words, network.outputs], generator)
        outputs = network.outputs.detach().cpu().numpy()
        self.text_vectors_ = network.words.detach().cpu().numpy()
        self.context_vectors_ = np.ascontiguousarray(outputs[:, : self.dim])
        self.image_weights_ = np.ascontiguousarray(outputs[:, self.dim : -1])
        self.context_biases_ = outputs[:, -1].copy()


class Network:
    """The network of WIELD-input."""

    def __init__(
        self,
        n_words: int,
        images: CaptionImages,
        generator: torch.Generator,
        *,
        dim: int,
        weight: float,
        by_word: bool,
        dtype: torch.dtype,
    ) -> None:
        """Draws the initial parameters.

        Args:
            n_words: size of the vocabulary.
            images: encodings of the input.
            generator: draws the initial parameters; all tensors are on its device.
            dim: length of the word vectors.
            weight: weight of the encodings in the input.
            by_word: whether the context words' mean encodings replace the image's encoding.
            dtype: precision of the softmax's matrix products.
        """
        self._weight, self._by_word, self._dtype = weight, by_word, dtype
        self._inputs = torch.tensor(images.words if by_word else images.images, device=generator.device)
        self.words = word_vectors(n_words, dim, generator)
        self.outputs = linear_head(n_words, dim + self._inputs.shape[1], generator)

    def losses(self, batch: WindowBatch) -> Losses:
        """The cross-entropy of a batch of windows."""
        hidden = embedding_bag(batch.contexts, self.words, batch.offsets, mode="sum")
        if self._by_word:
            encodings = embedding_bag(batch.contexts, self._inputs, batch.offsets, mode="mean")
        else:
            encodings = self._inputs[batch.images]
        inputs = with_ones(torch.cat([hidden, self._weight * encodings], dim=1))
        return {"loss": full_softmax(inputs, self.outputs, batch.masked, batch.weights, dtype=self._dtype)}
