"""The tables and figures of WIELD (Covey et al. 2023), with the controls that tell sight from co-occurrence."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from wordsight.errors import DataError
from wordsight.evaluation.data.rated_pairs import read_pairs
from wordsight.evaluation.paired import compare
from wordsight.evaluation.tasks.similarity import similarity
from wordsight.grounding.captions import ImageCaptions
from wordsight.models.wield import WIELD
from wordsight.papers.base import Cell, ReportTable, Reproduction, Row, fitted
from wordsight.papers.recipes import ModelRecipe
from wordsight.papers.wield.data import captions_of, drawn, fingerprint_of
from wordsight.papers.wield.held_out import held_out_loss
from wordsight.papers.wield.plots import draw
from wordsight.papers.wield.tables import CONTROLS, MEN, SETS, tables
from wordsight.storage.streams import existing
from wordsight.vectors.word_vectors import WordVectors

Fit = dict[str, Any]
"""The facts that identify a fit: registry name, own hyperparameters, number of captions, seed."""

_KEPT = 48  # fitted models of a few megabytes: those of a seed, which its comparisons need again


class WIELDReproduction(Reproduction):
    """The reproduction of WIELD: WIELD and WIELD-input, each with its controls, on word similarity."""

    name = "wield"

    # ── what is computed ────────────────────────────────────────────────────────────────────────────────────────

    def cells(self, data: Path, tables: Sequence[str], seeds: Sequence[int]) -> Iterator[Cell]:
        """The scores of each model in the tables, then comparisons, neighbours, losses and pairs."""
        self._data = data
        for seed in seeds:
            for size in self.settings["sizes"]:
                for table in tables:
                    for fit in self._fits(table):
                        yield self._cell("scores", {**fit, "size": size, "seed": seed}, self._scores)
                if "table4" in tables:
                    yield from self._comparisons({"size": size, "seed": seed})
        asked = {name: self.recipe.tables["table3"][name] for name in ("words", "neighbours")}
        for size in self.settings["sizes"]:
            for fit in (self._wield(0.0, size=size, seed=seeds[0]), self._best(size=size, seed=seeds[0])):
                if "table3" in tables:
                    yield self._cell("neighbours", fit, self._neighbours, **asked)
                if "figure2" in tables:
                    yield self._cell("losses", fit, self._losses)
                if "figure3" in tables:
                    yield self._cell("pairs", fit, self._pairs)

    def _comparisons(self, run: Fit) -> Iterator[Cell]:
        """The best γ against γ = 0 and against its controls, with the same captions and seed."""
        for other in (self._wield(0.0), *map(self._best, CONTROLS[1:])):
            compute = functools.partial(self._comparison, other={**other, **run})
            against = {"against_gamma": other["gamma"], "against_control": other["control"]}
            yield self._cell("comparison", {**self._best(), **run}, compute, **against)

    def _wield(self, gamma: float, control: str | None = None, *, label: str = "WIELD", **run: Any) -> Fit:
        return self._run(label, gamma=gamma, control=control, **run)

    def _best(self, control: str | None = None, **run: Any) -> Fit:
        return self._wield(self.settings["best_gamma"], control, **run)

    def _run(self, label: str, **run: Any) -> Fit:
        """The facts that identify a fit: a model of the recipe, its hyperparameters and those of the run."""
        model = self.recipe.models[label]
        return {"model": model.name, **model.hyperparameters, **run}

    def _fits(self, table: str) -> list[Fit]:
        """The models whose scores a table shows."""
        if table == "table1":
            gammas = self.settings["gammas"]
            return [self._wield(g, control) for g in gammas for control in (CONTROLS if g else CONTROLS[:1])]
        if table == "table2":
            inputs: list[Fit] = []
            for weight in self.settings["weights"]:
                controls = CONTROLS if weight else CONTROLS[:1]
                inputs += [self._run("WIELD-input", weight=weight, control=control) for control in controls]
                if weight:
                    inputs.append(self._run("WIELD-input, images of the context words", weight=weight, control=None))
            return inputs
        if table == "table4":
            averaged, wide = "WIELD, images averaged by word", "WIELD, window of a caption"
            fits = [self._best(control, label=label) for label in ("WIELD", averaged, wide) for control in CONTROLS]
            return [self._wield(0.0), self._wield(0.0, label=wide), *fits]
        return []

    def _cell(self, kind: str, fit: Fit, compute: Callable[[Fit], list[Row]], **more: Any) -> Cell:
        key = {"paper": self.name, "kind": kind, **self._params(fit), "data": self._fingerprint, **more}
        return Cell(key, lambda: [{"kind": kind, **fit, **more, **row} for row in compute(fit)])

    def _params(self, fit: Fit) -> dict[str, Any]:
        """All facts that determine a fit, except the data."""
        return {**self.recipe.shared, **fit}

    @cached_property
    def _fingerprint(self) -> str:
        return fingerprint_of(self._data, self.settings)

    @cached_property
    def _captions(self) -> tuple[ImageCaptions, ImageCaptions]:
        return captions_of(self._data, self.settings)

    @functools.lru_cache(_KEPT)  # noqa: B019 (a reproduction lives as long as the program)
    def _model(self, params: str) -> Any:
        fit = json.loads(params)
        captions = drawn(self._captions[0], fit.pop("size"))
        about = ModelRecipe(fit.pop("model"), {}, fit)
        return fitted(self.recipe.unfitted(about, composition="learned"), captions)

    def _vectors(self, fit: Fit, composition: str = "learned") -> WordVectors:
        model = self._fitted(fit)
        vectors: WordVectors = model.read_out(model.vectors_.words, composition)
        return vectors

    def _fitted(self, fit: Fit) -> Any:
        return self._model(json.dumps(self._params(fit), sort_keys=True))

    def _files(self) -> list[Path]:
        return [existing(self._data / f"similarity/en/{name}.txt") for name in SETS]

    def _scores(self, fit: Fit) -> list[Row]:
        """The scores on all sets under both read-outs, the learned vectors' gain over γ = 0, and the held-out loss."""
        rows: list[Row] = []
        loss = held_out_loss(self._fitted(fit), self._captions[1]) if fit["model"] == WIELD.name else None
        for composition in ("learned", "concat"):
            for result in similarity(self._vectors(fit, composition), self._files()):
                low, high = result.interval
                figures = {"score": result.score, "n": result.n, "coverage": result.coverage, "low": low, "high": high}
                rows.append({"composition": composition, "dataset": result.dataset, "held_out_loss": loss, **figures})
        if fit.get("gamma"):
            plain = {n: value for n, value in fit.items() if n != "image_target"} | {"gamma": 0.0, "control": None}
            gains = compare(self._vectors(fit), self._vectors(plain), self._files())
            for row, gain in zip(rows, gains, strict=False):
                row |= {"gain": gain.difference, "gain_low": gain.interval[0], "gain_high": gain.interval[1]}
        return rows

    def _comparison(self, fit: Fit, other: Fit) -> list[Row]:
        """The differences between two fits, pair by pair, under both read-outs."""
        rows: list[Row] = []
        for composition in ("learned", "concat"):
            for found in compare(self._vectors(fit, composition), self._vectors(other, composition), self._files()):
                low, high = found.interval
                figures = {"difference": found.difference, "n": found.n, "low": low, "high": high}
                rows.append({"composition": composition, "dataset": found.dataset, **figures})
        return rows

    def _neighbours(self, fit: Fit) -> list[Row]:
        """The nearest words of the paper's example words; none for words without a vector."""
        table, rows = self.recipe.tables["table3"], []
        for composition in ("learned", "concat"):
            vectors = self._vectors(fit, composition)
            for word in table["words"]:
                near = vectors.most_similar(word, topn=table["neighbours"]) if word in vectors else []
                rows.append({"composition": composition, "word": word, "neighbours": [other for other, _ in near]})
        return rows

    def _losses(self, fit: Fit) -> list[Row]:
        """The mean losses of each epoch."""
        history = self._fitted(fit).history_
        names = ("epoch", "loss", "word_loss", "image_loss")
        return [{name: row[name] for name in names} for row in history]

    def _pairs(self, fit: Fit) -> list[Row]:
        """The ratings and the cosines of the covered pairs of MEN."""
        vectors, pairs = self._vectors(fit), read_pairs(self._files()[0])
        rows = np.stack([vectors.rows(pairs.first), vectors.rows(pairs.second)])
        covered = (rows >= 0).all(axis=0)
        if not covered.any():
            raise DataError(f"no pair of {MEN} has both words in the captions; use more captions")
        first, second = vectors.unit[rows[:, covered]]
        cosines = np.einsum("nd,nd->n", first, second, dtype=np.float64)
        return [{"dataset": MEN, "ratings": pairs.ratings[covered].tolist(), "cosines": cosines.round(4).tolist()}]

    # ── how it is shown ─────────────────────────────────────────────────────────────────────────────────────────

    def tables(self, rows: Sequence[Row]) -> list[ReportTable]:
        """Tables 1 to 4 for each number of captions, if there are rows for them."""
        return tables(self.recipe, rows)

    def plots(self, rows: Sequence[Row], directory: Path) -> list[Path]:
        """Figures 2 and 3."""
        return draw(rows, directory)
