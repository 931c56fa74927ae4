"""WIELD: CBOW that predicts the masked word of a caption and, from the same context, the caption's image.

Covey et al., 2023.

============================================== ==================================================================
paper                                          here
============================================== ==================================================================
2n context words of a caption's masked word    :class:`~.caption_windows.CaptionWindows`, n = ``window``
embedding bag, summed                          rows of ``text_vectors_``
head over the vocabulary, cross-entropy        ``context_vectors_`` and ``context_biases_``; L_word
head for the image's encoding, squared error   ``image_head_``; L_image, the mean over the encoding's numbers
32 principal components of the encoding        ``image_transform``
γ                                              ``gamma``
per-word averaged encodings (section 6.2)      ``visual_vectors_``; ``image_target="word"``
============================================== ==================================================================

    L = 1/(1+γ) L_word + γ/(1+γ) L_image

so that γ = 0 is plain CBOW. What γ means depends on how long the encodings are: here they have unit length by default.

The whole softmax suits vocabularies of some thousand words and learns by Adam (PyTorch). For millions of captions
``output="negatives"`` has the compiled CBOW kernel and negative sampling in its place, and learns by Adagrad.
"""

from __future__ import annotations

import numpy as np
import torch
from torch.nn.functional import embedding_bag

from wordsight.devices import device
from wordsight.errors import ParameterError
from wordsight.grounding.query_pairs import QueryPairs
from wordsight.kernels.vector_tables import aligned_zeros
from wordsight.kernels.wield import ImageTerm, wield_kernel
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
from wordsight.text.corpus import Corpus
from wordsight.training.caption_windows import CaptionWindows, WindowBatch, reach_of
from wordsight.training.word2vec_passes import word2vec_passes

IMAGE_TARGETS = ("caption", "word")
OUTPUTS = ("softmax", "negatives")
SQUARES = 1e-12
"""Where Adagrad's sums begin: below any gradient's square."""


