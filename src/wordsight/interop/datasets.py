"""Hugging Face's datasets: the images and captions of a ``datasets.Dataset``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from wordsight.errors import DataError, UnknownNameError, check_at_least_1, unknown_name
from wordsight.extras import require
from wordsight.grounding.captions import ImageCaptions
from wordsight.images.decoding import BrokenImage, decode, pillow_warnings
from wordsight.images.encoders.base import ImageEncoder
from wordsight.images.features import ImageFeatures
from wordsight.images.image_files import ImageFile
from wordsight.progress import progress


def features_from_dataset(
    dataset: Any, encoder: ImageEncoder, *, image: str = "image", batch_size: int = 16
) -> ImageFeatures:
    """Encodes the images of a data set in memory; the number of an image's row, from 0, is its id.

    Args:
        dataset: a ``datasets.Dataset``.
        encoder: the encoder, e.g. ``ws.image_encoder("efficientnet-lite0")``.
        image: the column of images, of the type ``datasets.Image``.
        batch_size: images that go through the encoder together.

    Raises:
        UnknownNameError: no such column.
        DataError: the column holds no images, or one cannot be read; the message names the row.
        MissingExtraError: the package datasets is not installed.
    """
    check_at_least_1(batch_size=batch_size)
    _column(dataset, image)
    images = require("datasets")
    if not isinstance(dataset.features[image], images.Image):
        raise DataError(f"the column {image!r} is of the type {dataset.features[image]}; images are needed")
    encoded = dataset.select_columns([image]).cast_column(image, images.Image(decode=False))
    blocks = []
    with progress("encoding images", len(encoded), unit="images") as advance, pillow_warnings():
        for start in range(0, len(encoded), batch_size):
            batch = encoded[start : start + batch_size][image]
            pixels = [_pixels(one, row, encoder) for row, one in enumerate(batch, start)]
            blocks.append(encoder.encode(np.stack(pixels)))
            advance(len(batch))
    if not blocks:
        raise DataError("the data set has no rows; give one with images")
    ids = [str(row) for row in range(len(encoded))]
    return ImageFeatures(ids, np.concatenate(blocks), encoder=encoder.name, encoder_fingerprint=encoder.fingerprint)


def _pixels(found: dict[str, Any] | None, row: int, encoder: ImageEncoder) -> np.ndarray:
    try:
        if found is None:
            raise BrokenImage("there is none")
        data = found["bytes"] or ImageFile(found["path"], Path(found["path"])).read()
        return encoder.preprocess(decode(data))
    except BrokenImage as error:
        raise DataError(f"row {row}: the image cannot be read: {error}; leave the row out") from None


def captions_from_dataset(
    dataset: Any,
    features: ImageFeatures,
    *,
    caption: str = "caption",
    image: str | None = None,
    language: str | None = None,
) -> ImageCaptions:
    """Makes captions of a data set's rows; a row may have one or a list of them.

    Args:
        dataset: a ``datasets.Dataset``, or anything with ``column_names`` and columns by name.
        features: the images.
        caption: the column of captions, texts or lists of texts. Empty ones are left out.
        image: the column of image ids; None: the features are of this very data set
            (:func:`features_from_dataset`), and a row's number is its image.
        language: the column of language codes; None: all captions are in one language.

    Raises:
        UnknownNameError: no such column, or an image that the features lack.
        DataError: no captions, or something that is no text; the message names the row.
    """
    texts = _column(dataset, caption)
    ids = [str(row) for row in range(len(texts))] if image is None else _column(dataset, image)
    codes = _column(dataset, language) if language is not None else [None] * len(texts)
    captions, rows, languages = [], [], []
    for number, (found, id, code) in enumerate(zip(texts, ids, codes, strict=True)):
        for text in found if isinstance(found, list | tuple) else [found]:
            if text is not None and not isinstance(text, str):
                raise DataError(f"row {number}: the caption is of the type {type(text).__name__}, not a text")
            if text and text.strip():
                captions.append(text.strip())
                rows.append(_row(features, id, number))
                languages.append(str(code or ""))
    return ImageCaptions(
        captions, np.array(rows, dtype=np.int64), features, languages=None if language is None else languages
    )


def _row(features: ImageFeatures, id: Any, number: int) -> int:
    if not isinstance(id, str):
        advice = "name a column of ids in image=, or none where the features are of this data set"
        raise DataError(f"row {number}: the image is of the type {type(id).__name__}, not an id; {advice}")
    try:
        return int(features.rows([id])[0])
    except UnknownNameError as error:
        raise UnknownNameError(f"row {number}: {error}") from None


def _column(dataset: Any, name: str) -> Any:
    if name not in dataset.column_names:
        known = list(dataset.column_names)
        raise unknown_name("column", name, known, hint=f"the data set has {', '.join(known)}")
    return dataset[name]
