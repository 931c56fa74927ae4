"""PartialFeatures: what an unfinished extraction keeps on disk, so that it can go on later."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from wordsight.errors import DataError, WordsightError, WriteError
from wordsight.storage.atomic import replace_file
from wordsight.storage.json_toml import write_json
from wordsight.storage.plain_text import read_lines, write_lines
from wordsight.storage.unfinished import UnfinishedRun, cannot_write

logger = logging.getLogger(__name__)

_SECONDS_BETWEEN_SAVES = 20.0


class PartialFeatures:
    """Rows of features as they come, in a folder of their own; a context manager.

    The folder holds what :class:`~wordsight.storage.unfinished.UnfinishedRun` puts there, ``ids.txt`` (all images of
    the run), ``rows.bin`` (the rows) and ``progress.json``, which says how many rows count; rows that a crash left
    after these are cut off.

    Attributes:
        done: how many images are done, broken ones included.
        broken: index of each broken image → why it is broken.
    """

    def __init__(self, directory: Path, settings: Mapping[str, Any], ids: Sequence[str], row: np.dtype) -> None:
        """Opens the folder, or makes it.

        Args:
            directory: the folder.
            settings: what must be the same for a run to go on.
            ids: the images of the run, in order.
            row: dtype of a row, e.g. ``np.dtype(("float16", 1280))``.

        Raises:
            DataError: it holds another run (the message names the difference) or is damaged.
            WriteError: it cannot be written.
        """
        self._partial = UnfinishedRun(directory, "extraction", settings)
        self.directory = directory
        self.done = 0
        self.broken: dict[int, str] = {}
        self._row = row
        try:
            if (directory / "ids.txt").exists():
                self._resume(ids)
            else:
                with replace_file(directory / "ids.txt") as temporary:
                    write_lines(temporary, list(ids))
            self._stream = (directory / "rows.bin").open("ab")
            self._stream.truncate(self._n_rows * row.itemsize)
        except OSError as error:
            raise cannot_write(directory, error) from error
        self._saved = time.monotonic()

    def _resume(self, ids: Sequence[str]) -> None:
        begun = read_lines(self.directory / "ids.txt")
        if begun != list(ids):
            differing = next((f"{a!r} was {b!r}" for a, b in zip(ids, begun, strict=False) if a != b), None)
            difference = f"image {differing}" if differing else f"there were {len(begun)} images, now {len(ids)}"
            raise DataError(f"{self.directory} was begun with other images ({difference}); {self._partial.advice}")
        path = self.directory / "progress.json"
        if not path.exists():
            return
        try:
            state = json.loads(path.read_text(encoding="utf-8"))
            self.done = int(state["done"])
            self.broken = {int(index): str(reason) for index, reason in state["broken"].items()}
            whole = (self.directory / "rows.bin").stat().st_size >= self._n_rows * self._row.itemsize
            whole = whole and 0 <= self._n_rows <= self.done <= len(ids)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError, FileNotFoundError):
            whole = False
        if not whole:
            raise DataError(f"{self.directory} is damaged; delete it to begin anew")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """Keeps what there is for the next run, except after an error of the input, which would only come again."""
        if isinstance(error, KeyboardInterrupt):
            logger.warning("stopped after %d images; run it again with the same settings to go on", self.done)
        hopeless = isinstance(error, WordsightError) and not isinstance(error, WriteError)
        try:
            if not hopeless:
                self.save()
        finally:
            with contextlib.suppress(OSError):  # a failure to write was raised already
                self._stream.close()
        if hopeless:
            self.discard()

    @property
    def _n_rows(self) -> int:
        return self.done - len(self.broken)

    def append(self, rows: np.ndarray, broken: Mapping[int, str], n_images: int) -> None:
        """Adds the next images.

        Args:
            rows: features [n_images - len(broken), n_features] of those that are not broken.
            broken: index in the run → reason.
            n_images: how many images these are.

        Raises:
            WriteError: the disk is full, for example.
        """
        try:
            self._stream.write(np.ascontiguousarray(rows, dtype=self._row.base).tobytes())
            self._stream.flush()
        except OSError as error:
            raise cannot_write(self.directory, error) from error
        self.broken.update(broken)
        self.done += n_images  # last, so that an interruption before leaves these images undone
        if time.monotonic() - self._saved > _SECONDS_BETWEEN_SAVES:
            self.save()

    def save(self) -> None:
        """Makes sure that all rows are on the disk, then says so in ``progress.json``.

        Raises:
            WriteError: the disk is full, for example.
        """
        try:
            self._stream.flush()
            os.fsync(self._stream.fileno())
            broken = {index: reason for index, reason in self.broken.items() if index < self.done}
            with replace_file(self.directory / "progress.json") as temporary:
                write_json(temporary, {"done": self.done, "broken": broken})
        except OSError as error:
            raise cannot_write(self.directory, error) from error
        self._saved = time.monotonic()

    def matrix(self) -> np.ndarray:
        """Maps all rows so far into memory, [n_rows, n_features]."""
        self.save()
        if not self._n_rows:
            return np.empty((0, *self._row.shape), self._row.base)
        return np.memmap(self.directory / "rows.bin", self._row.base, mode="r", shape=(self._n_rows, *self._row.shape))

    def discard(self) -> None:
        """Deletes the folder."""
        self._partial.discard()
