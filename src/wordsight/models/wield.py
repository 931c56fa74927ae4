"""WIELD: CBOW that also predicts the image of the caption from the context.

Covey et al., 2023.

============================================== ==================================================================
paper                                          here
============================================== ==================================================================
2n context words of a caption's masked word    :class:`~.caption_windows.CaptionWindows`, n = ``window``
embedding bag, summed                          rows of ``text_vectors_``
head over the vocabulary, cross-entropy        ``context_vectors_`` and ``context_biases_``; L_word
head for the image's encoding, squared error   ``image_head_``; L_image, the mean over the components
32 principal components of the encoding        ``transform``
γ                                              ``gamma``
per-word averaged encodings (section 6.2)      ``visual_vectors_``; ``image_target="word"``
============================================== ==================================================================

    L = 1/(1+γ) L_word + γ/(1+γ) L_image

With γ = 0 this is CBOW. The right γ depends on the length of the encodings, which by default is 1.

The full softmax suits vocabularies of a few thousand words and is trained by Adam in PyTorch. For millions of captions,
``output="negatives"`` replaces it by negative sampling in a compiled kernel, trained by Adagrad.
"""

from __future__ import annotations

import numpy as np
import torch
from torch.nn.functional import embedding_bag

from wordsight.devices import device
from wordsight.grounding.query_pairs import QueryPairs
from wordsight.kernels.vector_tables import aligned_zeros
from wordsight.kernels.wield import ImageTerm, wield_kernel
from wordsight.losses.softmax import full_softmax
from wordsight.models._caption_model import (
    CaptionImages,
    CaptionModel,
    Losses,
    linear_head,
    with_ones,
    word_vectors,
)
from wordsight.models.parameters import MOST_AROUND, hyperparameters, learned, new_default, parameter
from wordsight.text.corpus import Corpus
from wordsight.training.caption_windows import CaptionWindows, WindowBatch, reach_of
from wordsight.training.word2vec_passes import word2vec_passes

IMAGE_TARGETS = ("caption", "word")
OUTPUTS = ("softmax", "negatives")
SQUARES = 1e-12
"""Initial value of Adagrad's sums, below the square of any gradient."""


@hyperparameters
class WIELD(CaptionModel):
    """Word vectors from captions with images: the context predicts the masked word and the image's encoding.

    The paper's setting is ``epochs=20, batch_size=20, learning_rate=1e-3``. The default has larger batches, which are
    computed many times faster, and a larger learning rate to match.

    Attributes:
        text_vectors_: float32 [n_words, dim], the learned vectors.
        visual_vectors_: float32 [n_words, n_components], the words' mean image encodings.
        context_vectors_: float32 [n_words, dim], weights of the softmax.
        context_biases_: float32 [n_words], biases of the softmax.
        image_head_: float32 [n_components, dim + 1], the image head, biases last.
    """

    name = "wield"
    title = "WIELD"
    citation = "Covey et al.: WIELD, 2023."

    gamma: float = parameter(50.0, "γ, weight of the image relative to the word; 0 is CBOW", at_least=0)
    image_target: str = parameter(
        "caption",
        'predicted encoding. "caption": that of the caption\'s image; "word": the mean over all captions with the '
        "masked word",
        choices=IMAGE_TARGETS,
    )
    composition: str = new_default("concat")
    output: str = parameter(
        "softmax",
        '"softmax" over the whole vocabulary, or "negatives" for negative sampling, which suits large vocabularies. '
        "The latter is trained by Adagrad on the CPU and needs a ``learning_rate`` of 0.05",
        choices=OUTPUTS,
    )
    negatives: int = parameter(
        5, 'for output "negatives": words drawn for each window', at_least=1, at_most=MOST_AROUND
    )

    context_vectors_: np.ndarray = learned()
    context_biases_: np.ndarray = learned()
    image_head_: np.ndarray = learned()

    def _learn(self, pairs: QueryPairs, images: CaptionImages) -> None:
        if self.output == "softmax":
            self._learn_softmax(pairs, images)
        else:
            self._learn_negatives(pairs, images)

    def _learn_softmax(self, pairs: QueryPairs, images: CaptionImages) -> None:
        generator = torch.Generator(device(self.device)).manual_seed(self.seed)
        windows = CaptionWindows.from_pairs(pairs, self.window, generator.device)
        network = Network(
            len(pairs.vocabulary),
            images,
            generator,
            dim=self.dim,
            gamma=self.gamma,
            by_word=self.image_target == "word",
            dtype=getattr(torch, self.precision),
        )
        self._run(windows, network.losses, network.parameters, generator)
        words, outputs, head = (parameter.detach().cpu().numpy() for parameter in network.parameters)
        self.text_vectors_, self.image_head_ = words, head
        self.context_vectors_, self.context_biases_ = np.ascontiguousarray(outputs[:, :-1]), outputs[:, -1].copy()

    def _learn_negatives(self, pairs: QueryPairs, images: CaptionImages) -> None:
        by_word = self.image_target == "word"
        term = ImageTerm(
            targets=images.words if by_word else images.images,
            document_rows=np.zeros(0, np.int32) if by_word else pairs.image_of.astype(np.int32),
            weights=(pairs.weights / pairs.weights.mean()).astype(np.float32),
            head=aligned_zeros(images.images.shape[1], self.dim),
            bias=np.zeros(images.images.shape[1], np.float32),
            balance=np.array([1, self.gamma], np.float32) / np.float32(1 + self.gamma),
            input_squares=np.full(len(pairs.vocabulary) + 1, SQUARES, np.float32),
            output_squares=np.full(len(pairs.vocabulary) + 1, SQUARES, np.float32),
            head_squares=np.full(images.images.shape[1], SQUARES, np.float32),
        )
        random = np.random.default_rng([self.seed, len(term.head)])
        term.head[:, : self.dim] = random.uniform(-1, 1, (len(term.head), self.dim)) * self.dim**-0.5
        passes = word2vec_passes(
            _corpus(pairs),
            wield_kernel,
            term=term,
            dim=self.dim,
            window=reach_of(pairs, self.window),
            negatives=self.negatives,
            subsample=0.0,
            epochs=self.epochs,
            learning_rate=self.learning_rate,
            seed=self.seed,
            workers=self.workers,
        )
        passes.run(self.title)
        self.text_vectors_ = passes.tables.input_vectors(self.dim)
        self.context_vectors_ = passes.tables.output_vectors(self.dim)
        self.context_biases_ = np.zeros(len(self.text_vectors_), np.float32)
        self.image_head_ = np.column_stack([term.head[:, : self.dim], term.bias])
        self.history_, self.interrupted_ = passes.history, passes.interrupted


