"""The PIXIE paper's word-level tables (1 to 5), with controls, paired differences and an ablation."""

from __future__ import annotations

import copy
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
from wordsight.papers.base import Cell, Reproduction, Row, Table
from wordsight.papers.pixie.data import PIXIEData
from wordsight.papers.pixie.tables import figures, forest, tables
from wordsight.papers.scores import scored
from wordsight.vectors.word_vectors import WordVectors

IMAGES = {"real": None, "shuffled": "shuffled", "random": "random"}
READ_OUT = {"composition", "visual_weight", "context_weight", "imagination"}
"""Hyperparameters of PIXIE that only its read-out depends on: models that differ in these share a fit."""
MAIN = {"table1", "table2", "table4", "table5", "controls", "differences"}
"""Tables that the models' ordinary runs serve."""


class PIXIEReproduction(Reproduction):
    """Every model of the recipe, as it is, with controls, with hidden words, and on photographs alone."""

    name = "pixie"

    def cells(self, data: Path, tables: Sequence[str], seeds: Sequence[int]) -> Iterator[Cell]:
        """One cell a fit: a model with its read-outs, kind of images, lexicon and seed."""
        self._data = PIXIEData(data, self.settings)
        about = self.recipe.tables
        for seed in seeds:
            if MAIN & set(tables):
                yield from self._runs(self.recipe.models, seed, run="main")
            if "table3" in tables:
                share = self.settings["hide_words"]
                models = {label: self.recipe.models[label] for label in about["table3"]["models"]}
                yield from self._runs(models, seed, run="hidden", images=["real"], hide_words=share)
            if "photographs" in tables:
                models = {label: self.recipe.models[label] for label in about["photographs"]["models"]}
                yield from self._runs(models, seed, run="photographs")
        if "ablation" in tables:
            for name, changes in about["ablation"]["changes"].items():
                changes = {k: None if v == "none" else v for k, v in changes.items()}
                model = {name: {**self.recipe.models["PIXIE⊕"], **changes}}
                yield from self._runs(model, seeds[0], run="ablation", images=["real"])

    def _runs(
        self,
        models: Mapping[str, dict[str, Any]],
        seed: int,
        *,
        run: str,
        images: Sequence[str] = tuple(IMAGES),
        **changes: Any,
    ) -> Iterator[Cell]:
        """A cell for each fit; models that differ in their read-out only share one."""
        fits: dict[tuple[str, str], tuple[Model, dict[str, Row]]] = {}
        for label, about in models.items():
            cls = model_class(about["model"])
            known = {
                k: v for k, v in self.settings.items() if k in cls.defaults() and k not in ("hide_words", "workers")
            }
            settings = known | {k: v for k, v in changes.items() if k in cls.defaults()}
            settings |= {k: v for k, v in about.items() if k != "model" and k not in READ_OUT}
            for kind in images if "control" in cls.defaults() else ["real"]:
                control = {"control": IMAGES[kind]} if "control" in cls.defaults() else {}
                model = cls().set_params(**settings, **control, seed=seed)
                if "workers" in cls.defaults():
                    model.set_params(workers=self.settings["workers"] or None)
                _, readouts = fits.setdefault((repr(model), kind), (model, {}))
                readouts[label] = {k: v for k, v in about.items() if k in READ_OUT}
        for (_, kind), (model, readouts) in fits.items():
            hyperparameters = {k: v for k, v in model.get_params().items() if k != "workers"}
            key = {"run": run, "models": ", ".join(readouts), "images": kind, "seed": seed}
            key |= {"readouts": readouts, "hyperparameters": hyperparameters, "data": self._data.fingerprint}
            yield Cell(key, functools.partial(self._fit, model, readouts, run, kind))

    def _fit(self, model: Model, readouts: Mapping[str, Row], run: str, images: str) -> list[Row]:
        """Fits a model and scores each of its read-outs."""
        model = copy.copy(model)  # the cell lives on after the fit; what was learned shall not
        data, start = self._data, time.perf_counter()
        data.fit(model, self._lexicon(run))
        seconds = round(time.perf_counter() - start, 1)
        seed = model.get_params()["seed"]
        rows: list[Row] = []
        for label, changes in readouts.items():
            vectors = model.vectors_
            if changes:
                vectors = model.set_params(**changes).read_out(vectors.words)  # type: ignore[attr-defined]
            facts = {"run": run, "model": label, "images": images, "seed": seed}
            rows += scored(vectors, data.sets, self._subsets(run, seed), **facts, seconds=seconds)
            if run == "main" and images == "real":
                rows += self._examples(vectors, facts)
        return rows

    def _lexicon(self, run: str) -> VisualLexicon:
        return self._data.photographs if run == "photographs" else self._data.lexicon

    def _subsets(self, run: str, seed: int) -> dict[str, Collection[str] | None]:
        """Which pairs count: name → words that both must be among."""
        visual = [word for word in self._lexicon(run).words if word in self._data.corpus.vocabulary]
        if run == "photographs":
            return {"photographed": visual}
        if run == "hidden":
            return {"hidden": hidden_words(self._data.lexicon, visual, self.settings["hide_words"], seed)}
        return {"all": None, "visual": visual}

    def _examples(self, vectors: WordVectors, facts: Row) -> list[Row]:
        """For tables 4 and 5: the cosine of each visual pair of one set, and some words' neighbours."""
        about, found = self.recipe.tables, []
        if facts["model"] in (about["table4"]["text"], about["table4"]["grounded"]):
            pairs = next((pairs for pairs in self._data.sets if pairs.name == about["table4"]["set"]), None)
            if pairs is not None:
                covered = judged(vectors, pairs, restrict_to=self._subsets("main", 0)["visual"])
                words = [(pairs.first[i], pairs.second[i]) for i in covered.positions]
                found.append(facts | {"kind": "cosines", "words": words, "ratings": covered.ratings.tolist()})
                found[-1]["cosines"] = covered.cosines.round(5).tolist()
        if facts["model"] in about["table5"]["models"]:
            for word in about["table5"]["words"]:
                if word in vectors:
                    near = [other for other, _ in vectors.most_similar(word, topn=10)]
                    rated = [[other, self._data.concreteness.get(other)] for other in near]
                    found.append(facts | {"kind": "neighbours", "word": word, "neighbours": rated})
        return found

    def figures(self, rows: list[Row]) -> list[Row]:
        """Means over seeds, differences with their intervals, examples."""
        return figures(rows, self.recipe)

    def tables(self, rows: Sequence[Row]) -> list[Table]:
        """Tables 1 to 5, and ours on controls, differences, photographs and PIXIE's settings."""
        return tables(rows, self.recipe)

    def plots(self, rows: Sequence[Row], directory: Path) -> list[Path]:
        """The forest plot of models and sets."""
        return forest(rows, self.recipe, directory)
