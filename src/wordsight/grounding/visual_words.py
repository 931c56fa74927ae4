"""Visual features of a vocabulary's words, and which words are hidden from a model."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from wordsight.errors import ParameterError
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.word_sources import check_word_sources
from wordsight.images.transforms import Chain
from wordsight.storage.tensors import below, from_below
from wordsight.text.vocabulary import Vocabulary


class VisualTransforms(NamedTuple):
    """The transforms on the way from images to words.

    Attributes:
        of_images: chain for the features of images.
        of_words: chain for the mean features of words.
    """

    of_images: Chain
    of_words: Chain

    def tensors(self) -> dict[str, np.ndarray]:
        """Returns everything that was fitted, as named arrays."""
        return below("of_images", self.of_images.tensors()) | below("of_words", self.of_words.tensors())

    def restore(self, tensors: Mapping[str, np.ndarray]) -> VisualTransforms:
        """Restores what :meth:`tensors` gave, which may lie among other arrays; returns self.

        Raises:
            DataError: the arrays are those of other transforms.
        """
        self.of_images.restore(from_below("of_images", tensors))
        self.of_words.restore(from_below("of_words", tensors))
        return self


class VisualWords(NamedTuple):
    """The words of a vocabulary that have images.

    Attributes:
        ids: int32 [n_visual], their ids in the vocabulary.
        features: float32 [n_visual, n_features], x_w.
        images: int64 [n_visual], how many images each has.
    """

    ids: np.ndarray
    features: np.ndarray
    images: np.ndarray


def visual_words(
    lexicon: VisualLexicon,
    vocabulary: Vocabulary | None,
    *,
    transform: str | VisualTransforms,
    control: str | None,
    seed: int,
    hide_words: float = 0.0,
) -> VisualWords:
    """Computes the mean image features of each word that has images.

    Args:
        lexicon: which images show a word.
        vocabulary: only its words count; None: the lexicon's own words, in its order.
        transform: chain of transforms of the images' features and, after a bar, of the words' means, such as
            ``"centre | svd:200:0.5 l2"``; or these chains, which are fitted here unless they are already.
        control: None; or ``"shuffled"`` or ``"random"``, which give the words features that show nothing of their
            images, to tell how much of a gain is sight.
        seed: draws the control and the hidden words.
        hide_words: share of the visual words that are treated as if they had no image, to measure what words without
            images gain; :func:`hidden_words` says which.

    Raises:
        ParameterError: the transform has no bar, or ``hide_words`` is not a share.
        UnknownNameError: no such control or transform.
        DataError: no word of the vocabulary has an image, or words and sources coincide.
    """
    transforms = parse_transform(transform) if isinstance(transform, str) else transform
    words = lexicon.words if vocabulary is None else vocabulary.words
    hidden = set(hidden_words(lexicon, words, hide_words, seed))
    ids = [i for i, word in enumerate(words) if word in lexicon and word not in hidden]
    lexicon = lexicon.restricted(words[i] for i in ids)
    check_word_sources(
        *(lexicon.words, lexicon.word_rows, lexicon.image_rows, lexicon.features.sources),
        chain=transforms.of_images,
        control=control,
    )
    features = lexicon.features if control is None else lexicon.features.control(control, seed)
    means = lexicon.with_features(features.transformed(transforms.of_images)).mean_features()
    return VisualWords(np.array(ids, dtype=np.int32), transforms.of_words.fit_once(means), np.diff(lexicon.indptr))


def parse_transform(text: str) -> VisualTransforms:
    """Parses ``"CHAIN | CHAIN"``: the chain for images' features and the one for words' means.

    Raises:
        ParameterError: there is no bar.
        UnknownNameError: there is no such transform.
    """
    of_images, bar, of_words = text.partition("|")
    if not bar:
        raise ParameterError(
            f"transform {text!r} lacks a bar; write one chain for images and one for words, such as 'centre | l2'"
        )
    return VisualTransforms(Chain.parse(of_images), Chain.parse(of_words))


def hidden_words(lexicon: VisualLexicon, words: Iterable[str], share: float, seed: int) -> list[str]:
    """Returns the visual words whose images a model with ``hide_words=share`` and this seed does not see, sorted.

    They depend on the set of visual words, not on their order. With the same seed a smaller share hides a subset of
    a larger share's words.

    Args:
        lexicon: which words have images.
        words: the words that count, e.g. a vocabulary's; words without images are left out.
        share: how many of the visual words are hidden, from 0 to less than 1; their number is rounded down.
        seed: the seed of the model.

    Raises:
        ParameterError: the share is outside [0, 1).
    """
    if not 0 <= share < 1:
        raise ParameterError(f"hide_words is {share}; it is a share of the visual words, from 0 to less than 1")
    visual = sorted({word for word in words if word in lexicon})
    # A random stream of its own: the bare seed draws the control's permutation.
    order = np.random.default_rng([seed, 1]).permutation(len(visual))
    return sorted(visual[i] for i in order[: math.floor(share * len(visual))])
