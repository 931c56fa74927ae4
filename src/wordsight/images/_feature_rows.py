"""Checks of the rows of image features: finite numbers, one unique id and maybe one source a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from wordsight.errors import DataError, ParameterError, refuse_string

_BLOCK = 8192
"""Rows that are looked at together, so that a memory-mapped matrix stays on disk."""


def listed_ids(ids: Sequence[str]) -> list[str]:
    """The ids as a list.

    Raises:
        ParameterError: they are one string, or the matrix stands where they belong.
    """
    refuse_string(ids, "ids")
    if isinstance(ids, np.ndarray) and ids.ndim != 1:
        raise ParameterError("the ids of ImageFeatures come first, then the matrix: ImageFeatures(ids, matrix)")
    return list(ids)


def read_only_matrix(matrix: np.ndarray) -> np.ndarray:
    """Makes a read-only view of a float16 or float32 matrix; converts other numbers to float32.

    Raises:
        DataError: it is no matrix of numbers.
    """
    matrix = np.asarray(matrix)
    if matrix.ndim != 2 or matrix.dtype.kind not in "fiub":
        shape = f"{matrix.dtype} {list(matrix.shape)}"
        raise DataError(f"features must be a matrix of numbers [n_images, n_features], not {shape}")
    with np.errstate(over="ignore"):  # check_rows finds and names what becomes infinite
        view = matrix.view() if matrix.dtype in (np.float16, np.float32) else matrix.astype(np.float32)
    view.flags.writeable = False
    return view


def check_rows(matrix: np.ndarray, ids: Sequence[str], sources: Sequence[str] | None, index: Mapping[str, int]) -> None:
    """Checks that rows, ids and sources fit together.

    Args:
        matrix: [n_images, n_features].
        ids: one a row.
        sources: one a row, or None.
        index: id → its last row.

    Raises:
        DataError: there are more or fewer ids or sources than rows, one is no single line, an id comes twice, or a
            feature is not finite.
    """
    for what, lines in (("ids", ids), ("sources", sources)):
        if lines is not None and len(lines) != len(matrix):
            raise DataError(f"{len(matrix)} rows of features but {len(lines)} {what}; one a row is needed")
        bad = next((line for line in lines or () if not line or "\n" in line), None)
        if bad is not None:
            raise DataError(f"{what} must be single lines that are not empty, but one is {bad!r}")
    if len(index) < len(ids):
        twice = next(image for row, image in enumerate(ids) if index[image] != row)
        raise DataError(f"the image id {twice!r} comes twice; ids must be unique")
    for start in range(0, len(matrix), _BLOCK):
        finite = np.isfinite(matrix[start : start + _BLOCK]).all(axis=1)
        if not finite.all():
            row = start + int(finite.argmin())
            raise DataError(f"the features of image {ids[row]!r} (row {row}) are not all finite; remove it")


def check_same_images(facts: Sequence[tuple[str, list[str], list[str] | None]]) -> None:
    """Checks that features are of the same images.

    Args:
        facts: encoder, ids and sources of each.

    Raises:
        DataError: the images or their sources differ, or their order.
    """
    (first, *images), *others = facts
    for encoder, *other in others:
        if other != images:
            raise DataError(
                f"the features of {first} and {encoder} are not of the same images, in the same order and with the "
                "same sources; extract both from one table"
            )
