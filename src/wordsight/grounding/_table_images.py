"""The images that a table names, found among features; an error names the line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wordsight.errors import UnknownNameError
from wordsight.images.features import ImageFeatures
from wordsight.storage.tables import Table


def image_rows(table: Table, images: Sequence[str], features: ImageFeatures) -> np.ndarray:
    """The row of the features for each row of the table, int64 [n].

    Args:
        table: the table, for messages.
        images: its column of image ids.
        features: the images.

    Raises:
        UnknownNameError: an image is not among the features; the message names the line and suggests a near id.
    """
    try:
        return features.rows(images)
    except UnknownNameError as error:
        known = set(features.ids)
        row = next(row for row, image in enumerate(images) if image not in known)
        raise UnknownNameError(f"{table.where(row)}: {error}") from None
