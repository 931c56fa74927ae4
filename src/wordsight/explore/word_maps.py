"""Maps: all words of a space in two dimensions, by principal components at once and by t-SNE when it is done."""

from __future__ import annotations

import logging
import threading
from typing import Any

import numpy as np

from wordsight.errors import WordsightError
from wordsight.explore.space import Space
from wordsight.vectors.layouts import principal_components
from wordsight.vectors.tsne import TSNE, why_not

log = logging.getLogger(__name__)

METHODS = ("pca", "tsne")


class WordMap:
    """The maps of one space.

    Args:
        space: the words.
        turn: whoever holds it computes: one t-SNE at a time.
    """

    def __init__(self, space: Space, turn: threading.Lock) -> None:
        self._space = space
        self._tsne = TSNE(space.vectors, space.name, turn)
        self._once = threading.Lock()
        self._points: dict[str, np.ndarray] = {}
        self._reason = ""
        self._started = False

    def state(self, method: str) -> dict[str, Any]:
        """How far a map is; the first question after t-SNE starts it."""
        if method == "tsne" and method not in self._points:
            return self._tsne_state()
        self.points(method)
        return self._said("ready", 1.0)

    def _tsne_state(self) -> dict[str, Any]:
        if reason := why_not(self._space.vectors):
            return self._said("unavailable", 0.0, reason)
        with self._once:
            if not self._started:
                self._started = True
                threading.Thread(target=self._compute, daemon=True).start()
        if self._reason:
            return self._said("failed", 0.0, self._reason)
        return self._said("computing", round(self._tsne.fraction, 3))

    def _said(self, state: str, fraction: float, reason: str = "") -> dict[str, Any]:
        return {"state": state, "fraction": fraction, "n": len(self._space), "reason": reason}

    def points(self, method: str) -> np.ndarray | None:
        """A finished map, float32 ``[n_words, 2]``; None while t-SNE is not done."""
        if method == "pca":
            with self._once:
                if method not in self._points:
                    self._points[method] = principal_components(self._space.vectors)
        return self._points.get(method)

    def wait_for_tsne(self) -> np.ndarray:
        """The t-SNE map, from the cache or computed now.

        Raises:
            ParameterError: it cannot be computed.
        """
        self._points["tsne"] = self._tsne.points()
        return self._points["tsne"]

    def _compute(self) -> None:
        try:
            self.wait_for_tsne()
        except WordsightError as error:
            self._reason = str(error)
            log.warning("%s: %s", self._space.name, error)

    def stop(self) -> None:
        """Ends the process that computes, if one does."""
        self._tsne.stop()
