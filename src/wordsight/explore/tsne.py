"""t-SNE in a process of its own: ``python -m wordsight.explore.tsne FOLDER``; a line of output is the part done.

The folder holds ``unit.npy`` (float32 ``[n_words, dim]``, unit rows) and ``rows.npy`` (which rows are fitted);
``points.npy`` (``[n_words, 2]``) is written there.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np

from wordsight.explore.word_maps import SETTINGS
from wordsight.extras import require
from wordsight.vectors.search import nearest_at_once, row_scales

EARLY, LATE = 250, 500
"""Iterations with exaggeration and without (Belkina et al., 2019)."""
_EVERY = 10
_FIT = 0.9
"""The part of the work that is the fit."""
_BLOCK = 512


def tell(fraction: float) -> None:
    """Says how much is done."""
    sys.stdout.write(f"{fraction:.4f}\n")
    sys.stdout.flush()


def fitted(unit: np.ndarray) -> np.ndarray:
    """Arranges words by t-SNE (van der Maaten and Hinton, 2008), as openTSNE computes it, float32 ``[n, 2]``."""
    calls = 0

    def step(iteration: int, error: float, embedding: np.ndarray) -> None:
        nonlocal calls
        calls += 1
        tell(min(1.0, calls * _EVERY / (EARLY + LATE)) * _FIT)

    method = require("openTSNE").TSNE(
        perplexity=min(SETTINGS["perplexity"], (len(unit) - 1) / 3),
        metric="cosine",
        initialization="pca",
        early_exaggeration_iter=EARLY,
        n_iter=LATE,
        callbacks=step,
        callbacks_every_iters=_EVERY,
        random_state=SETTINGS["seed"],
        n_jobs=1,
    )
    return np.asarray(method.fit(unit), dtype=np.float32)


def placed(unit: np.ndarray, rows: np.ndarray, points: np.ndarray) -> np.ndarray:
    """All words: those fitted, and each other one at the median of its nearest among these, float32 ``[n_words, 2]``.

    Args:
        unit: float32 ``[n_words, dim]``, unit rows.
        rows: int64 ``[n_fitted]``, which are fitted.
        points: float32 ``[n_fitted, 2]``, where these are.
    """
    everywhere = np.empty((len(unit), 2), dtype=np.float32)
    everywhere[rows] = points
    known, others = np.ascontiguousarray(unit[rows]), np.setdiff1d(np.arange(len(unit)), rows)
    scales = row_scales(known)
    for start in range(0, len(others), _BLOCK):
        block = others[start : start + _BLOCK]
        near, _ = nearest_at_once(unit[block], known, scales, min(SETTINGS["neighbours"], len(rows)))
        everywhere[block] = np.median(points[near], axis=1)
        tell(_FIT + (1 - _FIT) * (start + len(block)) / len(others))
    return everywhere


def main(folder: Path) -> None:
    """Computes the map; everything else on this machine goes first."""
    if hasattr(os, "nice"):
        os.nice(10)
    unit = np.load(folder / "unit.npy", mmap_mode="r", allow_pickle=False)
    rows = np.load(folder / "rows.npy", allow_pickle=False)
    np.save(folder / "points.npy", placed(unit, rows, fitted(np.array(unit[rows]))))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
