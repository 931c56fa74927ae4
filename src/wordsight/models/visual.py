"""What grounded models share: the visual features of a vocabulary's words, and vectors imagined for the other words."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from wordsight.errors import ParameterError
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.images.transforms import Chain
from wordsight.text.vocabulary import Vocabulary


class VisualWords(NamedTuple):
    """The words of a vocabulary that have images.

    Attributes:
        ids: int32 [n_visual], their ids in the vocabulary.
        features: float32 [n_visual, n_features], x_w.
    """

    ids: np.ndarray
    features: np.ndarray


def visual_words(
    lexicon: VisualLexicon, vocabulary: Vocabulary, *, transform: str, control: str | None, seed: int
) -> VisualWords:
    """Mean image features of each word that has images.

    Args:
        lexicon: which images show a word.
        vocabulary: only its words count.
        transform: chain of transforms of the images' features and, after a bar, of the words' means, such as
            ``"centre | svd:200:0.5 l2"``.
        control: None; or ``"shuffled"`` or ``"random"``, which give the words features that show nothing of their
            images, to tell how much of a gain is sight.
        seed: of the control.

    Raises:
        ParameterError: the transform has no bar.
        UnknownNameError: no such control or transform.
        DataError: no word of the vocabulary has an image.
    """
    of_images, bar, of_words = transform.partition("|")
    if not bar:
        raise ParameterError(f"transform {transform!r} lacks a bar; write 'of images | of words', e.g. 'centre | l2'")
    chain = Chain.parse(of_words)
    lexicon = lexicon.restricted(vocabulary.words)
    features = lexicon.features if control is None else lexicon.features.control(control, seed)
    means = lexicon.with_features(features.transformed(of_images)).mean_features()
    return VisualWords(vocabulary.ids(lexicon.words), chain.fit_transform(means))


def imagined(text: np.ndarray, visual: VisualWords, *, penalty: float = 10.0) -> np.ndarray:
    """Visual vectors for all words: a ridge regression from text vectors, averaged with the true ones where known.

    After Collell, Zhang, Moens: Imagined Visual Representations as Multimodal Embeddings. AAAI 2017, with a closed
    form in place of gradient descent.

    Args:
        text: [n_words, dim], with rows of about unit length.
        visual: the words that have a visual vector, and these.
        penalty: of the squared weights.

    Returns:
        float32 [n_words, n_features].
    """
    known = text[visual.ids].astype(np.float64)
    gram = known.T @ known + penalty * np.eye(known.shape[1])
    vectors = (text @ np.linalg.solve(gram, known.T @ visual.features)).astype(np.float32)
    vectors[visual.ids] = (vectors[visual.ids] + visual.features) / 2
    return vectors
