"""The base class of models that read captions with images: image encodings, training on windows, read-out."""

from __future__ import annotations

import abc
from collections.abc import Callable, Sequence
from typing import NamedTuple, Self

import numpy as np
import torch

from wordsight.devices import threads
from wordsight.grounding.captions import ImageCaptions
from wordsight.grounding.grounding_report import captions_report
from wordsight.grounding.query_pairs import QueryPairs
from wordsight.grounding.word_sources import check_word_sources
from wordsight.images.transforms import Chain
from wordsight.models._shared_parameters import ChainModel, ControlledModel, MinibatchModel
from wordsight.models.parameters import MOST_AROUND, hyperparameters, learned, new_default, parameter
from wordsight.resources import check_layers, check_table
from wordsight.training.caption_windows import CaptionWindows, WindowBatch
from wordsight.training.minibatches import train
from wordsight.vectors.combine import concat
from wordsight.vectors.word_vectors import WordVectors

COMPOSITIONS = ("learned", "concat")
INITIAL_DEVIATION = 0.01
"""Standard deviation of the first word vectors; longer ones stay as noise, since most words are in few windows."""

Losses = dict[str, torch.Tensor]
"""Name → part of a loss, a scalar tensor."""


class CaptionImages(NamedTuple):
    """Image encodings by image and by word.

    Attributes:
        images: float32 [n_images, n_components], the encoding of each image.
        words: float32 [n_words, n_components], for each word the mean encoding of the images of its captions.
    """

    images: np.ndarray
    words: np.ndarray


def caption_images(
    pairs: QueryPairs, captions: ImageCaptions, *, transform: str, control: str | None, seed: int
) -> CaptionImages:
    """The encodings of all images, and the mean of each word's.

    Args:
        pairs: the captions' words.
        captions: the captions, with the features of their images.
        transform: chain of :mod:`wordsight.images.transforms`, fitted on all images of the features.
        control: ``"shuffled"`` or ``"random"`` features in place of the images' own; None: the images' own.
        seed: seed of the control.

    Raises:
        UnknownNameError: no such control or transform.
        DataError: words and sources coincide.
    """
    check_word_sources(*pairs.shown_words(), captions.features.sources, chain=Chain.parse(transform), control=control)
    features = captions.features if control is None else captions.features.control(control, seed)
    encodings = features.transformed(transform).matrix
    shares = pairs.image_shares(len(encodings))
    means = (shares @ encodings.astype(np.float64)) / shares.sum(axis=1)[:, None]
    return CaptionImages(encodings, means.astype(np.float32))


@hyperparameters
class CaptionModel(MinibatchModel, ChainModel, ControlledModel):
    """A model that learns a vector for each word of captions and has its mean image encoding.

    Attributes:
        text_vectors_: float32 [n_words, dim], the learned vectors.
        visual_vectors_: float32 [n_words, n_components], the words' mean image encodings.
    """

    inputs = ("captions",)

    dim: int = parameter(100, "length of the learned vectors", at_least=1)
    window: int = parameter(
        2, "n, greatest distance of a context word; 0: the whole caption", at_least=0, at_most=MOST_AROUND
    )
    composition: str = parameter(
        "learned",
        'read-out. "learned": the learned vectors; "concat": unit learned vectors beside unit mean image encodings',
        choices=COMPOSITIONS,
    )
    min_count: int = new_default(5)
    learning_rate: float = new_default(3e-3)
    batch_size: int = parameter(1024, "windows in each step", at_least=1)
    transform: str = new_default("centre pca:32 l2")

    text_vectors_: np.ndarray = learned()
    visual_vectors_: np.ndarray = learned()

    def fit(self, captions: ImageCaptions) -> Self:
        """Learns from captions and their images.

        Raises:
            ParameterError, UnknownNameError: a hyperparameter makes no sense.
            DataError: no caption has two words that occur ``min_count`` times.
        """
        self._begin()
        pairs = QueryPairs.from_captions(captions, self.min_count)
        self.report_ = captions_report(pairs, captions.features)
        self.report_.log()
        images = caption_images(pairs, captions, transform=self.transform, control=self.control, seed=self.seed)
        with threads(self.workers):
            self._learn(pairs, images)
        self.visual_vectors_ = images.words
        self.vectors_ = self.read_out(pairs.vocabulary.words)
        return self

    @abc.abstractmethod
    def _learn(self, pairs: QueryPairs, images: CaptionImages) -> None:
        """Sets ``text_vectors_``, ``history_``, ``interrupted_`` and the other learned attributes."""

    def read_out(self, words: list[str], composition: str | None = None) -> WordVectors:
        """Word vectors under a composition; by default the model's own."""
        learned = WordVectors(words, self.text_vectors_)
        if (composition or self.composition) == "learned":
            return learned
        return concat([learned, WordVectors(words, self.visual_vectors_)])

    def _run(
        self,
        windows: CaptionWindows,
        losses_of: Callable[[WindowBatch], Losses],
        parameters: Sequence[torch.Tensor],
        generator: torch.Generator,
    ) -> None:
        """Trains with Adam on ``losses_of(batch)["loss"]``; the history also has the means of the other parts."""
        training = train(
            lambda numbers: losses_of(windows[numbers]),
            [torch.optim.Adam(parameters, lr=self.learning_rate, fused=True)],
            len(windows),
            epochs=self.epochs,
            batch_size=self.batch_size,
            generator=generator,
            label=self.title,
            unit="windows",
        )
        self.history_, self.interrupted_ = training.history, training.interrupted


def word_vectors(n_words: int, dim: int, generator: torch.Generator) -> torch.Tensor:
    """Initial word vectors, drawn from a narrow normal distribution, float32 [n_words, dim], with gradient.

    Raises:
        OutOfMemoryError: they do not fit into memory.
    """
    check_table(n_words, dim, "dim or the vocabulary (min_count)")
    return (
        torch.randn(n_words, dim, generator=generator, device=generator.device) * INITIAL_DEVIATION
    ).requires_grad_()


def linear_head(n_outputs: int, n_inputs: int, generator: torch.Generator) -> torch.Tensor:
    """Initial weights of a linear layer, biases in the last column, float32 [n_outputs, n_inputs + 1], with gradient.

    The weights are uniform in ±1/√n_inputs, the biases 0.

    Raises:
        OutOfMemoryError: it does not fit into memory.
    """
    check_layers([n_inputs, n_outputs], "dim or the vocabulary (min_count)")
    head = torch.rand(n_outputs, n_inputs + 1, generator=generator, device=generator.device) * 2 - 1
    head *= n_inputs**-0.5
    head[:, -1] = 0
    return head.requires_grad_()


def with_ones(hidden: torch.Tensor) -> torch.Tensor:
    """Appends a column of ones for the biases of :func:`linear_head`, [n, dim] → [n, dim + 1]."""
    return torch.cat([hidden, hidden.new_ones(len(hidden), 1)], dim=1)