class WIELD(CaptionModel):
    """Word vectors from captions and their images: a context must tell the missing word and what the picture shows.

    The paper's setting is ``epochs=20, batch_size=20, learning_rate=1e-3``; the default is larger batches, which a
    processor computes many times faster, and correspondingly larger steps.

    Args:
        dim: length of the learned vectors.
        window: greatest distance of a context word (n); 0: as wide as the caption.
        gamma: weight of the image against the word; 0 is plain CBOW.
        image_target: ``"caption"``: the encoding of the caption's image; ``"word"``: the mean encoding of all images
            whose captions have the masked word.
        composition: how vectors are read out: ``"learned"``, or ``"concat"``, beside the word's mean image encoding;
            see :meth:`read_out`.
        output: ``"softmax"`` over the whole vocabulary, or ``"negatives"`` for large ones. The latter learns by
            Adagrad, for which a ``learning_rate`` of 0.05 is right.
        negatives: drawn for each window, where ``output`` is ``"negatives"``.
        min_count: words in fewer captions are left out.
        epochs: passes over the captions.
        learning_rate: the first; it falls linearly.
        batch_size: windows a step, where ``output`` is ``"softmax"``.
        image_transform: chain that makes encodings of image features, see :mod:`wordsight.images.transforms`.
        control: None, or ``"shuffled"`` or ``"random"`` image features: what grounding gains without sight.
        precision: ``"float32"``, or ``"bfloat16"`` for the softmax's matrix products, twice as fast on processors that
            have them.
        seed: of all random numbers; with the same number of ``workers`` (one, for ``"negatives"``) a run on a CPU is
            repeatable bit for bit.
        device: ``"cpu"``, ``"cuda"``, or ``"auto"``: CUDA where there is one; ``"negatives"`` is for CPUs only.
        workers: threads; None for as many as there are. A second one helps on idle cores only.

    Attributes:
        text_vectors_: float32 [n_words, dim], the learned vectors.
        visual_vectors_: float32 [n_words, n_components], the words' mean image encodings.
        context_vectors_: float32 [n_words, dim], weights of the head over the vocabulary.
        context_biases_: float32 [n_words], its biases.
        image_head_: float32 [n_components, dim + 1], the image head, biases last.
    """

    name = "wield"
    title = "WIELD"
    citation = "Covey et al.: WIELD, 2023."
    context_vectors_: np.ndarray
    context_biases_: np.ndarray
    image_head_: np.ndarray

    def __init__(
        self,
        dim: int = 100,
        window: int = 2,
        gamma: float = 50.0,
        image_target: str = "caption",
        composition: str = "concat",
        output: str = "softmax",
        negatives: int = 5,
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
        self.gamma = gamma
        self.image_target = image_target
        self.composition = composition
        self.output = output
        self.negatives = negatives
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
        self._check_choice("image_target", IMAGE_TARGETS)
        self._check_choice("output", OUTPUTS)
        if not 0 <= self.gamma < float("inf"):
            raise ParameterError(f"gamma is {self.gamma}; it must be 0 or positive, and finite")

    def _learn(self, pairs: QueryPairs, images: CaptionImages) -> None:
        if self.output == "softmax":
            self._learn_softmax(pairs, images)
        else:
            self._learn_negatives(pairs, images)

    def _learn_softmax(self, pairs: QueryPairs, images: CaptionImages) -> None:
        place = device(self.device)
        windows = CaptionWindows.from_pairs(pairs, self.window, place)
        network = Network(self, len(pairs.vocabulary), images, torch.Generator(place).manual_seed(self.seed))
        self._run(windows, network.losses, network.parameters, network.generator)
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

    def _tensors(self) -> dict[str, np.ndarray]:
        return super()._tensors() | {
            "context_vectors": self.context_vectors_,
            "context_biases": self.context_biases_,
            "image_head": self.image_head_,
        }


class Network:
    """What is trained where the softmax is over the whole vocabulary."""

    def __init__(self, model: WIELD, n_words: int, images: CaptionImages, generator: torch.Generator) -> None:
        """Draws the first values.

        Args:
            model: the hyperparameters.
            n_words: size of the vocabulary.
            images: encodings to predict.
            generator: of the first values and, later, of the order of the windows; all tensors are on its device.
        """
        self._model = model
        self._by_word = model.image_target == "word"
        self._targets = torch.tensor(images.words if self._by_word else images.images, device=generator.device)
        self.generator = generator
        self.words = word_vectors(n_words, model.dim, generator)
        self.outputs = linear_head(n_words, model.dim, generator)
        self.image_head = linear_head(self._targets.shape[1], model.dim, generator)

    @property
    def parameters(self) -> list[torch.Tensor]:
        """All that is trained."""
        return [self.words, self.outputs, self.image_head]

    def losses(self, batch: WindowBatch) -> Losses:
        """L, L_word and L_image of some windows."""
        hidden = with_ones(embedding_bag(batch.contexts, self.words, batch.offsets, mode="sum"))
        dtype = PRECISIONS[self._model.precision]
        word = full_softmax(hidden, self.outputs, batch.masked, batch.weights, dtype=dtype)
        targets = self._targets[batch.masked if self._by_word else batch.images]
        squares = (hidden @ self.image_head.T - targets).square().mean(dim=1)
        image = (squares * batch.weights).sum() / batch.weights.sum()
        gamma = self._model.gamma
        loss = (word + gamma * image) / (1 + gamma)
        return {"loss": loss, "word_loss": word, "image_loss": image}


def _corpus(pairs: QueryPairs) -> Corpus:
    """The captions as documents, one a pair."""
    lengths = np.diff(pairs.offsets)[pairs.query_of]
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    places = np.repeat(pairs.offsets[pairs.query_of] - offsets[:-1], lengths) + np.arange(offsets[-1])
    return Corpus(pairs.vocabulary, pairs.words[places].astype(np.int32), offsets)
