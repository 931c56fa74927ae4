"""The tables and figures of IESG (Luo 2018): matching words and images, similarity, errors, frequency."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from wordsight.evaluation.data.candidates import Candidates
from wordsight.evaluation.data.rated_pairs import read_pairs
from wordsight.evaluation.metrics.statistics import bootstrap_interval, mean_of
from wordsight.evaluation.tasks.matching import DIRECTIONS, answers, matching
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.lexicon_subsets import in_part, words_of_images
from wordsight.models._image_space import ImageSpace
from wordsight.models.registry import model_class
from wordsight.models.sgns import SGNS
from wordsight.papers.base import Cell, Reproduction, Row, Table, fitted
from wordsight.papers.iesg.errors import Errors
from wordsight.papers.iesg.tables import draw, tables
from wordsight.papers.pixie.data import PIXIEData
from wordsight.papers.scores import VALUES, scored


class IESGReproduction(Reproduction):
    """Fits every model of the recipe on the training images and asks all the same questions about the test images."""

    name = "iesg"

    def cells(self, data: Path, tables: Sequence[str], seeds: Sequence[int]) -> Iterator[Cell]:
        """One cell a fit; it has the rows of all tables."""
        self._data, self._folder = PIXIEData(data, self.settings), data
        self._wanted = set(tables)
        about = {name: self.recipe.tables[name] for name in ("table3", "figure2", "figure3")}
        measured = {name: {k: v for k, v in said.items() if k not in ("title", "note")} for name, said in about.items()}
        asked = {name: self.settings[name] for name in ("n_candidates", "candidates_seed")}
        for seed in seeds:
            for label in self.recipe.models:
                model = self._model(label, seed)
                hyperparameters = {k: v for k, v in model.get_params().items() if k != "workers"}
                text = {k: v for k, v in self._skipgram(seed).get_params().items() if k != "workers"}
                key = {"paper": self.name, "model": label, "seed": seed, "hyperparameters": hyperparameters}
                key |= {"text": text, "questions": asked, "measured": measured, "data": self._data.fingerprint}
                yield Cell(key, functools.partial(self._fit, label, seed))

    def figures(self, rows: list[Row]) -> list[Row]:
        """The rows of the tables that were asked for."""
        return [row for row in rows if row["table"] in self._wanted]

    def tables(self, rows: Sequence[Row]) -> list[Table]:
        """Tables 1 to 3, and the figures' numbers."""
        return tables(self.recipe, rows)

    def plots(self, rows: Sequence[Row], directory: Path) -> list[Path]:
        """Figures 2 and 3."""
        return draw(self.recipe, rows, directory)

    # ── what a cell needs ───────────────────────────────────────────────────────────────────────────────────────

    def _model(self, label: str, seed: int) -> ImageSpace:
        about = self.recipe.models[label]
        model = model_class(about["model"])()
        shared = ("dim", "window", "negatives", "subsample")
        model.set_params(**{name: self.settings[name] for name in shared}, seed=seed, workers=self._workers)
        model.set_params(**{name: value for name, value in about.items() if name != "model"})
        assert isinstance(model, ImageSpace)
        return model

    @property
    def _workers(self) -> int | None:
        return self.settings["workers"] or None

    def _skipgram(self, seed: int) -> SGNS:
        """The skip-gram that all models of a seed start from, not yet fitted."""
        shared = ("dim", "window", "negatives", "subsample", "epochs", "learning_rate")
        return SGNS(**{name: self.settings[name] for name in shared}, seed=seed, workers=self._workers)

    @functools.lru_cache(1)  # noqa: B019 (a reproduction lives as long as the program)
    def _text(self, seed: int) -> SGNS:
        return fitted(self._skipgram(seed), self._data.corpus)

    @cached_property
    def _lexicon(self) -> VisualLexicon:
        return self._data.lexicon.restricted(self._data.corpus.vocabulary.words)

    @cached_property
    def _training(self) -> VisualLexicon:
        return in_part(self._lexicon, "training")

    @cached_property
    def _candidates(self) -> Candidates:
        words_of = words_of_images(in_part(self._lexicon, "test"))
        asked = {"n_candidates": self.settings["n_candidates"], "seed": self.settings["candidates_seed"]}
        return Candidates.draw(words_of, self._lexicon.words, **asked)

    @cached_property
    def _errors(self) -> Errors:
        about = self.recipe.tables["figure2"]
        return Errors(
            self._candidates,
            self._training,
            self._data.corpus.vocabulary,
            self._folder / self.settings["wordnet"],
            rare_below=about["rare_below"],
            synonym_distance=about["synonym_distance"],
        )

    # ── what a cell gives ───────────────────────────────────────────────────────────────────────────────────────

    def _fit(self, label: str, seed: int) -> list[Row]:
        model = self._model(label, seed)
        fitted(model, self._data.corpus, self._training, self._text(seed))
        vectors, features = model.vectors_, self._lexicon.features
        images, rows = model.image_vectors(features), list[Row]()
        for table, result in zip(
            ("table1", "table2"), matching(vectors, images, features.ids, self._candidates), strict=True
        ):
            of = result.details
            for k in of["precision"]:
                row = _row(table, of["precision"][k], of["intervals"][k], result.n, result.total)
                rows.append({**row, "rank": k, "chance": of["chance"][k], "candidates": of["candidates_fingerprint"]})
        rows += self._similarity(label, seed, model)
        chosen = answers(vectors, images, features.ids, self._candidates)
        rows += [{"table": "figure2", **shares} for shares in self._errors.shares(model, chosen[0])]
        for direction, cosines in zip(DIRECTIONS, chosen, strict=True):
            rows += [{**row, "direction": direction} for row in self._by_frequency(cosines)]
        return [{"model": label, "seed": seed, **row} for row in rows]

    def _similarity(self, label: str, seed: int, model: ImageSpace) -> list[Row]:
        folder = self._folder / self.settings["similarity"]
        sets = [read_pairs(folder / f"{name}.txt") for name in self.recipe.tables["table3"]["sets"]]
        rows = []
        for of, vectors in (("model", model.vectors_), ("start", self._text(seed).vectors_)):
            for row in scored(vectors, sets, {"all": None}):
                rows.append({"table": "table3", "of": of, **{k: v for k, v in row.items() if k != VALUES}})
        return rows

    def _by_frequency(self, cosines: np.ndarray) -> list[Row]:
        """P@1 of bins of as many questions each, by how often the right word occurs in the text."""
        vocabulary = self._data.corpus.vocabulary
        words = [self._candidates.words[i] for i in self._candidates.right_words]
        counts = vocabulary.counts[vocabulary.ids(words)]
        hits = first_is_right(cosines)
        rows = []
        for places in np.array_split(np.argsort(counts, kind="stable"), self.recipe.tables["figure3"]["bins"]):
            interval = bootstrap_interval(mean_of(hits[places]), len(places))
            row = _row("figure3", float(hits[places].mean()), interval, len(places), len(places))
            row |= {"rarest": int(counts[places].min()), "most_frequent": int(counts[places].max())}
            rows.append(row | {"median_frequency": float(np.median(counts[places]))})
        return rows


def first_is_right(cosines: np.ndarray) -> np.ndarray:
    """Whether no other candidate is as near as the right one, which stands last; bool [n_questions]."""
    others = np.nan_to_num(cosines[:, :-1], nan=-np.inf)
    found: np.ndarray = cosines[:, -1] > others.max(axis=1)
    return found


def _row(table: str, score: float, interval: tuple[float, float], n: int, total: int) -> dict[str, Any]:
    low, high = interval
    return {"table": table, "score": score, "low": low, "high": high, "n": n, "coverage": n / total}
