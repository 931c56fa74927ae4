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
from wordsight.models.base import Model
from wordsight.papers.base import Cell, ReportTable, Reproduction, Row, fitted, learned_from
from wordsight.papers.iesg.error_kinds import ErrorKinds
from wordsight.papers.iesg.plots import draw
from wordsight.papers.iesg.tables import tables
from wordsight.papers.scores import VALUES, scored
from wordsight.papers.word_data import WordData
from wordsight.vectors.word_vectors import WordVectors


class IESGReproduction(Reproduction):
    """The reproduction of IESG: fits each model on the training images and matches words and the test images."""

    name = "iesg"

    def cells(self, data: Path, tables: Sequence[str], seeds: Sequence[int]) -> Iterator[Cell]:
        """One cell for each fit, with the rows of all tables."""
        self._data = WordData(data, self.settings)
        self._wanted = set(tables)
        about = {name: self.recipe.tables[name] for name in ("table3", "figure2", "figure3")}
        measured = {name: {k: v for k, v in said.items() if k not in ("title", "note")} for name, said in about.items()}
        asked = {name: self.settings[name] for name in ("n_candidates", "candidates_seed")}
        for seed in seeds:
            for label, entry in self.recipe.compared.items():
                model, start = self._unfitted(label, seed), self._unfitted(entry.inputs["text"], seed)
                key = {"paper": self.name, "model": label, "name": model.name, "seed": seed}
                key |= {"hyperparameters": learned_from(model), "text": learned_from(start)}
                key |= {"questions": asked, "measured": measured, "data": self._data.fingerprint}
                yield Cell(key, functools.partial(self._fit, label, seed))

    def figures(self, rows: list[Row]) -> list[Row]:
        """The rows of the wanted tables."""
        return [row for row in rows if row["table"] in self._wanted]

    def tables(self, rows: Sequence[Row]) -> list[ReportTable]:
        """Tables 1 to 3, and the numbers of figures 2 and 3."""
        return tables(self.recipe, rows)

    def plots(self, rows: Sequence[Row], directory: Path) -> list[Path]:
        """Figures 2 and 3."""
        return draw(self.recipe, rows, directory)

    # ── what a cell needs ───────────────────────────────────────────────────────────────────────────────────────

    def _unfitted(self, label: str, seed: int) -> Model:
        return self.recipe.unfitted(self.recipe.models[label], seed=seed)

    @functools.lru_cache(1)  # noqa: B019 (a reproduction lives as long as the program)
    def _start(self, label: str, seed: int) -> Model:
        """The skip-gram that all models of a seed start from."""
        return fitted(self._unfitted(label, seed), self._data.corpus)

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
    def _errors(self) -> ErrorKinds:
        about = self.recipe.tables["figure2"]
        return ErrorKinds(
            self._candidates,
            self._training,
            self._data.corpus.vocabulary,
            self._data.folder / self.settings["wordnet"],
            rare_below=about["rare_below"],
            synonym_distance=about["synonym_distance"],
        )

    # ── what a cell gives ───────────────────────────────────────────────────────────────────────────────────────

    def _fit(self, label: str, seed: int) -> list[Row]:
        model: Any = self._unfitted(label, seed)
        start = self._start(self.recipe.models[label].inputs["text"], seed)
        fitted(model, self._data.corpus, self._training, start)
        vectors, features = model.vectors_, self._lexicon.features
        images, rows = WordVectors(features.ids, model.image_vectors(features)), list[Row]()
        for table, result in zip(("table1", "table2"), matching(vectors, images, self._candidates), strict=True):
            found = result.details
            for k in found["precision"]:
                row = _row(table, found["precision"][k], found["intervals"][k], result.n, result.total)
                row |= {"rank": k, "chance": found["chance"][k], "candidates": found["candidates_fingerprint"]}
                rows.append(row)
        rows += self._similarity(vectors, start.vectors_)
        chosen = answers(vectors, images, self._candidates)
        rows += [{"table": "figure2", **shares} for shares in self._errors.shares(model.transform_, chosen[0])]
        for direction, cosines in zip(DIRECTIONS, chosen, strict=True):
            rows += [{**row, "direction": direction} for row in self._by_frequency(cosines)]
        return [{"model": label, "seed": seed, **row} for row in rows]

    def _similarity(self, learned: WordVectors, start: WordVectors) -> list[Row]:
        folder = self._data.folder / self.settings["similarity"]
        sets = [read_pairs(folder / f"{name}.txt") for name in self.recipe.tables["table3"]["sets"]]
        rows = []
        for whose, vectors in (("model", learned), ("start", start)):
            for row in scored(vectors, sets, {"all": None}):
                rows.append({"table": "table3", "of": whose, **{k: v for k, v in row.items() if k != VALUES}})
        return rows

    def _by_frequency(self, cosines: np.ndarray) -> list[Row]:
        """P@1 in bins of equally many questions, by the frequency of the right word in the text."""
        vocabulary = self._data.corpus.vocabulary
        words = [self._candidates.words[i] for i in self._candidates.right_words]
        counts = vocabulary.counts[vocabulary.ids(words)]
        hits = first_is_right(cosines)
        rows = []
        for part in np.array_split(np.argsort(counts, kind="stable"), self.recipe.tables["figure3"]["bins"]):
            interval = bootstrap_interval(mean_of(hits[part]), len(part))
            row = _row("figure3", float(hits[part].mean()), interval, len(part), len(part))
            row |= {"rarest": int(counts[part].min()), "most_frequent": int(counts[part].max())}
            rows.append(row | {"median_frequency": float(np.median(counts[part]))})
        return rows


def first_is_right(cosines: np.ndarray) -> np.ndarray:
    """Tells whether the right candidate, which is last, is nearer than all others; bool [n_questions]."""
    others = np.nan_to_num(cosines[:, :-1], nan=-np.inf)
    found: np.ndarray = cosines[:, -1] > others.max(axis=1)
    return found


def _row(table: str, score: float, interval: tuple[float, float], n: int, total: int) -> dict[str, Any]:
    low, high = interval
    return {"table": table, "score": score, "low": low, "high": high, "n": n, "coverage": n / total}
