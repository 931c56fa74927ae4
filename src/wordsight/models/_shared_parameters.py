"""Base classes with the hyperparameters that several models share."""

from __future__ import annotations

from typing import Any

from wordsight.devices import device
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.visual_words import VisualTransforms, VisualWords, parse_transform, visual_words
from wordsight.images.transforms import Chain
from wordsight.models.base import Model
from wordsight.models.parameters import MOST_AROUND, MOST_ROUNDS, hyperparameters, new_default, parameter, parameters_of
from wordsight.text.vocabulary import Vocabulary

CONTROLS = ("shuffled", "random")
MOST_WORKERS = 1024


@hyperparameters
class ThreadedModel(Model):
    """A model that is trained by several threads."""

    workers: int | None = parameter(
        None,
        "threads; None: one for each core. With 1, the same seed gives the same vectors bit for bit",
        at_least=1,
        at_most=MOST_WORKERS,
    )


@hyperparameters
class WindowModel(ThreadedModel):
    """A model that predicts from windows of a text, with negative sampling."""

    dim: int = parameter(100, "length of the learned vectors", at_least=1)
    window: int = parameter(
        5,
        "greatest distance of a context word; each occurrence draws its window from 1 to this",
        at_least=1,
        at_most=MOST_AROUND,
    )
    negatives: int = parameter(5, "words drawn as negatives for each occurrence", at_least=1, at_most=MOST_AROUND)
    subsample: float = parameter(
        1e-4,
        "share of the text above which occurrences of a word are dropped at random; 0: none are dropped",
        at_least=0,
    )


@hyperparameters
class SkipGramModel(WindowModel):
    """A model that trains skip-gram, alone or as one of its parts."""

    epochs: int = parameter(5, "passes over the text", at_least=1, at_most=MOST_ROUNDS)
    learning_rate: float = parameter(0.025, "initial learning rate of skip-gram; it falls linearly", above=0)

    def text_settings(self) -> dict[str, Any]:
        """The hyperparameters of skip-gram, by their names in SGNS."""
        return {name: getattr(self, name) for name in parameters_of(SkipGramModel)}


@hyperparameters
class ControlledModel(Model):
    """A model that can be trained with control features in place of the images' own."""

    control: str | None = parameter(
        None,
        "replaces the image features by shuffled or random ones, to tell how much of a gain is due to sight",
        choices=CONTROLS,
    )


@hyperparameters
class LexiconModel(ControlledModel):
    """A model that learns from images of words."""

    hide_words: float = parameter(
        0.0, "share of the words with images that are treated as words without", at_least=0, below=1
    )


@hyperparameters
class ChainModel(Model):
    """A model that transforms the features of images."""

    transform: str = parameter(
        "", "chain of :mod:`wordsight.images.transforms` for the image features; empty: unchanged"
    )

    def validate(self) -> None:
        """Checks all hyperparameters, before any input is read.

        Raises:
            ParameterError: a value makes no sense.
            UnknownNameError: there is no such transform.
        """
        super().validate()
        Chain.parse(self.transform)


@hyperparameters
class VisualModel(LexiconModel):
    """A model that takes the mean image features of words."""

    transform: str = parameter(
        "centre | svd:200:0.5 l2",
        "chain for the image features, a bar, chain for the words' mean features; "
        "see :mod:`wordsight.images.transforms`",
    )

    def validate(self) -> None:
        """Checks all hyperparameters, before any input is read.

        Raises:
            ParameterError: a value makes no sense.
            UnknownNameError: there is no such transform.
        """
        super().validate()
        parse_transform(self.transform)

    def _visual_words(
        self, lexicon: VisualLexicon, vocabulary: Vocabulary | None, transforms: VisualTransforms | None = None
    ) -> VisualWords:
        """The words with images and their features.

        Args:
            lexicon: which images show a word.
            vocabulary: only its words count; None: all words of the lexicon.
            transforms: the chains of ``transform``, which are fitted here unless they are already; None: new ones.
        """
        return visual_words(
            lexicon,
            vocabulary,
            transform=transforms or self.transform,
            control=self.control,
            seed=self.seed,
            hide_words=self.hide_words,
        )


@hyperparameters
class VAEModel(VisualModel):
    """A model with a VAE over the words' visual features, see :mod:`wordsight.modules.vae`."""

    transform: str = new_default("centre | svd:100:0.5 l2 scale")
    hidden: int = parameter(500, "units of the VAE's hidden layers", at_least=1)
    decoder: str = parameter(
        "linear",
        'last layer of the VAE. "sigmoid" is the paper\'s and needs a transform that ends in ``minmax``',
        choices=("linear", "sigmoid"),
    )
    kl_weight: float = parameter(0.1, "weight of the KL term of the ELBO; 1 in the paper", at_least=0)


@hyperparameters
class NetworkModel(ThreadedModel):
    """A model that trains a torch network."""

    workers: int | None = new_default(1)
    device: str = parameter("auto", 'device of the network: "cpu", "cuda", or "auto", which is CUDA if available')

    def validate(self) -> None:
        """Checks all hyperparameters, before any input is read.

        Raises:
            ParameterError: a value makes no sense, or this machine has no such device.
        """
        super().validate()
        device(self.device)


@hyperparameters
class MinibatchModel(NetworkModel):
    """A model that is trained on minibatches of captions."""

    min_count: int = parameter(1, "least number of captions with a word; rarer words are left out", at_least=1)
    epochs: int = parameter(5, "passes over the captions", at_least=1, at_most=MOST_ROUNDS)
    learning_rate: float = parameter(1e-3, "initial learning rate; it falls linearly", above=0)
    batch_size: int = parameter(1000, "captions in each step", at_least=1)
    precision: str = parameter(
        "float32",
        "number type of the loss's matrix products; bfloat16 is faster on processors that support it",
        choices=("float32", "bfloat16"),
    )
