"""WIELD-input: CBOW that is given the caption's image beside the context, the paper's negative result.

Covey et al., 2023.

============================================== ==================================================================
paper                                          here
============================================== ==================================================================
2n context words of a caption's masked word    :class:`~.caption_windows.CaptionWindows`, n = ``window``
embedding bag, summed                          rows of ``text_vectors_``
the image's encoding, fed in beside the bag    λ times the encoding y: the head reads [h ; λ y]
λ                                              ``weight``
per-word averaged encodings                    ``image_input="word"``: y is the mean over the context words of theirs
============================================== ==================================================================

A picture that is an input need not be learned from: what it tells of the masked word, the word vectors are spared from
telling, and nothing draws words of like pictures together. λ = 0 is plain CBOW, as is WIELD with γ = 0.
"""

from __future__ import annotations

import numpy as np
import torch
from torch.nn.functional import embedding_bag

from wordsight.devices import device
from wordsight.errors import ParameterError
from wordsight.grounding.query_pairs import QueryPairs
from wordsight.losses.softmax import full_softmax
from wordsight.models._caption_model import (
    PRECISIONS,
    CaptionImages,
    CaptionModel,
    Losses,
    linear_head,
    with_ones,
    word_vectors,
)
from wordsight.training.caption_windows import CaptionWindows, WindowBatch

IMAGE_INPUTS = ("caption", "word")


class WIELDInput(CaptionModel):
    """Word vectors from captions, whose masked words are predicted from the context and the image together.

    Args:
        dim, window, min_count, epochs, learning_rate, batch_size, image_transform, composition, control, precision,
            seed, device, workers: as in :class:`~wordsight.models.wield.WIELD`.
        weight: λ, of the encodings in the input; 0 is plain CBOW.
        image_input: ``"caption"``: the encoding of the caption's image; ``"word"``: of each context word the mean
            encoding of all images whose captions have it, averaged over the context.

    Attributes:
        text_vectors_: float32 [n_words, dim], the learned vectors.
        visual_vectors_: float32 [n_words, n_components], the words' mean image encodings.
        context_vectors_: float32 [n_words, dim], the head's weights of the context.
        image_weights_: float32 [n_words, n_components], the head's weights of the encodings.
        context_biases_: float32 [n_words], the head's biases.
    """

    name = "wieldinput"
    title = "WIELD-input"
    citation = "Covey et al.: WIELD, 2023."
    context_vectors_: np.ndarray
    image_weights_: np.ndarray
    context_biases_: np.ndarray

    def __init__(
        self,
        dim: int = 100,
        window: int = 2,
        weight: float = 1.0,
        image_input: str = "caption",
        composition: str = "learned",
        min_count: int = 5,
        epochs: int = 5,
        learning_rate: float = 3e-3,
        batch_size: int = 1024,
        image_transform: str = "centre pca:32 l2",
        control: str | None = None,
        precision: str = "float32",
        seed: int = 0,
        device: str = "auto",
        workers: int | None = 1,
    ) -> None:
        self.dim = dim
        self.window = window
        self.weight = weight
        self.image_input = image_input
        self.composition = composition
        self.min_count = min_count
        self.epochs = epochs
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.image_transform = image_transform
        self.control = control
        self.precision = precision
        self.seed = seed
        self.device = device
        self.workers = workers

    def _check(self) -> None:
        super()._check()
        self._check_choice("image_input", IMAGE_INPUTS)
        if not 0 <= self.weight < float("inf"):
            raise ParameterError(f"weight is {self.weight}; it must be 0 or positive, and finite")

    def _learn(self, pairs: QueryPairs, images: CaptionImages) -> None:
        place = device(self.device)
        windows = CaptionWindows.from_pairs(pairs, self.window, place)
        generator = torch.Generator(place).manual_seed(self.seed)
        network = Network(self, len(pairs.vocabulary), images, generator)
        self._run(windows, network.losses, [network.words, network.outputs], generator)
        outputs = network.outputs.detach().cpu().numpy()
        self.text_vectors_ = network.words.detach().cpu().numpy()
        self.context_vectors_ = np.ascontiguousarray(outputs[:, : self.dim])
        self.image_weights_ = np.ascontiguousarray(outputs[:, self.dim : -1])
        self.context_biases_ = outputs[:, -1].copy()

    def _tensors(self) -> dict[str, np.ndarray]:
        return super()._tensors() | {
            "context_vectors": self.context_vectors_,
            "image_weights": self.image_weights_,
            "context_biases": self.context_biases_,
        }


class Network:
    """What is trained, and the encodings that are fed in."""

    def __init__(self, model: WIELDInput, n_words: int, images: CaptionImages, generator: torch.Generator) -> None:
        """Draws the first values.

        Args:
            model: the hyperparameters.
            n_words: size of the vocabulary.
            images: encodings to feed in.
            generator: of the first values; all tensors are on its device.
        """
        self._model = model
        self._by_word = model.image_input == "word"
        self._inputs = torch.tensor(images.words if self._by_word else images.images, device=generator.device)
        self.words = word_vectors(n_words, model.dim, generator)
        self.outputs = linear_head(n_words, model.dim + self._inputs.shape[1], generator)

    def losses(self, batch: WindowBatch) -> Losses:
        """The cross-entropy of some windows."""
        hidden = embedding_bag(batch.contexts, self.words, batch.offsets, mode="sum")
        if self._by_word:
            encodings = embedding_bag(batch.contexts, self._inputs, batch.offsets, mode="mean")
        else:
            encodings = self._inputs[batch.images]
        inputs = with_ones(torch.cat([hidden, self._model.weight * encodings], dim=1))
        dtype = PRECISIONS[self._model.precision]
        return {"loss": full_softmax(inputs, self.outputs, batch.masked, batch.weights, dtype=dtype)}