class Network:
    """The network of WIELD with the softmax over the whole vocabulary."""

    def __init__(
        self,
        n_words: int,
        images: CaptionImages,
        generator: torch.Generator,
        *,
        dim: int,
        gamma: float,
        by_word: bool,
        dtype: torch.dtype,
    ) -> None:
        """Draws the initial parameters.

        Args:
            n_words: size of the vocabulary.
            images: encodings to predict.
            generator: draws the initial parameters; all tensors are on its device.
            dim: length of the word vectors.
            gamma: weight of the image relative to the word.
            by_word: whether the target is the mean encoding of the masked word instead of the image's encoding.
            dtype: precision of the softmax's matrix products.
        """
        self._gamma, self._by_word, self._dtype = gamma, by_word, dtype
        self._targets = torch.tensor(images.words if by_word else images.images, device=generator.device)
        self.words = word_vectors(n_words, dim, generator)
        self.outputs = linear_head(n_words, dim, generator)
        self.image_head = linear_head(self._targets.shape[1], dim, generator)

    @property
    def parameters(self) -> list[torch.Tensor]:
        """All parameters."""
        return [self.words, self.outputs, self.image_head]

    def losses(self, batch: WindowBatch) -> Losses:
        """Losses of a batch of windows: L, L_word and L_image."""
        hidden = with_ones(embedding_bag(batch.contexts, self.words, batch.offsets, mode="sum"))
        word = full_softmax(hidden, self.outputs, batch.masked, batch.weights, dtype=self._dtype)
        targets = self._targets[batch.masked if self._by_word else batch.images]
        squares = (hidden @ self.image_head.T - targets).square().mean(dim=1)
        image = (squares * batch.weights).sum() / batch.weights.sum()
        loss = (word + self._gamma * image) / (1 + self._gamma)
        return {"loss": loss, "word_loss": word, "image_loss": image}


def _corpus(pairs: QueryPairs) -> Corpus:
    """A corpus with the caption of each pair as a document."""
    lengths = np.diff(pairs.offsets)[pairs.query_of]
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    positions = np.repeat(pairs.offsets[pairs.query_of] - offsets[:-1], lengths) + np.arange(offsets[-1])
    return Corpus(pairs.vocabulary, pairs.words[positions].astype(np.int32), offsets)
