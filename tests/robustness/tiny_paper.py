"""A paper made up for the kills: two models a seed, on a tiny corpus."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from wordsight.models.sgns import SGNS
from wordsight.papers.base import Cell, ReportTable, Reproduction, fitted
from wordsight.text.corpus import Corpus


class TinyReproduction(Reproduction):
    """Skip-gram with two windows."""

    name = "tiny"

    def cells(self, data: Path, tables: Sequence[str], seeds: Sequence[int]) -> Iterator[Cell]:
        self._corpus = Corpus.load(data / "corpus")
        for seed in seeds:
            for window in (1, 2):
                model = SGNS(dim=8, epochs=2, window=window, subsample=0, seed=seed, workers=1)
                yield Cell({"window": window, "seed": seed}, functools.partial(self._fit, model))

    def _fit(self, model: SGNS) -> list[dict[str, Any]]:
        vectors = fitted(model, self._corpus).vectors_.matrix
        return [{"window": model.window, "seed": model.seed, "numbers": vectors[0].tolist()}]

    def tables(self, rows: Sequence[dict[str, Any]]) -> list[ReportTable]:
        return [ReportTable("Numbers", ("seed", "number"), [(str(r["seed"]), repr(r["numbers"][0])) for r in rows])]
