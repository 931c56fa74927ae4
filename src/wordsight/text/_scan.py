"""Scan: the first pass over a text, which writes provisional word ids and can go on after a kill."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any, Self

import numpy as np

from wordsight.errors import DataError
from wordsight.storage.atomic import replace_file
from wordsight.storage.tensors import read_metadata, read_tensors, write_tensors
from wordsight.text._word_table import WordTable

SECONDS_BETWEEN_SAVES = 60.0


class Scan:
    """The results of a first pass so far; a context manager.

    ``ids.bin`` (int32) and ``ends.bin`` (int64) grow; ``scan.safetensors`` has the words and how many of both count.

    Attributes:
        table: the words with their counts and provisional ids.
        n_ids: how many ids there are.
        position: the position that :meth:`save` got last, in this or an earlier run; None before.
    """

    def __init__(self, folder: Path) -> None:
        """Goes on with the pass that a folder holds, or begins one.

        Raises:
            DataError: the folder is damaged.
        """
        self._folder = folder
        self._state = folder / "scan.safetensors"
        self.table = WordTable()
        self.n_ids = self._n_ends = 0
        self.position: Any = None
        if self._state.exists():
            self._restore()
        self._ids, self._ends = (folder / "ids.bin").open("ab"), (folder / "ends.bin").open("ab")
        for stream, size in ((self._ids, 4 * self.n_ids), (self._ends, 8 * self._n_ends)):
            if stream.tell() < size:
                raise DataError(f"{stream.name} is cut off; delete {folder} to begin anew")
            stream.truncate(size)
        self._saved = time.monotonic()

    def _restore(self) -> None:
        metadata = read_metadata(self._state)
        try:
            self.n_ids, self._n_ends, self.position = json.loads(metadata["scan"])
            self.table = WordTable.restored(read_tensors(self._state))
        except (KeyError, ValueError, TypeError) as error:
            raise DataError(f"{self._state} is damaged ({error}); delete {self._folder} to begin anew") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ids.close()
        self._ends.close()

    def add(self, block: bytes) -> int:
        """Counts and encodes a normalised block; returns its number of words."""
        encoded = self.table.encode(block)
        self._ids.write(encoded.ids.data)
        self._ends.write((encoded.ends + self.n_ids).data)
        self.n_ids += len(encoded.ids)
        self._n_ends += len(encoded.ends)
        return len(encoded.ids)

    @property
    def due(self) -> bool:
        """True where it is time to call :meth:`save`."""
        return time.monotonic() - self._saved >= SECONDS_BETWEEN_SAVES

    def save(self, position: Any) -> None:
        """Makes sure that everything is on the disk, then records how much there is.

        Args:
            position: where the pass is in the text, a JSON value.
        """
        for stream in (self._ids, self._ends):
            stream.flush()
            os.fsync(stream.fileno())
        with replace_file(self._state) as temporary:
            scan = json.dumps([self.n_ids, self._n_ends, position])
            write_tensors(temporary, self.table.state(), {"scan": scan})
        self.position, self._saved = position, time.monotonic()

    def ends(self) -> np.ndarray:
        """Returns the position among the ids at which each document ends, int64 [n_documents]."""
        self._ends.flush()
        return np.fromfile(self._folder / "ends.bin", dtype=np.int64)

    def ids_path(self) -> Path:
        """Returns the path of the file with all ids, int32."""
        self._ids.flush()
        return self._folder / "ids.bin"
