"""The base class of ImageVec and its multi-task form: the image network, the initial word vectors, image vectors."""

from __future__ import annotations

import abc
from collections.abc import Mapping

import numpy as np
import torch

from wordsight.errors import ParameterError
from wordsight.grounding.query_pairs import QueryPairs
from wordsight.grounding.word_sources import check_word_sources
from wordsight.images.features import ImageFeatures
from wordsight.images.transforms import Chain
from wordsight.models._earlier_queries import EarlierQueries
from wordsight.models._shared_parameters import ChainModel, MinibatchModel
from wordsight.models.parameters import hyperparameters, learned, new_default, parameter
from wordsight.modules.image_networks import FeatureSide, FreeSide, ImageNetwork
from wordsight.resources import check_table
from wordsight.storage.tensors import below, from_below
from wordsight.vectors.search import unit_rows


@hyperparameters
class QueryModel(MinibatchModel, ChainModel):
    """A model that brings queries, which are means of word vectors, near their images.

    Attributes:
        network_: the image network, in evaluation mode; None without one.
        transform_: the fitted chain; None without a network.
    """

    citation = (
        "Singhal, Raman, ten Cate: Learning Multilingual Word Embeddings Using Image-Text Data. SiVL at NAACL 2019, "
        "arXiv:1905.12260."
    )

    dim: int = parameter(512, "length of the word and image vectors, m in the paper", at_least=1)
    temperature: float = parameter(0.1, "divisor of the cosines before the softmax", above=0)
    noise: float = parameter(
        1.0, "standard deviation of the Gaussian noise added to the transformed features in training", at_least=0
    )
    prior: float | None = parameter(
        1.0,
        "weight of a random unit vector in a word's initial vector, which is the weighted mean of this and of the unit "
        "vectors of the word's images (a query shares each image out among its words). Words with few images thus "
        "begin close to no image. None: the initial vector is the random one",
        at_least=0,
    )
    epochs: int = new_default(14)
    learning_rate: float = parameter(
        2e-4, "initial learning rate of Adam for the image network; it falls linearly", above=0
    )
    transform: str = new_default("centre pca:512:0.5 l2 scale")

    network_: ImageNetwork | None = learned(None)
    transform_: Chain | None = learned(None)

    @abc.abstractmethod
    def _network(self, n_features: int, generator: torch.Generator) -> ImageNetwork:
        """The image network before training."""

    def _feature_side(
        self,
        features: ImageFeatures,
        pairs: QueryPairs,
        generator: torch.Generator,
        earlier: EarlierQueries | None = None,
    ) -> FeatureSide:
        """The map from image rows to vectors: the untrained one, which fits the transform, or an earlier one.

        Raises:
            DataError: words and sources coincide, or an earlier training had another encoder.
        """
        self.encoder_ = features.encoder_facts
        if earlier is None:
            self.transform_ = Chain.parse(self.transform)
            check_word_sources(*pairs.shown_words(), features.sources, chain=self.transform_, control=None)
            inputs = self.transform_.fit_transform(features.matrix, features.sources)
        else:
            self.transform_ = earlier.fitted_transform(features)
            inputs = self.transform_.transform(features.matrix, features.sources)
        network = self._network(inputs.shape[1], generator)
        if earlier is not None:
            network.load_state_dict(earlier.network)
        return FeatureSide(torch.from_numpy(inputs).to(generator.device), network, self.noise)

    def _start(self, pairs: QueryPairs, images: FeatureSide | FreeSide, generator: torch.Generator) -> torch.Tensor:
        """The initial vectors of words and buckets, float32 [n_rows, dim]."""
        device = generator.device
        check_table(pairs.n_rows, self.dim, "dim, buckets or the vocabulary (min_count)")
        # Unit length: rare words keep a part of the random vector, so that as answers they rank behind frequent ones.
        start: torch.Tensor = torch.randn(pairs.n_rows, self.dim, generator=generator, device=device) * self.dim**-0.5
        if self.prior is None or not len(pairs.image_of):
            return start
        shares = pairs.image_shares(pairs.n_images, divided=True)
        with torch.no_grad():
            begin = images.eval()(torch.arange(shares.shape[1], device=device)).cpu().numpy()
        images.train()
        sums = shares @ unit_rows(begin).astype(np.float64) + self.prior * start.cpu().numpy()
        # A bucket may have no image: with prior 0 its sum and its weight are both 0.
        means = sums / np.maximum(shares.sum(axis=1) + self.prior, 1e-12)[:, None]
        return torch.from_numpy(means.astype(np.float32)).to(device)

    def image_vectors(self, features: ImageFeatures) -> np.ndarray:
        """Images in the space of the words, float32 [n_images, dim], not of unit length.

        Args:
            features: features from the same encoder; with sources if the training features had them.

        Raises:
            ParameterError: the model is not fitted, or was fitted without images.
            DataError: the number of features differs from training.
        """
        if self.network_ is None or self.transform_ is None:
            raise ParameterError(f"{self!r} is not fitted on images; call fit with captions first")
        inputs = torch.from_numpy(self.transform_.transform(features.matrix, features.sources))
        with torch.no_grad():
            vectors: np.ndarray = self.network_(inputs).numpy()
        return vectors

    def _tensors(self) -> dict[str, np.ndarray]:
        if self.network_ is None or self.transform_ is None:
            return {}
        network = {name: tensor.numpy() for name, tensor in self.network_.state_dict().items()}
        return below("network", network) | below("transform", self.transform_.tensors())

    def _restore(self, tensors: Mapping[str, np.ndarray]) -> None:
        network = from_below("network", tensors)
        self.transform_ = Chain.parse(self.transform).restore(from_below("transform", tensors))
        self.network_ = self._network(network["layers.0.weight"].shape[1], torch.Generator()).eval()
        self.network_.load_state_dict({name: torch.from_numpy(np.array(array)) for name, array in network.items()})
