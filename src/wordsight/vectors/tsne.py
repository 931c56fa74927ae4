"""TSNE: words in two dimensions by t-SNE, computed in a process of its own and kept in the cache."""

from __future__ import annotations

import contextlib
import importlib.util
import logging
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np

from wordsight.errors import ParameterError, WordsightError
from wordsight.progress import progress
from wordsight.storage.arrays import load_array
from wordsight.storage.atomic import replace_file
from wordsight.storage.caches import cache_folder
from wordsight.storage.hashes import fingerprint
from wordsight.vectors.layouts import in_square
from wordsight.vectors.tsne_process import SETTINGS
from wordsight.vectors.word_vectors import WordVectors
from wordsight.version import versions

log = logging.getLogger(__name__)

FEWEST = 10
"""With fewer words there is nothing to arrange."""
_VERSION = 1
"""To be raised when a layout of the same vectors and settings changes."""


def why_not(vectors: WordVectors) -> str:
    """Why there is no t-SNE of vectors; empty where there is."""
    if importlib.util.find_spec("openTSNE") is None:
        return "t-SNE needs the package openTSNE; type: pip install 'wordsight[map]'"
    if len(vectors) < FEWEST:
        return f"{len(vectors)} words are too few for t-SNE"
    return ""


class TSNE:
    """The t-SNE of vectors.

    Args:
        vectors: the words.
        name: what the progress bar calls them.
        turn: whoever holds it computes; None: nobody else does.

    Attributes:
        fraction: how much is done, from 0 to 1.
    """

    def __init__(self, vectors: WordVectors, name: str = "words", turn: threading.Lock | None = None) -> None:
        self._vectors, self._name, self._turn = vectors, name, turn or threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self.fraction = 0.0

    def points(self) -> np.ndarray:
        """Takes the layout from the cache, or computes it and puts it there, float32 ``[n_words, 2]`` in [-1, 1].

        Raises:
            ParameterError: it cannot be computed; the message says why.
        """
        if reason := why_not(self._vectors):
            raise ParameterError(reason)
        try:
            path = cache_folder("maps") / f"tsne-{self._key()}.npy"
            points = _cached(path, len(self._vectors))
            if points is None:
                with self._turn:
                    points = self._computed()
                _keep(path, points)
            return points
        except (WordsightError, OSError, subprocess.SubprocessError) as error:
            raise ParameterError(f"t-SNE could not be computed: {error}") from error

    def _key(self) -> str:
        facts = {"version": _VERSION, **versions("openTSNE", "numpy"), **SETTINGS}
        return fingerprint(self._vectors.fingerprint, repr(sorted(facts.items())))

    def _computed(self) -> np.ndarray:
        """The layout, computed by a process of its own, which no question waits for."""
        with tempfile.TemporaryDirectory() as directory:
            folder = Path(directory)
            np.save(folder / "unit.npy", self._vectors.matrix * self._vectors.scales[:, None])
            np.save(folder / "rows.npy", self._vectors.most_frequent(SETTINGS["most_fitted"]))
            command = [sys.executable, "-m", "wordsight.vectors.tsne_process", directory]
            with (
                progress(f"map of {self._name}", 1.0) as advance,
                subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process,
            ):
                self._process = process
                self._follow(process, advance)
                errors = process.stderr.read() if process.stderr else ""
            if process.returncode:
                raise ParameterError(errors.strip().rpartition("\n")[2] or f"exit code {process.returncode}")
            return in_square(load_array(folder / "points.npy", mmap=False))

    def _follow(self, process: subprocess.Popen[str], advance: Callable[..., None]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            done = float(line)
            advance(done - self.fraction)
            self.fraction = done

    def stop(self) -> None:
        """Ends the process that computes, if one does."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()


def _cached(path: Path, n_words: int) -> np.ndarray | None:
    """A layout that was kept, if it is whole."""
    with contextlib.suppress(WordsightError):
        points = load_array(path, mmap=False)
        if points.shape == (n_words, 2) and points.dtype == np.float32 and np.isfinite(points).all():
            return points
    return None


def _keep(path: Path, points: np.ndarray) -> None:
    try:
        with replace_file(path) as temporary, temporary.open("wb") as stream:
            np.save(stream, points)
    except WordsightError as error:
        log.warning("the map is not kept: %s", error)
