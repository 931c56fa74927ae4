"""Maps: all words of a space in two dimensions, by principal components at once and by t-SNE when it is done."""

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
from typing import Any

import numpy as np

from wordsight.errors import ParameterError, WordsightError
from wordsight.explore.space import Space
from wordsight.progress import progress
from wordsight.storage.arrays import load_array
from wordsight.storage.atomic import replace_file
from wordsight.storage.caches import cache_folder
from wordsight.storage.hashes import fingerprint
from wordsight.version import versions

log = logging.getLogger(__name__)

METHODS = ("pca", "tsne")
SETTINGS = {"perplexity": 30, "most_fitted": 20_000, "neighbours": 10, "seed": 0}
"""What t-SNE depends on beside the vectors. The most frequent words are fitted (20,000 take minutes, 400,000 would
take hours); each other word stands at the median of its nearest among them."""
FEWEST = 10
"""With fewer words there is nothing to arrange."""
_VERSION = 1
"""To be raised when a map of the same vectors and settings changes."""


def principal_components(space: Space) -> np.ndarray:
    """The unit vectors on their two directions of most variance, float32 ``[n_words, 2]`` in [-1, 1]."""
    matrix, scales = space.vectors.matrix, space.vectors.scales
    dim = matrix.shape[1]
    total, squares = np.zeros(dim), np.zeros((dim, dim))
    for start in range(0, len(matrix), 4096):
        unit = matrix[start : start + 4096] * scales[start : start + 4096, None]
        total += unit.sum(axis=0, dtype=np.float64)
        squares += unit.T @ unit
    mean = total / len(matrix)
    directions = np.linalg.eigh(squares / len(matrix) - np.outer(mean, mean))[1][:, ::-1][:, :2]
    if dim == 1:
        directions = np.pad(directions, ((0, 0), (0, 1)))
    # Which way a direction points is arbitrary; this makes it the same on every machine.
    directions = directions * np.where(directions[np.abs(directions).argmax(axis=0), range(2)] < 0, -1, 1)
    projected = (matrix @ directions.astype(np.float32)) * scales[:, None]
    return in_square(projected - (mean @ directions).astype(np.float32))


def in_square(xy: np.ndarray) -> np.ndarray:
    """Points moved and scaled into [-1, 1], both directions alike, float32."""
    low, high = xy.min(axis=0), xy.max(axis=0)
    half = float((high - low).max()) / 2 or 1.0
    scaled: np.ndarray = ((xy - (low + high) / 2) / half).astype(np.float32).clip(-1, 1)
    return scaled


class WordMap:
    """The maps of one space.

    Args:
        space: the words.
        turn: whoever holds it computes: one t-SNE at a time.
    """

    def __init__(self, space: Space, turn: threading.Lock) -> None:
        self._space, self._turn = space, turn
        self._once = threading.Lock()
        self._points: dict[str, np.ndarray] = {}
        self._fraction, self._reason = 0.0, ""
        self._started = False
        self._process: subprocess.Popen[str] | None = None

    def state(self, method: str) -> dict[str, Any]:
        """How far a map is; the first question after t-SNE starts it."""
        if method == "tsne" and method not in self._points:
            return self._tsne_state()
        self.points(method)
        return self._said("ready", 1.0)

    def _tsne_state(self) -> dict[str, Any]:
        if reason := why_not(self._space):
            return self._said("unavailable", 0.0, reason)
        with self._once:
            if not self._started:
                self._started = True
                threading.Thread(target=self._compute, daemon=True).start()
        if self._reason:
            return self._said("failed", 0.0, self._reason)
        return self._said("computing", round(self._fraction, 3))

    def _said(self, state: str, fraction: float, reason: str = "") -> dict[str, Any]:
        return {"state": state, "fraction": fraction, "n": len(self._space), "reason": reason}

    def points(self, method: str) -> np.ndarray | None:
        """A finished map, float32 ``[n_words, 2]``; None while t-SNE is not done."""
        if method == "pca":
            with self._once:
                if method not in self._points:
                    self._points[method] = principal_components(self._space)
        return self._points.get(method)

    def wait_for_tsne(self) -> np.ndarray:
        """The t-SNE map, from the cache or computed now.

        Raises:
            ParameterError: it cannot be computed.
        """
        if reason := why_not(self._space):
            raise ParameterError(reason)
        self._compute()
        if self._reason:
            raise ParameterError(self._reason)
        return self._points["tsne"]

    def _compute(self) -> None:
        """Takes the map from the cache, or computes it and puts it there."""
        try:
            path = cache_folder("maps") / f"tsne-{self._key()}.npy"
            points = _cached(path, len(self._space))
            if points is None:
                with self._turn:
                    points = self._computed()
                _keep(path, points)
            self._points["tsne"] = points
        except (WordsightError, OSError, subprocess.SubprocessError) as error:
            self._reason = f"t-SNE could not be computed: {error}"
            log.warning("%s: %s", self._space.name, self._reason)

    def _key(self) -> str:
        facts = {"version": _VERSION, **versions("openTSNE", "numpy"), **SETTINGS}
        return fingerprint(self._space.vectors.fingerprint, repr(sorted(facts.items())))

    def _computed(self) -> np.ndarray:
        """The map, computed by a process of its own, which no question waits for."""
        with tempfile.TemporaryDirectory() as directory:
            folder = Path(directory)
            vectors = self._space.vectors
            np.save(folder / "unit.npy", vectors.matrix * vectors.scales[:, None])
            np.save(folder / "rows.npy", self._space.most_frequent(SETTINGS["most_fitted"]))
            command = [sys.executable, "-m", "wordsight.explore.tsne", directory]
            with (
                progress(f"map of {self._space.name}", 1.0) as advance,
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
            advance(done - self._fraction)
            self._fraction = done

    def stop(self) -> None:
        """Ends the process that computes, if one does."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()


def why_not(space: Space) -> str:
    """Why there is no t-SNE of a space; empty where there is."""
    if importlib.util.find_spec("openTSNE") is None:
        return "t-SNE needs the package openTSNE; type: pip install 'wordsight[map]'"
    if len(space) < FEWEST:
        return f"{len(space)} words are too few for t-SNE"
    return ""


def _cached(path: Path, n_words: int) -> np.ndarray | None:
    """A map that was kept, if it is whole."""
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
