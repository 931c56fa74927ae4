"""Pictures: features of images, the words that they belong to, and where the image files are."""

from __future__ import annotations

import functools
import re
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from wordsight.errors import DataError, ParameterError
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.images.decoding import BrokenImage, decode
from wordsight.images.encoders.base import ImageEncoder
from wordsight.images.encoders.registry import image_encoder
from wordsight.images.features import ImageFeatures
from wordsight.images.image_files import ImageFile, find_images
from wordsight.vectors.word_vectors import WordVectors

_NO_ROWS = np.empty(0, dtype=np.int64)


class Pictures:
    """Image features with what shows and names them.

    Args:
        features: of the images; their rows number the pictures.
        lexicon: which word has which pictures; None: not known.
        folder: where the image files are, by their ids, or img2dataset's shards; None: there are none.
        glyphs: whether the last part of each id is the character that the picture shows, as in Emoji World.
        title: what the collection is called.
    """

    def __init__(
        self,
        features: ImageFeatures,
        lexicon: VisualLexicon | None = None,
        folder: Path | None = None,
        *,
        glyphs: bool = False,
        title: str = "",
    ) -> None:
        self.features, self.lexicon, self.title = features, lexicon, title
        self.glyphs = glyphs and folder is None
        self._folder = folder
        self._in_shards = _shards(folder)

    def replaced(self, features: ImageFeatures, lexicon: VisualLexicon) -> Pictures:
        """Some of the pictures, with their words, in the same folder."""
        return Pictures(features, lexicon, self._folder, glyphs=self.glyphs, title=self.title)

    def __len__(self) -> int:
        return len(self.features)

    @property
    def has_files(self) -> bool:
        """Whether there are image files."""
        return self._folder is not None

    @functools.cached_property
    def key(self) -> str:
        """What thumbnails depend on, for addresses that a browser may keep."""
        return self.features.fingerprint

    def entries(self, vectors: WordVectors) -> np.ndarray:
        """Which word of the lexicon each word of a space is, int64 ``[n_words]``; -1 for words without pictures."""
        entries = np.full(len(vectors), -1, dtype=np.int64)
        if self.lexicon is not None:
            rows = vectors.rows(self.lexicon.words)
            entries[rows[rows >= 0]] = np.flatnonzero(rows >= 0)
        return entries

    def of_entry(self, entry: int) -> np.ndarray:
        """The pictures of a word of the lexicon, int64 ``[n]``; none for -1."""
        if entry < 0 or self.lexicon is None:
            return _NO_ROWS
        start, end = self.lexicon.indptr[entry : entry + 2]
        return self.lexicon.image_rows[start:end]

    @property
    def first_of_entries(self) -> np.ndarray:
        """The first picture of each word of the lexicon, int64 ``[n_entries]``."""
        return _NO_ROWS if self.lexicon is None else self.lexicon.image_rows[self.lexicon.indptr[:-1]]

    @functools.cached_property
    def entries_of_rows(self) -> dict[int, list[int]]:
        """Picture → the words of the lexicon that have it."""
        found: dict[int, list[int]] = {}
        if self.lexicon is not None:
            for entry, row in zip(self.lexicon.word_rows.tolist(), self.lexicon.image_rows.tolist(), strict=True):
                found.setdefault(row, []).append(entry)
        return found

    def described(self, row: int, cosine: float | None = None) -> dict[str, Any]:
        """A picture as the page is told of it."""
        id = self.features.ids[row]
        last = PurePosixPath(id).name
        facts: dict[str, Any] = {"row": row, "id": id, "label": last if self.glyphs else PurePosixPath(id).stem}
        if self.glyphs:
            facts["emoji"] = last
        if cosine is not None:
            facts["cosine"] = round(float(cosine), 4)
        return facts

    def read(self, row: int) -> bytes:
        """The bytes of an image file.

        Raises:
            BrokenImage: there is none, it cannot be read, or its id leads out of the folder.
        """
        id = self.features.ids[row]
        if self._folder is None:
            raise BrokenImage("no folder of images was given")
        if self._in_shards is not None:
            if id not in self._in_shards:
                raise BrokenImage("not in the tar files")
            return self._in_shards[id].read()
        path = self._folder / id
        if not path.resolve().is_relative_to(self._folder.resolve()):
            raise BrokenImage("outside of the folder")
        return ImageFile(id, path).read()

    @property
    def can_encode(self) -> bool:
        """Whether it is known what made the features, so that other pictures can be compared with them."""
        return re.fullmatch(r"(efficientnet-lite\d|hf:\S+)(\+.*)?", self.features.encoder) is not None

    def encode(self, data: bytes) -> ImageFeatures:
        """The features of another picture.

        Args:
            data: bytes of an image file.

        Raises:
            DataError: it is no readable image, or the features are of another encoder of that name.
            ParameterError: nobody knows what made the features.
            MissingExtraError: the encoder's packages are not installed.
        """
        if not self.can_encode:
            raise ParameterError("nobody knows what made these pictures' features; other pictures cannot be compared")
        try:
            pixels = self._encoder.preprocess(decode(data))
        except BrokenImage as error:
            raise DataError(f"the file cannot be read as an image: {error}") from None
        return ImageFeatures(["picture"], self._encoder.encode(pixels[None]), encoder=self.features.encoder)

    @functools.cached_property
    def _encoder(self) -> ImageEncoder:
        encoder = image_encoder(self.features.encoder)
        if self.features.encoder_fingerprint not in (None, encoder.fingerprint):
            raise DataError(f"the features are of another {encoder.name} than the one that is installed; extract again")
        return encoder


def _shards(folder: Path | None) -> dict[str, ImageFile] | None:
    """The images in a folder's tar files by their ids; None where it has none."""
    if folder is None or (folder.suffix != ".tar" and not any(folder.glob("*.tar"))):
        return None
    return {image.id: image for image in find_images(folder)}
