"""The features that several lexicons or collections of captions have in common."""

from __future__ import annotations

from collections.abc import Sequence

from wordsight.errors import ParameterError
from wordsight.images.features import ImageFeatures


def common_features(features: Sequence[ImageFeatures], what: str) -> ImageFeatures:
    """Returns the features, if all are of the same images.

    Args:
        features: those of each part that is joined.
        what: the name of the parts for messages, such as ``"lexicons"``.

    Raises:
        ParameterError: there is none, or they are of different images.
    """
    if not features:
        raise ParameterError(f"there are no {what} to join; give at least one")
    first = features[0]
    if any(other is not first and other.ids != first.ids for other in features):
        raise ParameterError(f"the {what} are over different images; make them over the same features")
    return first
