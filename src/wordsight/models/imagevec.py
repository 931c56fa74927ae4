"""ImageVec: one space for the words of many languages, learned from queries and their images.

Singhal, Raman, ten Cate: Learning Multilingual Word Embeddings Using Image-Text Data. Workshop on Shortcomings in
Vision and Language, NAACL 2019, arXiv:1905.12260.

==================================== =========================================================
paper                                here
==================================== =========================================================
query q, its words                   a caption; ``vectors_`` has a row for each word
query representation                 mean of its words' rows
image representation                 ``network_`` over the image's features, two layers
layer sizes 200, m = 100             ``hidden``, ``dim``
softmax over cosines in the batch    :func:`~wordsight.losses.contrastive.softmax_in_batch`
relevance weight of a pair           ``ImageCaptions.weights``
language-aware vocabulary            ``language_aware``
1,000,000 out-of-vocabulary buckets  ``buckets``; words in fewer than ``min_count`` captions fall into them
co-occurrence only                   ``pixels=False``
==================================== =========================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import numpy as np
import torch
from torch import nn

from wordsight.devices import device, threads
from wordsight.errors import DataError
from wordsight.grounding.captions import ImageCaptions
from wordsight.grounding.grounding_report import captions_report
from wordsight.grounding.query_pairs import NO_WORDS, KnownWords, QueryPairs
from wordsight.images.features import ImageFeatures
from wordsight.losses.contrastive import softmax_in_batch
from wordsight.models._earlier_queries import EarlierQueries, stacked
from wordsight.models._earlier_text import check_same
from wordsight.models._query_model import QueryModel
from wordsight.models.parameters import hyperparameters, learned, parameter
from wordsight.modules.image_networks import FeatureSide, FreeSide, ImageNetwork
from wordsight.text.vocabulary import Vocabulary
from wordsight.training.minibatches import train
from wordsight.training.optimizers import RowAdam
from wordsight.training.query_batches import QueryBatches
from wordsight.vectors.buckets import Buckets
from wordsight.vectors.word_vectors import WordVectors

SHAPING = ("dim", "hidden", "relu_output", "pixels", "transform", "language_aware", "buckets")
"""The hyperparameters that must be the same where a model goes on from another."""


@hyperparameters
class ImageVec(QueryModel):
    """Word vectors that bring a query, the mean of its words, near the images that people choose for it.

    Words of different languages are different words (``en:pain``, ``fr:pain``); languages meet because their images
    look alike. On a CPU the same seed and number of threads give the same vectors bit for bit.

    The paper's setting, for millions of images, is ``hidden=200, dim=100, relu_output=True, prior=None, noise=0,
    min_count=6, buckets=1000000, learning_rate=1e-3, word_rate=10, transform=""``. With a few thousand images
    such a network memorises the images. The defaults are for such data: features that are centred per source and have
    a flatter spectrum, one linear layer that begins as the identity, words that begin at the mean of their images, and
    small steps from there.

    Attributes:
        network_: the image network, in evaluation mode; None without ``pixels``.
        transform_: the fitted chain; None without ``pixels``.
        image_table_: without ``pixels``, the learned vectors of the images, by id; else None.
        counts_: int64 [n_words], how often each word occurred, in all captions that were gone on with.
    """

    name = "imagevec"
    title = "ImageVec"
    inputs = ("captions",)

    hidden: int = parameter(
        0, "ReLU units of a hidden layer over the image features; 0: the network is one linear layer", at_least=0
    )
    relu_output: bool = parameter(False, "whether a ReLU follows the last layer")
    dropout: float = parameter(0.0, "share of the hidden units that is dropped in training", at_least=0, below=1)
    pixels: bool = parameter(
        True,
        "whether image features are used. False: each image has a learned vector, so that languages meet only through "
        "images that they share (the paper's co-occurrence baseline)",
    )
    word_rate: float = parameter(
        3.0,
        "learning rate of the words (sparse Adam) relative to ``learning_rate``; greater, since most words are in few "
        "batches. 10 for a random start",
        above=0,
    )
    language_aware: bool = parameter(
        True, "whether words are tagged with their language; False: equal words of two languages are one word"
    )
    buckets: int = parameter(
        0,
        "vectors that the words below ``min_count`` share by their hash; 0: these words are ignored; 1,000,000 in the "
        "paper",
        at_least=0,
    )

    image_table_: WordVectors | None = learned(None)
    counts_: np.ndarray = learned()

    def fit(self, captions: ImageCaptions, text: ImageVec | None = None) -> Self:
        """Learns from captions or queries with their images.

        Args:
            captions: the captions.
            text: a fitted ImageVec to go on from. The image network and the transform of its features are kept, and so
                are the vectors of words that the captions lack; words that ``text`` lacks are added.

        Raises:
            ParameterError: a hyperparameter makes no sense, or differs from that of ``text`` where it must not.
            DataError: no caption has a word that occurs ``min_count`` times, words and sources coincide, or ``text``
                is no ImageVec or had images of another encoder.
        """
        earlier = self._earlier(text)
        self._begin()
        pairs = QueryPairs.from_captions(
            captions,
            self.min_count,
            language_aware=self.language_aware,
            n_buckets=self.buckets,
            known=NO_WORDS if earlier is None else earlier.words,
        )
        self.report_ = captions_report(pairs, captions.features)
        self.report_.log()
        generator = torch.Generator(device(self.device)).manual_seed(self.seed)
        with threads(self.workers):
            images = (
                self._feature_side(captions.features, pairs, generator, earlier)
                if self.pixels
                else FreeSide(len(captions.features), self.dim, generator)
            )
            start = self._start(pairs, images, generator)
            if earlier is not None:
                earlier.fill(start, pairs)
                if isinstance(images, FreeSide):
                    earlier.fill_images(images.table.weight.detach(), captions.features.ids)
            words = nn.EmbeddingBag.from_pretrained(start, freeze=False, mode="mean", sparse=True)
            self._train(pairs, words, images, generator)
            self._keep(captions.features, pairs, words.weight, images)
        if earlier is not None and self.image_table_ is not None:
            self.image_table_ = earlier.with_other_images(self.image_table_)
        return self

    def _earlier(self, text: ImageVec | None) -> EarlierQueries | None:
        """What is known from a fitted model.

        Raises:
            DataError: it is no ImageVec.
            ParameterError: it is not fitted, or has other hyperparameters that its arrays depend on.
        """
        if text is None:
            return None
        if not isinstance(text, ImageVec):
            raise DataError(f"text= is {text!r}; {self.title} goes on from a fitted {self.title} only")
        check_same(self, text, *SHAPING)
        matrix, buckets = stacked(text.vectors_)
        words = KnownWords(Vocabulary(text.vectors_.words, text.counts_), buckets)
        network = {} if text.network_ is None else text.network_.state_dict()
        return EarlierQueries(words, matrix, text.transform_, network, text.image_table_, text.encoder_)

    def _network(self, n_features: int, generator: torch.Generator) -> ImageNetwork:
        sizes = [n_features, self.hidden, self.dim] if self.hidden else [n_features, self.dim]
        return ImageNetwork(sizes, self.relu_output, self.dropout, generator)

    def _train(
        self, pairs: QueryPairs, words: nn.EmbeddingBag, images: FeatureSide | FreeSide, generator: torch.Generator
    ) -> None:
        batches = QueryBatches(pairs, generator.device)
        precision = getattr(torch, self.precision)

        def step(batch: torch.Tensor) -> torch.Tensor:
            items = batches[batch]
            queries, seen = words(items.words, items.begins), images(items.images)
            pairs = (items.query_of, items.image_of, items.weights)
            return softmax_in_batch(queries, seen, *pairs, self.temperature, precision)

        word_rate = self.learning_rate * self.word_rate
        by_row = list(words.parameters()) + (list(images.parameters()) if images.sparse else [])
        optimizers: list[torch.optim.Optimizer] = [RowAdam(by_row, lr=word_rate)]
        if not images.sparse:
            optimizers.append(torch.optim.Adam(images.parameters(), lr=self.learning_rate, fused=True))
        training = train(
            step,
            optimizers,
            len(batches),
            epochs=self.epochs,
            batch_size=self.batch_size,
            generator=generator,
            label=self.title,
            unit="pairs",
        )
        self.history_, self.interrupted_ = training.history, training.interrupted

    def _keep(
        self, features: ImageFeatures, pairs: QueryPairs, rows: torch.Tensor, images: FeatureSide | FreeSide
    ) -> None:
        """Sets the learned attributes."""
        matrix = rows.detach().cpu().numpy()
        self.counts_ = pairs.vocabulary.counts
        n_words = len(pairs.vocabulary)
        buckets = Buckets(self.buckets, pairs.buckets, matrix[n_words:]) if self.buckets else None
        self.vectors_ = WordVectors(pairs.vocabulary.words, matrix[:n_words], buckets)
        if isinstance(images, FreeSide):
            self.image_table_ = WordVectors(features.ids, images.table.weight.detach().cpu().numpy())
        else:
            self.network_ = images.network.cpu().eval()

    def image_vectors(self, features: ImageFeatures) -> np.ndarray:
        """Images in the space of the words, float32 [n_images, dim], not of unit length.

        Args:
            features: features from the same encoder; with sources if the training features had them. Without
                ``pixels``, only images of the training have vectors.

        Raises:
            ParameterError: the model is not fitted.
            DataError: the number of features differs from training.
            UnknownNameError: without ``pixels``, an image was not in the training.
        """
        if self.image_table_ is not None:
            return self.image_table_[features.ids]
        return super().image_vectors(features)

    def _tensors(self) -> dict[str, np.ndarray]:
        counts = {"counts": self.counts_}
        if self.image_table_ is None:
            return counts | super()._tensors()
        ids = np.frombuffer("\n".join(self.image_table_.words).encode(), dtype=np.uint8)
        return counts | {"images.ids": ids, "images.vectors": self.image_table_.matrix}

    def _restore(self, tensors: Mapping[str, np.ndarray]) -> None:
        self.counts_ = np.array(tensors["counts"])
        if self.pixels:
            super()._restore(tensors)
            return
        ids = tensors["images.ids"].tobytes().decode().split("\n")
        self.image_table_ = WordVectors(ids, np.array(tensors["images.vectors"]))
