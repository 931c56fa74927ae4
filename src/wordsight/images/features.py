"""ImageFeatures: what an encoder saw in each image, one row an image."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np

from wordsight.errors import DataError, unknown_name
from wordsight.images.encoders.base import ImageEncoder
from wordsight.images.transforms import Chain
from wordsight.storage.arrays import load_array
from wordsight.storage.atomic import replace_directory, unchanging
from wordsight.storage.config import read_config
from wordsight.storage.hashes import fingerprint
from wordsight.storage.json_toml import write_json
from wordsight.storage.plain_text import read_lines, write_lines
from wordsight.storage.tables import read_table

KIND = "features"
FORMAT_VERSION = 1


class ImageFeatures:
    """An immutable matrix of image features with the id of each row.

    Attributes:
        matrix: float16 or float32 [n_images, n_features], read-only, maybe memory-mapped.
        ids: the image of each row; unique.
        sources: the group each image comes from (a vendor, a collection), or None.
        encoder: name of the encoder that made the features; ``encoder_fingerprint``: its fingerprint, if known.
    """

    def __init__(
        self,
        matrix: np.ndarray,
        ids: Sequence[str],
        *,
        sources: Sequence[str] | None = None,
        encoder: str = "unknown",
        encoder_fingerprint: str | None = None,
    ) -> None:
        """Checks that everything fits together.

        Args:
            matrix: numbers [n_images, n_features]; other dtypes than float16 and float32 are converted to float32.
            ids: one a row.
            sources: one a row, or None.
            encoder: name of the encoder.
            encoder_fingerprint: the encoder's.

        Raises:
            DataError: rows and ids don't match, an id comes twice, or a feature is NaN or infinite.
        """
        self.matrix = _read_only(matrix)
        self.ids = list(ids)
        self.sources = None if sources is None else list(sources)
        self.encoder = encoder
        self.encoder_fingerprint = encoder_fingerprint
        self._check()

    def _check(self) -> None:
        for what, lines in (("ids", self.ids), ("sources", self.sources)):
            if lines is not None and len(lines) != len(self.matrix):
                raise DataError(f"{len(self.matrix)} rows of features but {len(lines)} {what}; one a row is needed")
            bad = next((line for line in lines or () if not line or "\n" in line), None)
            if bad is not None:
                raise DataError(f"{what} must be single lines that are not empty, but one is {bad!r}")
        if len(self._index) < len(self.ids):
            twice = next(image for row, image in enumerate(self.ids) if self._index[image] != row)
            raise DataError(f"the image id {twice!r} comes twice; ids must be unique")
        block = 8192
        for start in range(0, len(self), block):
            finite = np.isfinite(self.matrix[start : start + block]).all(axis=1)
            if not finite.all():
                row = start + int(finite.argmin())
                raise DataError(f"the features of image {self.ids[row]!r} (row {row}) are not all finite; remove it")

    @cached_property
    def _index(self) -> dict[str, int]:
        return {image: row for row, image in enumerate(self.ids)}

    def __len__(self) -> int:
        return len(self.matrix)

    def __repr__(self) -> str:
        return f"ImageFeatures({len(self)} images, {self.n_features} features, encoder={self.encoder!r})"

    @property
    def n_features(self) -> int:
        """Number of columns."""
        return self.matrix.shape[1]

    @cached_property
    def fingerprint(self) -> str:
        """A short hash of all values, ids and sources: equal features have equal fingerprints."""
        return fingerprint(self.matrix, "\n".join(self.ids), "\n".join(self.sources or ()))

    @property
    def encoder_facts(self) -> dict[str, Any]:
        """The arguments ``encoder`` and ``encoder_fingerprint``."""
        return {"encoder": self.encoder, "encoder_fingerprint": self.encoder_fingerprint}

    def rows(self, ids: Sequence[str]) -> np.ndarray:
        """The row of each id, int64 [n].

        Raises:
            UnknownNameError: an image is not among the features; the message suggests ids of the same file name.
        """
        for image in ids:
            if image not in self._index:
                alike = next((known for known in self.ids if Path(known).stem == Path(image).stem), None)
                hint = f"did you mean {alike!r}?" if alike else f"ids here look like {', '.join(self.ids[:2])}"
                raise unknown_name("image", image, (), hint=hint)
        return np.array([self._index[image] for image in ids], dtype=np.int64)

    def transformed(self, chain: str | Chain) -> ImageFeatures:
        """New features, float32 [n_images, n_components], through a chain such as ``"centre svd:200:0.5"``.

        Args:
            chain: a text is fitted on these features; a fitted Chain is applied as it is.

        Raises:
            UnknownNameError, ParameterError, DataError: see :class:`~wordsight.images.transforms.Chain`.
        """
        if isinstance(chain, Chain):
            matrix = chain.transform(self.matrix, self.sources)
        else:
            matrix = Chain.parse(chain).fit_transform(self.matrix, self.sources)
        return self._with(matrix, f"{self.encoder} | {chain}")

    def control(self, kind: str, seed: int = 0) -> ImageFeatures:
        """Features that show nothing of their images, to tell what a model owes to sight.

        Args:
            kind: ``"shuffled"`` permutes the rows within their source; ``"random"`` is standard Gaussian noise.
            seed: of the permutation or the noise.

        Raises:
            UnknownNameError: no such kind.
        """
        controls: dict[str, Callable[[np.random.Generator], np.ndarray]] = {
            "shuffled": self._shuffled,
            "random": lambda rng: rng.standard_normal(self.matrix.shape, dtype=np.float32),
        }
        if kind not in controls:
            raise unknown_name("control", kind, controls, hint=f"there are: {', '.join(controls)}")
        return self._with(controls[kind](np.random.default_rng(seed)), f"{self.encoder} | {kind}, seed {seed}")

    def _shuffled(self, rng: np.random.Generator) -> np.ndarray:
        groups = np.unique(self.sources or ["all"] * len(self), return_inverse=True)[1]
        # Two orders of the rows, both group by group: as they are, and at random within each group.
        places, permuted = np.argsort(groups, kind="stable"), np.lexsort((rng.random(len(self)), groups))
        matrix = np.empty(self.matrix.shape, self.matrix.dtype)
        matrix[places] = self.matrix[permuted]
        return matrix

    def _with(self, matrix: np.ndarray, encoder: str) -> ImageFeatures:
        return ImageFeatures(matrix, self.ids, sources=self.sources, encoder=encoder)

    def save(self, directory: str | os.PathLike[str]) -> None:
        """Writes a features directory; an older one there is replaced once the new one is whole.

        Raises:
            WriteError: it cannot be written; nothing half-written is left.
        """
        with replace_directory(directory) as temporary:
            self.write(temporary, {})

    def write(self, directory: Path, facts: Mapping[str, Any]) -> None:
        """Writes features.npy, ids.txt, sources.txt and config.json into an existing directory.

        Args:
            directory: where to.
            facts: what else to keep in ``config.json``.
        """
        np.save(directory / "features.npy", self.matrix, allow_pickle=False)
        write_lines(directory / "ids.txt", self.ids)
        if self.sources is not None:
            write_lines(directory / "sources.txt", self.sources)
        config = {
            "kind": KIND,
            "format_version": FORMAT_VERSION,
            **self.encoder_facts,
            "n_images": len(self),
            "n_features": self.n_features,
            "dtype": self.matrix.dtype.name,
            "fingerprint": self.fingerprint,
        }
        write_json(directory / "config.json", config | dict(facts))

    @classmethod
    def load(cls, directory: str | os.PathLike[str]) -> Self:
        """Opens a features directory; the matrix stays on disk, memory-mapped.

        Raises:
            DataError: the directory is missing, damaged or not one of features.
        """
        return unchanging(directory, cls._load)

    @classmethod
    def _load(cls, directory: Path) -> Self:
        config = read_config(directory, KIND, version=FORMAT_VERSION)
        matrix = load_array(directory / "features.npy")
        ids, sources = read_lines(directory / "ids.txt"), directory / "sources.txt"
        encoder = {name: config[name] for name in ("encoder", "encoder_fingerprint") if name in config}
        try:
            return cls(matrix, ids, sources=read_lines(sources) if sources.exists() else None, **encoder)
        except DataError as error:
            raise DataError(f"{directory} is damaged: {error}") from None

    @classmethod
    def from_npy(
        cls,
        matrix: str | os.PathLike[str],
        table: str | os.PathLike[str],
        *,
        encoder: str = "unknown",
    ) -> Self:
        """Features that someone else made: row i of a ``.npy`` matrix belongs to row i of a table.

        Args:
            matrix: a ``.npy`` file [n_images, n_features]; memory-mapped.
            table: CSV, TSV or Parquet with the column ``image`` or ``path`` (the ids) and maybe ``source``.
            encoder: what made the features.

        Raises:
            DataError: a file is missing or damaged, the table lacks the column, rows and ids don't match.
        """
        rows = read_table(table)
        sources = rows.column("source") if "source" in rows else None
        values = load_array(Path(matrix))
        try:
            return cls(values, rows.column("image", "path"), sources=sources, encoder=encoder)
        except DataError as error:
            raise DataError(f"{matrix} and {table} do not go together: {error}") from None

    @classmethod
    def extract(
        cls,
        source: str | os.PathLike[str],
        encoder: str | ImageEncoder = "efficientnet-lite0",
        *,
        directory: str | os.PathLike[str] | None = None,
        batch_size: int = 16,
        workers: int | None = None,
        dtype: str = "float16",
        max_broken: float = 0.05,
    ) -> Self:
        """Encodes images; stopped and run again with the same ``directory``, it goes on where it was.

        Args:
            source: a folder of images, a table with the column ``image`` or ``path``, or img2dataset tar shards;
                see :func:`wordsight.images.image_files.find_images`.
            encoder: a name (see :meth:`wordsight.images.encoders.base.ImageEncoder.from_name`) or an encoder.
            directory: where to write the features directory; None keeps the features in memory.
            batch_size: images that go through the encoder together; 16 suits a CPU, 128 or more a GPU.
            workers: threads that read and decode images ahead of the encoder; None is one for each core.
            dtype: ``"float16"`` or ``"float32"``, of the stored features.
            max_broken: greatest share of images that may be broken; those are skipped and listed in ``broken.tsv``.

        Raises:
            DataError: no images, too many broken ones, or features that are not finite.
            ParameterError: a setting that makes no sense.
            WriteError: the directory cannot be written.
        """
        from wordsight.images._extraction import Settings, extract

        settings = Settings(batch_size, workers or os.cpu_count() or 1, dtype, max_broken)
        if isinstance(encoder, str):
            encoder = ImageEncoder.from_name(encoder)
        if directory is not None:
            extract(source, encoder, Path(directory), settings)
            return cls.load(directory)
        with tempfile.TemporaryDirectory() as scratch:
            extract(source, encoder, Path(scratch, KIND), settings)
            features = cls.load(Path(scratch, KIND))
            return cls(np.array(features.matrix), features.ids, sources=features.sources, **features.encoder_facts)


def _read_only(matrix: np.ndarray) -> np.ndarray:
    """A read-only view of a float16 or float32 matrix; other numbers are converted."""
    matrix = np.asarray(matrix)
    if matrix.ndim != 2 or matrix.dtype.kind not in "fiub":
        shape = f"{matrix.dtype} {list(matrix.shape)}"
        raise DataError(f"features must be a matrix of numbers [n_images, n_features], not {shape}")
    with np.errstate(over="ignore"):  # what becomes infinite is found and named afterwards
        view = matrix.view() if matrix.dtype in (np.float16, np.float32) else matrix.astype(np.float32)
    view.flags.writeable = False
    return view
