"""ImageVec: one space for the words of many languages, learned from the images that go with them.

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
from typing import ClassVar, Self

import numpy as np
import torch
from torch import nn

from wordsight.devices import device, threads
from wordsight.errors import ParameterError, unknown_name
from wordsight.grounding.captions import ImageCaptions
from wordsight.grounding.query_pairs import QueryPairs
from wordsight.grounding.word_sources import check_word_sources
from wordsight.images.features import ImageFeatures
from wordsight.images.transforms import Chain
from wordsight.losses.contrastive import softmax_in_batch
from wordsight.models._caption_model import PRECISIONS
from wordsight.models.base import Model
from wordsight.modules.image_networks import FeatureSide, FreeSide, ImageNetwork
from wordsight.training.minibatches import train
from wordsight.training.optimizers import RowAdam
from wordsight.training.query_batches import QueryBatches
from wordsight.vectors.buckets import Buckets
from wordsight.vectors.search import unit_rows
from wordsight.vectors.word_vectors import WordVectors


class ImageVec(Model):
    """Word vectors that put a query, the mean of its words, near the images that people choose for it.

    Words of different languages are different words (``en:pain``, ``fr:pain``); languages meet where their images look
    alike. On a CPU the same seed and number of threads give the same vectors bit for bit.

    The paper's setting, for millions of images, is ``hidden=200, dim=100, relu_output=True, prior=None, noise=0,
    min_count=6, buckets=1000000, learning_rate=1e-3, word_rate=10, image_transform=""``. With a few thousand images
    such a network learns which picture is which rather than what it shows. What helps then are the defaults: features
    centred per source, with a flatter spectrum, one linear layer that begins as the identity, words that begin at the
    mean of their images, and small steps from there.

    Args:
        dim: length of the word and image vectors (m in the paper).
        hidden: ReLU units of the first layer over the image features; 0: none, the network is one linear layer.
        relu_output: a ReLU after the last layer too.
        temperature: the cosines are divided by it before the softmax.
        noise: standard deviation of the Gaussian noise added to the transformed features in training.
        dropout: share of hidden units that are dropped in training.
        prior: a word begins at the mean of the unit vectors of its images, where each word of a query has its share of
            it, and, with this weight, of a random unit vector, so that what is said of few images is near to none of
            them; None: at the random vector.
        pixels: False: each image has a vector of its own that is learned, in place of its features, so that languages
            meet only where they share images (the paper's co-occurrence baseline).
        batch_size: captions a step; each image of a batch is compared with all its queries.
        epochs: passes over the captions.
        learning_rate: Adam's for the network; it falls linearly.
        word_rate: by which the words' learning rate (sparse Adam) is greater, since most words are in few batches; 10
            where they begin at random.
        min_count: words in fewer captions are left out of the vocabulary (6 in the paper).
        language_aware: words of two languages are two words, tagged; False: the same word is one, of no language.
        buckets: how many vectors the words left out share by their hash (1,000,000 in the paper); 0: they are ignored.
        image_transform: chain of :mod:`wordsight.images.transforms`, fitted on all images of the captions' features.
        precision: ``"float32"``, or ``"bfloat16"`` for the loss's matrix products, which is faster on processors that
            have it.
        seed: of initial values, order of the captions, noise and dropout.
        device: ``"cpu"``, ``"cuda"``, or ``"auto"``: CUDA where there is one.
        workers: threads; None: as many as torch chooses. A second thread saves a part of the time on idle cores, but
            on busy ones the threads wait for each other.

    Attributes:
        network_: the image network, in evaluation mode; None without ``pixels``.
        transform_: the fitted chain; None without ``pixels``.
        image_table_: without ``pixels`` the learned vectors of the images, by id; else None.
    """

    name = "imagevec"
    title = "ImageVec"
    citation = (
        "Singhal, Raman, ten Cate: Learning Multilingual Word Embeddings Using Image-Text Data. SiVL at NAACL 2019, "
        "arXiv:1905.12260."
    )
    inputs: ClassVar[tuple[str, ...]] = ("captions",)
    network_: ImageNetwork | None = None
    transform_: Chain | None = None
    image_table_: WordVectors | None = None

    def __init__(
        self,
        dim: int = 512,
        hidden: int = 0,
        relu_output: bool = False,
        temperature: float = 0.07,
        noise: float = 1.0,
        dropout: float = 0.0,
        prior: float | None = 1.0,
        pixels: bool = True,
        batch_size: int = 1000,
        epochs: int = 14,
        learning_rate: float = 2e-4,
        word_rate: float = 3.0,
        min_count: int = 1,
        language_aware: bool = True,
        buckets: int = 0,
        image_transform: str = "centre pca:512:0.5 l2 scale",
        precision: str = "float32",
        seed: int = 0,
        device: str = "auto",
        workers: int | None = 1,
    ) -> None:
        self.dim = dim
        self.hidden = hidden
        self.relu_output = relu_output
        self.temperature = temperature
        self.noise = noise
        self.dropout = dropout
        self.prior = prior
        self.pixels = pixels
        self.batch_size = batch_size
        self.epochs = epochs
        self.learning_rate = learning_rate
        self.word_rate = word_rate
        self.min_count = min_count
        self.language_aware = language_aware
        self.buckets = buckets
        self.image_transform = image_transform
        self.precision = precision
        self.seed = seed
        self.device = device
        self.workers = workers

    def fit(self, captions: ImageCaptions) -> Self:
        """Learns from captions or queries, each with its image.

        Raises:
            ParameterError: a hyperparameter makes no sense.
            DataError: no caption has a word that occurs ``min_count`` times, or words and sources coincide.
        """
        self._check()
        pairs = QueryPairs.from_captions(
            captions, self.min_count, language_aware=self.language_aware, n_buckets=self.buckets
        )
        generator = torch.Generator(device(self.device)).manual_seed(self.seed)
        with threads(self.workers):
            images = self._image_side(captions.features, pairs, generator)
            start = self._start(pairs, images, generator)
            words = nn.EmbeddingBag.from_pretrained(start, freeze=False, mode="mean", sparse=True)
            self._train(pairs, words, images, generator)
            self._keep(captions.features, pairs, words.weight, images)
        return self

    def _check(self) -> None:
        for name in ("dim", "learning_rate", "word_rate", "temperature"):
            if not getattr(self, name) > 0:
                raise ParameterError(f"{name} is {getattr(self, name)}; it must be positive")
        for name in ("hidden", "noise", "prior"):
            value = getattr(self, name)
            if value is not None and not value >= 0:
                raise ParameterError(f"{name} is {value}; it must be 0 or positive")
        if not 0 <= self.dropout < 1:
            raise ParameterError(f"dropout is {self.dropout}; it must be at least 0 and less than 1")
        if self.precision not in PRECISIONS:
            raise unknown_name("precision", self.precision, PRECISIONS, hint=f"there are: {', '.join(PRECISIONS)}")

    def _image_side(
        self, features: ImageFeatures, pairs: QueryPairs, generator: torch.Generator
    ) -> FeatureSide | FreeSide:
        """What makes image rows vectors, before training."""
        if not self.pixels:
            return FreeSide(len(features), self.dim, generator)
        self.transform_ = Chain.parse(self.image_transform)
        check_word_sources(*pairs.shown_words(), features.sources, chain=self.transform_, control=None)
        self.encoder_ = features.encoder_facts
        inputs = self.transform_.fit_transform(features.matrix, features.sources)
        network = self._network(inputs.shape[1], generator)
        return FeatureSide(torch.from_numpy(inputs).to(generator.device), network, self.noise)

    def _network(self, n_features: int, generator: torch.Generator) -> ImageNetwork:
        sizes = [n_features, self.hidden, self.dim] if self.hidden else [n_features, self.dim]
        return ImageNetwork(sizes, self.relu_output, self.dropout, generator)

    def _start(self, pairs: QueryPairs, images: FeatureSide | FreeSide, generator: torch.Generator) -> torch.Tensor:
        """The vectors of the words and buckets where they begin, float32 [n_rows, dim]."""
        place = generator.device
        # Of unit length: rare words keep a part of it, and so stay behind frequent ones as answers.
        start = torch.randn(pairs.n_rows, self.dim, generator=generator, device=place) * self.dim**-0.5
        if self.prior is None:
            return start
        shares = pairs.image_shares(int(pairs.image_of.max()) + 1, divided=True)
        with torch.no_grad():
            begin = images.eval()(torch.arange(shares.shape[1], device=place)).cpu().numpy()
        images.train()
        sums = shares @ unit_rows(begin).astype(np.float64) + self.prior * start.cpu().numpy()
        # A bucket may hold words of left-out pairs only: with prior 0 nothing says where it begins.
        means = sums / np.maximum(shares.sum(axis=1) + self.prior, 1e-12)[:, None]
        return torch.from_numpy(means.astype(np.float32)).to(place)

    def _train(
        self, pairs: QueryPairs, words: nn.EmbeddingBag, images: FeatureSide | FreeSide, generator: torch.Generator
    ) -> None:
        batches = QueryBatches(pairs, generator.device)
        precision = PRECISIONS[self.precision]

        def step(batch: torch.Tensor) -> torch.Tensor:
            at = batches[batch]
            queries, seen = words(at.words, at.begins), images(at.images)
            pairs = (at.query_of, at.image_of, at.weights)
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
        """Sets what was learned."""
        matrix = rows.detach().cpu().numpy()
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
            features: from the same encoder, and with sources as in training, if there were any; without ``pixels``
                those of the training, or some of them, for other images have no vectors.

        Raises:
            ParameterError: the model is not fitted.
            DataError: another number of features than in training.
            UnknownNameError: without ``pixels``, an image that was not there in training.
        """
        if self.image_table_ is not None:
            return self.image_table_[features.ids]
        if self.network_ is None or self.transform_ is None:
            raise ParameterError(f"{self!r} is not fitted; call fit first")
        inputs = torch.from_numpy(self.transform_.transform(features.matrix, features.sources))
        with torch.no_grad():
            vectors: np.ndarray = self.network_(inputs).numpy()
        return vectors

    def _tensors(self) -> dict[str, np.ndarray]:
        if self.image_table_ is not None:
            ids = np.frombuffer("\n".join(self.image_table_.words).encode(), dtype=np.uint8)
            return {"images.ids": ids, "images.vectors": self.image_table_.matrix}
        assert self.network_ is not None and self.transform_ is not None
        network = {f"network.{name}": tensor.numpy() for name, tensor in self.network_.state_dict().items()}
        return network | {f"transform.{name}": array for name, array in self.transform_.tensors().items()}

    def _restore(self, tensors: Mapping[str, np.ndarray]) -> None:
        parts: dict[str, dict[str, np.ndarray]] = {"network": {}, "transform": {}, "images": {}}
        for name, array in tensors.items():
            part, _, rest = name.partition(".")
            parts[part][rest] = np.array(array)
        if table := parts["images"]:
            self.image_table_ = WordVectors(table["ids"].tobytes().decode().split("\n"), table["vectors"])
            return
        self.transform_ = Chain.parse(self.image_transform).restore(parts["transform"])
        n_features = parts["network"]["layers.0.weight"].shape[1]
        self.network_ = self._network(n_features, torch.Generator()).eval()
        self.network_.load_state_dict({name: torch.from_numpy(array) for name, array in parts["network"].items()})
