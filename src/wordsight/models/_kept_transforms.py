"""The base class of models that keep the transforms of the images' features, so that they can go on."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from wordsight.grounding.visual_words import VisualTransforms, parse_transform
from wordsight.models._shared_parameters import VisualModel
from wordsight.models.parameters import hyperparameters, learned


@hyperparameters
class KeptTransforms(VisualModel):
    """A model of words' images that keeps the fitted transforms of their features.

    Attributes:
        transforms_: the fitted transforms of the features of images and of words.
    """

    transforms_: VisualTransforms = learned()

    def _tensors(self) -> dict[str, np.ndarray]:
        return super()._tensors() | self.transforms_.tensors()

    def _restore(self, tensors: Mapping[str, np.ndarray]) -> None:
        super()._restore(tensors)
        self.transforms_ = parse_transform(self.transform).restore(tensors)
