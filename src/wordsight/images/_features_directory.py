"""The features directory on disk: the matrix, the ids, the sources and ``config.json``, as plain arrays and lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from wordsight.storage.arrays import load_array
from wordsight.storage.config import read_config
from wordsight.storage.hashes import fingerprint
from wordsight.storage.json_toml import write_json
from wordsight.storage.plain_text import read_lines, write_lines

KIND = "features"
FORMAT_VERSION = 2
"""Version 1 took each image's folder for its source. In version 2 the user says the sources."""


class StoredFeatures(NamedTuple):
    """The contents of a features directory.

    Attributes:
        matrix: float16 or float32 [n_images, n_features], memory-mapped.
        ids: one an image.
        sources: one an image, or None.
        config: what ``config.json`` says.
    """

    matrix: np.ndarray
    ids: list[str]
    sources: list[str] | None
    config: dict[str, Any]

    @property
    def guessed_sources(self) -> bool:
        """True where wordsight 0.1 extracted these features and guessed their sources from the images' folders."""
        extracted = "n_broken" in self.config  # only extraction says so
        folders = [image.partition("/")[0] if "/" in image else "." for image in self.ids]
        return self.config.get("format_version", 1) < 2 and extracted and self.sources == folders


def features_fingerprint(matrix: np.ndarray, ids: Sequence[str], sources: Sequence[str] | None) -> str:
    """Computes a short hash of all values, ids and sources."""
    return fingerprint(matrix, "\n".join(ids), "\n".join(sources or ()))


def write_features(
    directory: Path,
    matrix: np.ndarray,
    ids: Sequence[str],
    sources: Sequence[str] | None,
    facts: Mapping[str, Any],
) -> None:
    """Writes ``features.npy``, ``ids.txt``, ``sources.txt`` and ``config.json`` into an existing directory.

    Args:
        directory: the existing directory.
        matrix: float16 or float32 [n_images, n_features].
        ids: one an image.
        sources: one an image, or None.
        facts: what else ``config.json`` says: the encoder and the like.
    """
    np.save(directory / "features.npy", matrix, allow_pickle=False)
    write_lines(directory / "ids.txt", list(ids))
    if sources is not None:
        write_lines(directory / "sources.txt", list(sources))
    config = {
        "kind": KIND,
        "format_version": FORMAT_VERSION,
        "n_images": len(matrix),
        "n_features": matrix.shape[1],
        "dtype": matrix.dtype.name,
        "fingerprint": features_fingerprint(matrix, ids, sources),
    }
    write_json(directory / "config.json", config | dict(facts))


def read_features(directory: Path) -> StoredFeatures:
    """Opens a features directory; the matrix stays on disk, memory-mapped.

    Raises:
        DataError: the directory is missing, damaged or not one of features.
    """
    config = read_config(directory, KIND, version=FORMAT_VERSION)
    matrix = load_array(directory / "features.npy")
    sources = directory / "sources.txt"
    return StoredFeatures(
        matrix, read_lines(directory / "ids.txt"), read_lines(sources) if sources.exists() else None, config
    )
