"""ImageFeatures: the features that an encoder gives images, one row an image."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np

from wordsight.devices import n_workers
from wordsight.errors import DataError, unknown_name
from wordsight.images._controls import CONTROLS
from wordsight.images._extraction import Settings, encode_files, encoder_facts, extract
from wordsight.images._feature_rows import check_rows, check_same_images, listed_ids, read_only_matrix
from wordsight.images._features_directory import features_fingerprint, read_features, write_features
from wordsight.images._features_html import features_html
from wordsight.images._sources import Sources, named_sources
from wordsight.images.encoders.base import ImageEncoder
from wordsight.images.encoders.joined import joined_fingerprint, joined_name, side_by_side
from wordsight.images.encoders.registry import image_encoder
from wordsight.images.image_files import find_images
from wordsight.images.transforms import Chain
from wordsight.storage.arrays import load_array
from wordsight.storage.atomic import replace_directory, unchanging
from wordsight.storage.tables import IMAGE_COLUMNS, read_table

logger = logging.getLogger(__name__)


class ImageFeatures:
    """An immutable matrix of image features with the id of each row.

    Attributes:
        ids: the image of each row; unique.
        matrix: float16 or float32 [n_images, n_features], read-only, maybe memory-mapped.
        sources: the collection that each image belongs to (a vendor's drawings, a data set); None: all to one.
        encoder: name of the encoder that made the features.
        encoder_fingerprint: its fingerprint, or None where it is not known.
    """

    def __init__(
        self,
        ids: Sequence[str],
        matrix: np.ndarray,
        *,
        sources: Sequence[str] | None = None,
        encoder: str = "unknown",
        encoder_fingerprint: str | None = None,
    ) -> None:
        """Checks that everything fits together.

        Args:
            ids: of the images, one a row.
            matrix: numbers [n_images, n_features]; other dtypes than float16 and float32 are converted to float32.
            sources: one a row, or None.
            encoder: name of the encoder.
            encoder_fingerprint: its fingerprint, if known.

        Raises:
            DataError, ParameterError: rows and ids don't match, an id comes twice, or a feature is not finite.
        """
        self.ids = listed_ids(ids)
        self.matrix = read_only_matrix(matrix)
        self.sources = None if sources is None else list(sources)
        self.encoder = encoder
        self.encoder_fingerprint = encoder_fingerprint
        check_rows(self.matrix, self.ids, self.sources, self._index)

    @cached_property
    def _index(self) -> dict[str, int]:
        return {image: row for row, image in enumerate(self.ids)}

    def __len__(self) -> int:
        return len(self.matrix)

    def __repr__(self) -> str:
        return f"ImageFeatures({len(self)} images, {self.n_features} features, encoder={self.encoder!r})"

    def _repr_html_(self) -> str:
        return features_html(self.ids, self.matrix, self.sources, self.encoder)

    @property
    def n_features(self) -> int:
        """Number of columns."""
        return int(self.matrix.shape[1])

    @cached_property
    def fingerprint(self) -> str:
        """A short hash of all values, ids and sources: equal features have equal fingerprints."""
        return features_fingerprint(self.matrix, self.ids, self.sources)

    @property
    def encoder_facts(self) -> dict[str, Any]:
        """The arguments ``encoder`` and ``encoder_fingerprint``."""
        return {"encoder": self.encoder, "encoder_fingerprint": self.encoder_fingerprint}

    def rows(self, ids: Sequence[str]) -> np.ndarray:
        """The row of each id, int64 [n].

        Raises:
            UnknownNameError: an image is not there; the message suggests an id with the same file name.
        """
        for image in ids:
            if image not in self._index:
                alike = next((known for known in self.ids if Path(known).stem == Path(image).stem), None)
                hint = f"did you mean {alike!r}?" if alike else f"ids here look like {', '.join(self.ids[:2])}"
                raise unknown_name("image", image, (), hint=hint)
        return np.array([self._index[image] for image in ids], dtype=np.int64)

    def transformed(self, chain: str | Chain) -> ImageFeatures:
        """Transforms the features, to float32 [n_images, n_components].

        Args:
            chain: a text such as ``"centre svd:200:0.5"``, or a Chain; unless it is fitted, it is fitted here.

        Raises:
            UnknownNameError, ParameterError, DataError: see :class:`~wordsight.images.transforms.Chain`.
        """
        chain = chain if isinstance(chain, Chain) else Chain.parse(chain)
        return self._with(chain.fit_once(self.matrix, self.sources), f"{self.encoder} | {chain}")

    def with_sources(self, sources: Sources | None) -> ImageFeatures:
        """Returns the same features with other sources.

        Args:
            sources: the collection that each image belongs to: ``"folders"`` for the first folder in the ids, one
                source an image, or image id → source; None: all belong to one.

        Raises:
            DataError: the sources do not fit the images.
            UnknownNameError: another text than ``"folders"``.
        """
        said = None if sources is None else named_sources(self.ids, sources)
        return ImageFeatures(self.ids, self.matrix, sources=said, **self.encoder_facts)

    def control(self, kind: str, seed: int = 0) -> ImageFeatures:
        """Makes features that show nothing of their images, to tell what a model owes to sight.

        Args:
            kind: ``"shuffled"`` permutes the rows within their source, and an image keeps its own only where its
                source has no other; ``"random"`` is standard Gaussian noise.
            seed: draws the permutation or the noise.

        Raises:
            UnknownNameError: no such kind.
            DataError: shuffling changes nothing.
        """
        if kind not in CONTROLS:
            raise unknown_name("control", kind, CONTROLS, hint=f"there are: {', '.join(CONTROLS)}")
        matrix = CONTROLS[kind](self.matrix, self.sources, np.random.default_rng(seed))
        return self._with(matrix, f"{self.encoder} | {kind}, seed {seed}")

    def _with(self, matrix: np.ndarray, encoder: str) -> ImageFeatures:
        return ImageFeatures(self.ids, matrix, sources=self.sources, encoder=encoder)

    def save(self, directory: str | os.PathLike[str]) -> None:
        """Writes a features directory; an older one there is replaced once the new one is whole.

        Raises:
            WriteError: it cannot be written; nothing half-written is left.
        """
        with replace_directory(directory) as temporary:
            write_features(temporary, self.matrix, self.ids, self.sources, self.encoder_facts)

    @classmethod
    def load(cls, directory: str | os.PathLike[str]) -> Self:
        """Opens a features directory; the matrix stays on disk, memory-mapped.

        Raises:
            DataError: the directory is missing, damaged or not one of features.
        """
        return unchanging(directory, cls._load)

    @classmethod
    def _load(cls, directory: Path) -> Self:
        stored = read_features(directory)
        if stored.guessed_sources:
            logger.warning(
                "%s: wordsight 0.1 took each image's folder for its source; if folders are no collections (but, say, "
                "one a word), use .with_sources(None) or extract again; if they are, .save() the features again",
                directory,
            )
        encoder = {name: stored.config[name] for name in ("encoder", "encoder_fingerprint") if name in stored.config}
        try:
            return cls(stored.ids, stored.matrix, sources=stored.sources, **encoder)
        except DataError as error:
            raise DataError(f"{directory} is damaged: {error}") from None

    @classmethod
    def from_files(
        cls, paths: Sequence[str | os.PathLike[str]], encoder: ImageEncoder, *, source: str | None = None
    ) -> Self:
        """Encodes a few image files in memory; each must be readable.

        Args:
            paths: the files; they become the ids of the features, and one that comes twice counts once.
            encoder: the encoder, e.g. ``ws.image_encoder("efficientnet-lite0")``.
            source: the collection that all of them belong to.

        Raises:
            DataError: a file is missing, broken or no image; the message says which and why.
        """
        names = list(dict.fromkeys(os.fspath(path) for path in paths))
        sources = None if source is None else [source] * len(names)
        return cls(names, encode_files(names, encoder), sources=sources, **encoder_facts(encoder))

    @classmethod
    def from_npy(
        cls,
        matrix: str | os.PathLike[str],
        table: str | os.PathLike[str],
        *,
        encoder: str = "unknown",
    ) -> Self:
        """Reads features that another program made: row i of a ``.npy`` matrix belongs to row i of a table.

        Args:
            matrix: a ``.npy`` file [n_images, n_features]; memory-mapped.
            table: CSV, TSV or Parquet with the column ``image`` or ``path`` (the ids) and maybe ``source``.
            encoder: name of what made the features.

        Raises:
            DataError: a file is missing or damaged, the table lacks the column, rows and ids don't match.
        """
        rows = read_table(table)
        sources = rows.column("source") if "source" in rows else None
        values = load_array(Path(matrix))
        try:
            return cls(rows.column(*IMAGE_COLUMNS), values, sources=sources, encoder=encoder)
        except DataError as error:
            raise DataError(f"{matrix} and {table} do not go together: {error}") from None

    @classmethod
    def join(cls, features: Sequence[ImageFeatures]) -> Self:
        """Joins the features that several encoders gave the same images, each encoder's rows at unit length.

        They are those of the joined encoder, such as ``"efficientnet-lite0+efficientnet-lite2"``.

        Args:
            features: at least one, with the same images and sources in the same order.

        Raises:
            DataError: the images or their sources differ.
        """
        check_same_images([(one.encoder, one.ids, one.sources) for one in features])
        first = features[0]
        known = [one.encoder_fingerprint for one in features if one.encoder_fingerprint is not None]
        return cls(
            first.ids,
            side_by_side([one.matrix for one in features]),
            sources=first.sources,
            encoder=joined_name(one.encoder for one in features),
            encoder_fingerprint=joined_fingerprint(known) if len(known) == len(features) else None,
        )

    @classmethod
    def extract(
        cls,
        images: str | os.PathLike[str],
        encoder: str | ImageEncoder = "efficientnet-lite0",
        *,
        directory: str | os.PathLike[str] | None = None,
        sources: Sources | None = None,
        source_column: str | None = None,
        batch_size: int = 16,
        workers: int | None = None,
        dtype: str = "float16",
        max_broken: float = 0.05,
    ) -> Self:
        """Encodes images; a stopped run goes on when it is started again with the same ``directory``.

        Args:
            images: a folder of images, a table with the column ``image`` or ``path``, or img2dataset tar shards;
                see :func:`wordsight.images.image_files.find_images`.
            encoder: a name (see :func:`wordsight.images.encoders.registry.image_encoder`) or an encoder.
            directory: where to write the features directory; None keeps the features in memory.
            sources: the collection that each image belongs to (a vendor's drawings, a data set), where there are
                several: ``"folders"`` for the first folder in the ids, one source an image, or image id → source.
            source_column: the column of the table that names each image's source; None: ``source``, if there is one.
            batch_size: images that go through the encoder together; 16 suits a CPU, 128 or more a GPU.
            workers: threads that read and decode images ahead of the encoder; None is one for each core.
            dtype: how the features are stored, ``"float16"`` or ``"float32"``.
            max_broken: share of the images that may be broken; these are skipped and listed in ``broken.tsv``.

        Raises:
            DataError: no images, too many broken ones, features that are not finite, or sources that do not fit.
            ParameterError: a setting is out of its bounds, or the sources are given twice.
            UnknownNameError: no such encoder, or ``sources`` is another text than ``"folders"``.
            WriteError: the directory cannot be written.
        """
        settings = Settings(batch_size, n_workers(workers), dtype, max_broken)
        files = find_images(images, sources=sources, source_column=source_column)
        if isinstance(encoder, str):
            encoder = image_encoder(encoder)
        if directory is not None:
            extract(files, encoder, Path(directory), settings)
            return cls.load(directory)
        with tempfile.TemporaryDirectory() as scratch:
            extract(files, encoder, Path(scratch, "features"), settings)
            features = cls.load(Path(scratch, "features"))
            return cls(features.ids, np.array(features.matrix), sources=features.sources, **features.encoder_facts)
