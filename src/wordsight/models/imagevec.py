"""ImageVec: one space for the words of many languages, learned from the images that go with them.

Singhal, Raman, ten Cate: Multilingual Bag-of-Words Embeddings from Images. NAACL 2019.

==================================== =========================================================
paper                                here
==================================== =========================================================
query q, its words                   a caption; ``vectors_`` has a row for each word
query representation                 mean of its words' rows
image representation                 ``network_`` over the image's features, two layers
layer sizes 200, m = 100             ``hidden``, ``dim``
softmax over cosines in the batch    :func:`~wordsight.losses.contrastive.softmax_in_batch`
relevance weight of a pair           ``ImageCaptions.weights``
==================================== =========================================================
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np
import torch
from torch import nn
from torch.nn.functional import relu

from wordsight.errors import ParameterError
from wordsight.grounding.captions import ImageCaptions
from wordsight.images.features import ImageFeatures
from wordsight.images.transforms import Chain
from wordsight.losses.contrastive import softmax_in_batch
from wordsight.models.base import Model
from wordsight.models.queries import QueryPairs
from wordsight.training.dropout import dropout
from wordsight.training.loop import device, threads, train
from wordsight.vectors.word_vectors import WordVectors

WORD_RATE = 10.0
"""The words learn faster than the network, by this factor: most of them are in few batches."""


class ImageVec(Model):
    """Word vectors that put a query, the mean of its words, near the images that people choose for it.

    Words of different languages are different words (``en:pain``, ``fr:pain``); languages meet where their images look
    alike. On a CPU the same seed and number of threads give the same vectors bit for bit.

    The paper's setting, for millions of images, is ``hidden=200, dim=100, relu_output=True, noise=0, min_count=6,
    image_transform=""``. With a few thousand images such a network learns which picture is which rather than what it
    shows. What helps then are the defaults: features centred per source, with a flatter spectrum, noise on them, and
    one linear layer.

    Args:
        dim: length of the word and image vectors (m in the paper).
        hidden: ReLU units of the first layer over the image features; 0: none, the network is one linear layer.
        relu_output: a ReLU after the last layer too.
        temperature: the cosines are divided by it before the softmax.
        noise: standard deviation of the Gaussian noise added to the transformed features in training.
        dropout: share of hidden units that are dropped in training.
        batch_size: captions a step; each image of a batch is compared with all its queries.
        epochs: passes over the captions.
        learning_rate: Adam's for the network; the words' (sparse Adam) is ten times that. Both fall linearly.
        min_count: words in fewer captions are left out (6 in the paper).
        image_transform: chain of :mod:`wordsight.images.transforms`, fitted on all images of the captions' features.
        seed: of initial values, order of the captions, noise and dropout.
        device: ``"cpu"``, ``"cuda"``, or ``"auto"``: CUDA where there is one.
        workers: threads; None: as many as torch chooses. A second thread saves a quarter of the time on idle cores, but
            on busy ones the threads wait for each other.

    Attributes:
        network_: the image network, in evaluation mode.
        transform_: the fitted chain.
    """

    name = "imagevec"
    title = "ImageVec"
    citation = "Singhal, Raman, ten Cate: Multilingual Bag-of-Words Embeddings from Images. NAACL 2019."
    inputs = ("captions",)
    network_: ImageNetwork
    transform_: Chain

    def __init__(
        self,
        dim: int = 256,
        hidden: int = 0,
        relu_output: bool = False,
        temperature: float = 0.1,
        noise: float = 1.0,
        dropout: float = 0.0,
        batch_size: int = 1000,
        epochs: int = 10,
        learning_rate: float = 1e-3,
        min_count: int = 1,
        image_transform: str = "centre pca:256:0.5 l2 scale",
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
        self.batch_size = batch_size
        self.epochs = epochs
        self.learning_rate = learning_rate
        self.min_count = min_count
        self.image_transform = image_transform
        self.seed = seed
        self.device = device
        self.workers = workers

    def fit(self, captions: ImageCaptions) -> Self:
        """Learns from captions or queries, each with its image.

        Raises:
            ParameterError: a hyperparameter makes no sense.
            DataError: no caption has a word that occurs ``min_count`` times.
        """
        self._check()
        pairs = QueryPairs.from_captions(captions, self.min_count)
        self.transform_ = Chain.parse(self.image_transform)
        self.encoder_ = captions.features.encoder_facts
        features = self.transform_.fit_transform(captions.features.matrix, captions.features.sources)
        with threads(self.workers):
            self._train(pairs, features)
        return self

    def _check(self) -> None:
        for name in ("dim", "learning_rate", "temperature"):
            if not getattr(self, name) > 0:
                raise ParameterError(f"{name} is {getattr(self, name)}; it must be positive")
        for name in ("hidden", "noise"):
            if not getattr(self, name) >= 0:
                raise ParameterError(f"{name} is {getattr(self, name)}; it must be 0 or positive")
        if not 0 <= self.dropout < 1:
            raise ParameterError(f"dropout is {self.dropout}; it must be at least 0 and less than 1")

    def _train(self, pairs: QueryPairs, features: np.ndarray) -> None:
        place = device(self.device)
        generator = torch.Generator(place).manual_seed(self.seed)
        batches = _Batches(pairs, features, place)
        # Of unit length: rare words keep a part of where they began, and so stay behind frequent ones as answers.
        start = torch.randn(len(pairs.vocabulary), self.dim, generator=generator, device=place) * self.dim**-0.5
        words = nn.EmbeddingBag.from_pretrained(start, freeze=False, mode="mean", sparse=True)
        network = self._network(features.shape[1], generator)

        def step(batch: torch.Tensor) -> torch.Tensor:
            bags, offsets, images, query_of, image_of, weights = batches[batch]
            if self.noise:
                images = images + self.noise * torch.randn(images.shape, generator=generator, device=place)
            return softmax_in_batch(
                words(bags, offsets), network(images), query_of, image_of, weights, self.temperature
            )

        optimizers = [
            torch.optim.Adam(network.parameters(), lr=self.learning_rate),
            torch.optim.SparseAdam(words.parameters(), lr=self.learning_rate * WORD_RATE),
        ]
        training = train(
            step,
            optimizers,
            len(pairs.query_of),
            epochs=self.epochs,
            batch_size=self.batch_size,
            generator=generator,
            label=self.title,
            unit="pairs",
        )
        self.history_, self.interrupted_ = training.history, training.interrupted
        self.network_ = network.cpu().eval()
        self.vectors_ = WordVectors(pairs.vocabulary.words, words.weight.detach().cpu().numpy())

    def _network(self, n_features: int, generator: torch.Generator) -> ImageNetwork:
        sizes = [n_features, self.hidden, self.dim] if self.hidden else [n_features, self.dim]
        return ImageNetwork(sizes, self.relu_output, self.dropout, generator)

    def image_vectors(self, features: ImageFeatures) -> np.ndarray:
        """Images in the space of the words, float32 [n_images, dim], not of unit length.

        Args:
            features: from the same encoder, and with sources as in training, if there were any.

        Raises:
            ParameterError: the model is not fitted.
            DataError: another number of features than in training.
        """
        if not hasattr(self, "network_"):
            raise ParameterError(f"{self!r} is not fitted; call fit first")
        inputs = torch.from_numpy(self.transform_.transform(features.matrix, features.sources))
        with torch.no_grad():
            vectors: np.ndarray = self.network_(inputs).numpy()
        return vectors

    def _tensors(self) -> dict[str, np.ndarray]:
        network = {f"network.{name}": tensor.numpy() for name, tensor in self.network_.state_dict().items()}
        return network | {f"transform.{name}": array for name, array in self.transform_.tensors().items()}

    def _restore(self, tensors: Mapping[str, np.ndarray]) -> None:
        parts: dict[str, dict[str, np.ndarray]] = {"network": {}, "transform": {}}
        for name, array in tensors.items():
            part, _, rest = name.partition(".")
            parts[part][rest] = np.array(array)
        self.transform_ = Chain.parse(self.image_transform).restore(parts["transform"])
        n_features = parts["network"]["layers.0.weight"].shape[1]
        self.network_ = self._network(n_features, torch.Generator()).eval()
        self.network_.load_state_dict({name: torch.from_numpy(array) for name, array in parts["network"].items()})


class ImageNetwork(nn.Module):
    """Image features → vectors: linear layers with ReLUs between them.

    Args:
        sizes: length of the input, of the hidden layers if any, and of the output.
        relu_output: a ReLU after the last layer too.
        dropout: share of the hidden units that are dropped in training.
        generator: of the initial weights and the dropout; the network is on its device.
    """

    def __init__(self, sizes: Sequence[int], relu_output: bool, dropout: float, generator: torch.Generator) -> None:
        super().__init__()
        self.relu_output = relu_output
        self.dropout = dropout
        self.generator = generator
        layers = [nn.Linear(a, b, device=generator.device) for a, b in itertools.pairwise(sizes)]
        for layer in layers:
            nn.init.kaiming_uniform_(layer.weight, a=5**0.5, generator=generator)
            nn.init.zeros_(layer.bias)
        self.layers = nn.ModuleList(layers)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """[n, sizes[0]] → [n, sizes[-1]]."""
        *hidden, last = self.layers
        for layer in hidden:
            x = relu(layer(x))
            if self.training and self.dropout:
                x = dropout(x, self.dropout, self.generator)
        out: torch.Tensor = last(x)
        return relu(out) if self.relu_output else out


class _Batches:
    """The captions as tensors on a device; ``batches[numbers]`` puts together what a step needs."""

    def __init__(self, pairs: QueryPairs, features: np.ndarray, place: torch.device) -> None:
        arrays = (pairs.words, pairs.offsets, pairs.query_of, pairs.image_of, pairs.weights, features)
        tensors = [torch.from_numpy(array).to(place) for array in arrays]
        self._words, self._offsets, self._query_of, self._image_of, self._weights, self._features = tensors

    def __getitem__(self, batch: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Pairs int64 [n_pairs] → all that the loss needs, each query and each image once.

        Returns:
            The queries' words (int64) and where each query begins among them (int64 [n_queries]); image features
            [n_images, n_features]; for each pair its query and its image (int64 [n_pairs]) and its weight.
        """
        queries, query_of = torch.unique(self._query_of[batch], return_inverse=True)
        images, image_of = torch.unique(self._image_of[batch], return_inverse=True)
        starts, ends = self._offsets[queries], self._offsets[queries + 1]
        offsets = (ends - starts).cumsum(0) - (ends - starts)
        places = (starts - offsets).repeat_interleave(ends - starts)
        words = self._words[places + torch.arange(len(places), device=places.device)]
        return words, offsets, self._features[images], query_of, image_of, self._weights[batch]
