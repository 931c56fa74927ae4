"""What a notebook shows of image features: the first images."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wordsight.images.thumbnail import notebook_pictures
from wordsight.notebooks import Bar, html_table

_SHOWN = 10


def features_html(ids: Sequence[str], matrix: np.ndarray, sources: Sequence[str] | None, encoder: str) -> str:
    """A table of the first images: picture, id, source and the norm of the features.

    Args:
        ids: of all images.
        matrix: float16 or float32 ``[n_images, n_features]``.
        sources: of the images, or None.
        encoder: name of the encoder.
    """
    norms = np.linalg.norm(np.asarray(matrix[:_SHOWN], dtype=np.float64), axis=1)
    longest = norms.max(initial=0) or 1.0
    rows = [
        ([picture], id, source, Bar(norm / longest, f"{norm:.3g}"))
        for picture, id, source, norm in zip(
            notebook_pictures(ids[:_SHOWN]), ids, sources or [""] * len(ids), norms.tolist(), strict=False
        )
    ]
    caption = f"ImageFeatures: {len(ids):,} images, {matrix.shape[1]:,} features; encoder {encoder}"
    return html_table(caption, ("image", "id", "source", "norm"), rows)
