"""CaptionSplits: captions in a training, a validation and a test part."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from wordsight.errors import DataError
from wordsight.grounding.caption_files import karpathy_captions
from wordsight.grounding.captions import ImageCaptions
from wordsight.grounding.parts import PARTS, part_of
from wordsight.images.features import ImageFeatures
from wordsight.storage.streams import COMPRESSED
from wordsight.storage.tables import read_table

_NAMES = {"train": "training", "restval": "training", "val": "validation", "dev": "validation"}
"""Other names of the parts in files; ``restval`` is COCO's, which is commonly used for training."""


@dataclass(frozen=True)
class CaptionSplits:
    """Captions in three parts, over the same features; no image is in two of them.

    Attributes:
        training: what is learned from.
        validation: what stops training and chooses settings.
        test: what is measured on.

    Raises:
        DataError: the parts are over different features, or share an image.
    """

    training: ImageCaptions
    validation: ImageCaptions
    test: ImageCaptions

    def __post_init__(self) -> None:
        features = self.training.features
        if any(part.features is not features for part in self.parts):
            raise DataError("the parts are over different images; make them over the same features")
        images = np.concatenate([np.unique(part.image_rows) for part in self.parts])
        rows, counts = np.unique(images, return_counts=True)
        if (counts > 1).any():
            image = features.ids[rows[counts.argmax()]]
            raise DataError(f"the image {image!r} is in two parts; an image that is tested must not be learned")

    @property
    def parts(self) -> tuple[ImageCaptions, ImageCaptions, ImageCaptions]:
        """Training, validation and test part."""
        return self.training, self.validation, self.test

    @property
    def features(self) -> ImageFeatures:
        """The images of all parts, and maybe others."""
        return self.training.features

    @classmethod
    def from_parts(cls, captions: ImageCaptions, parts: Sequence[str | None]) -> Self:
        """Makes splits of captions and the part of each; captions whose part is None are left out.

        Args:
            captions: the captions of all parts.
            parts: ``"training"``, ``"validation"``, ``"test"`` or None, one a caption.

        Raises:
            DataError: a part has no captions, or two share an image.
        """
        named = np.array([part or "" for part in parts])
        for part in PARTS:
            if not (named == part).any():
                raise DataError(f"no caption is in the part {part!r}; all three parts are needed: {', '.join(PARTS)}")
        return cls(*(captions.subset(named == part) for part in PARTS))

    @classmethod
    def load(cls, path: str | os.PathLike[str], features: ImageFeatures) -> Self:
        """Reads a file: Karpathy's where it is JSON (:meth:`from_karpathy`), else a table (:meth:`from_table`).

        Raises:
            DataError, UnknownNameError: it cannot be read, or the features are of other images.
        """
        name = Path(path).with_suffix("") if Path(path).suffix in COMPRESSED else Path(path)
        return cls.from_karpathy(path, features) if name.suffix == ".json" else cls.from_table(path, features)

    @classmethod
    def from_table(cls, path: str | os.PathLike[str], features: ImageFeatures) -> Self:
        """Reads a table with the columns ``image``, ``caption`` and, optionally, ``split`` (and ``language``).

        Splits are ``train``, ``val`` and ``test``, or as in :data:`~wordsight.grounding.parts.PARTS`. Without the
        column an image's part follows from its id (:func:`~wordsight.grounding.parts.part_of`): one sixteenth of the
        images is for testing, one for validation.

        Raises:
            DataError: a column is missing, a split has another name (names the line), or a part has no captions.
            UnknownNameError: an image that the features do not have.
        """
        captions, table = ImageCaptions.from_table(path, features), read_table(path)
        if "split" not in table:
            return cls.from_parts(captions, [part_of(features.ids[row]) for row in captions.image_rows])
        parts = [_NAMES.get(split, split) for split in table.column("split")]
        for row, part in enumerate(parts):
            if part not in PARTS:
                raise DataError(f"{table.where(row)}: the split is {part!r}; write train, val or test")
        return cls.from_parts(captions, parts)

    @classmethod
    def from_karpathy(cls, path: str | os.PathLike[str], features: ImageFeatures) -> Self:
        """Reads Karpathy's ``dataset_flickr30k.json``, ``dataset_flickr8k.json`` or ``dataset_coco.json``.

        In COCO's file the images of ``restval`` are for training too, as is usual.

        Args:
            path: the JSON file, plain or compressed.
            features: the images, e.g. from :func:`wordsight.grounding.caption_files.karpathy_features`.

        Raises:
            DataError: not such a file, or a split without images among the features.
        """
        splits = (("train", "restval"), ("val",), ("test",))
        return cls(*(karpathy_captions(path, features, names) for names in splits))
