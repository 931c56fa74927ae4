"""The PIXIE paper's word-level tables (1 to 5), with controls, paired differences and an ablation."""

from __future__ import annotations

import copy
import dataclasses
import functools
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from wordsight.evaluation.tasks.similarity import judged
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.visual_words import hidden_words
from wordsight.models.base import Model
from wordsight.models.registry import model_class
from wordsight.papers.base import Cell, ReportTable, Reproduction, Row, learned_from
from wordsight.papers.pixie.data import PIXIEData
from wordsight.papers.pixie.plots import draw
from wordsight.papers.pixie.tables import figures, tables
from wordsight.papers.read_outs import read_out, read_out_alone, without_read_out
from wordsight.papers.recipes import ModelRecipe
from wordsight.papers.scores import scored
from wordsight.vectors.word_vectors import WordVectors

IMAGES = {"real": None, "shuffled": "shuffled", "random": "random"}
MAIN = {"table1", "table2", "table4", "table5", "controls", "differences"}
"""The tables that use the main runs."""


class PIXIEReproduction(Reproduction):
    """The reproduction of PIXIE: each model with real and control images, with hidden words, and on photographs."""

    name = "pixie"

    def cells(self, data: Path, tables: Sequence[str], seeds: Sequence[int]) -> Iterator[Cell]:
        """One cell for each fit: a model with its read-outs, kind of images, lexicon and seed."""
        self._data = PIXIEData(data, self.settings)
        for seed in seeds:
            if MAIN & set(tables):
                yield from self._runs("main", self.recipe.models, seed)
            if "table3" in tables:
                share = self.settings["hide_words"]
                yield from self._runs("hidden", self._models_of("table3"), seed, images=["real"], hide_words=share)
            if "photographs" in tables:
                yield from self._runs("photographs", self._models_of("photographs"), seed)
        if "ablation" in tables:
            about = self.recipe.tables["ablation"]
            whole = self.recipe.models[about["model"]]
            models = {
                name: dataclasses.replace(whole, hyperparameters={**whole.hyperparameters, **changes})
                for name, changes in about["changes"].items()
            }
            yield from self._runs("ablation", models, seeds[0], images=["real"])

    def _models_of(self, table: str) -> dict[str, ModelRecipe]:
        return {label: self.recipe.models[label] for label in self.recipe.tables[table]["models"]}

    def _runs(
        self,
        run: str,
        models: Mapping[str, ModelRecipe],
        seed: int,
        *,
        images: Sequence[str] = tuple(IMAGES),
        **changes: Any,
    ) -> Iterator[Cell]:
        """A cell for each fit; models that differ in their read-out alone share one."""
        fits: dict[tuple[str, str], tuple[Model, dict[str, Row]]] = {}
        for label, about in models.items():
            fit = dataclasses.replace(about, hyperparameters=without_read_out(about.name, about.hyperparameters))
            for kind in images if "control" in model_class(about.name).defaults() else ["real"]:
                model = self.recipe.unfitted(fit, control=IMAGES[kind], seed=seed, **changes)
                _, readouts = fits.setdefault((repr(model), kind), (model, {}))
                readouts[label] = read_out_alone(about.name, about.hyperparameters)
        for (_, kind), (model, readouts) in fits.items():
            key = {"run": run, "models": ", ".join(readouts), "images": kind, "seed": seed, "model": model.name}
            key |= {"readouts": readouts, "hyperparameters": learned_from(model), "data": self._data.fingerprint}
            yield Cell(key, functools.partial(self._fit, model, readouts, run, kind))

    def _fit(self, model: Model, readouts: Mapping[str, Row], run: str, images: str) -> list[Row]:
        """Fits a model and scores each of its read-outs."""
        data, start = self._data, time.perf_counter()
        model = data.fitted(copy.copy(model), self._lexicon(run))  # a copy: the cell outlives what was learned
        seconds = round(time.perf_counter() - start, 1)
        seed = model.get_params()["seed"]
        rows: list[Row] = []
        for label, changes in readouts.items():
            vectors = read_out(model, changes)
            facts = {"run": run, "model": label, "images": images, "seed": seed}
            rows += scored(vectors, data.sets, self._subsets(run, seed), **facts, seconds=seconds)
            if run == "main" and images == "real":
                rows += self._examples(vectors, facts)
        return rows

    def _lexicon(self, run: str) -> VisualLexicon:
        return self._data.photographs if run == "photographs" else self._data.lexicon

    def _subsets(self, run: str, seed: int) -> dict[str, Collection[str] | None]:
        """The subsets of pairs: name → words that both words of a pair must be among."""
        visual = [word for word in self._lexicon(run).words if word in self._data.corpus.vocabulary]
        if run == "photographs":
            return {"photographed": visual}
        if run == "hidden":
            return {"hidden": hidden_words(self._data.lexicon, visual, self.settings["hide_words"], seed)}
        return {"all": None, "visual": visual}

    def _examples(self, vectors: WordVectors, facts: Row) -> list[Row]:
        """The rows of tables 4 and 5: the cosines of one set's visual pairs, and the neighbours of some words."""
        about, found = self.recipe.tables, []
        if facts["model"] in (about["table4"]["text"], about["table4"]["grounded"]):
            pairs = next((pairs for pairs in self._data.sets if pairs.name == about["table4"]["set"]), None)
            if pairs is not None:
                known = judged(vectors, pairs, restrict_to=self._subsets("main", 0)["visual"])
                words = [(pairs.first[i], pairs.second[i]) for i in known.positions]
                found.append(facts | {"kind": "cosines", "words": words, "ratings": known.ratings.tolist()})
                found[-1]["cosines"] = known.cosines.round(5).tolist()
        if facts["model"] in about["table5"]["models"]:
            for word in about["table5"]["words"]:
                if word in vectors:
                    near = [other for other, _ in vectors.most_similar(word, topn=10)]
                    rated = [[other, self._data.concreteness.get(other)] for other in near]
                    found.append(facts | {"kind": "neighbours", "word": word, "neighbours": rated})
        return found

    def figures(self, rows: list[Row]) -> list[Row]:
        """The means over seeds, differences with intervals, and examples."""
        return figures(rows, self.recipe)

    def tables(self, rows: Sequence[Row]) -> list[ReportTable]:
        """Tables 1 to 5, and further ones: controls, differences, photographs and an ablation."""
        return tables(rows, self.recipe)

    def plots(self, rows: Sequence[Row], directory: Path) -> list[Path]:
        """The forest plot of models and sets."""
        return draw(rows, self.recipe, directory)
