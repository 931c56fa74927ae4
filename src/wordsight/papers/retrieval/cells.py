"""Image and caption retrieval (the PIXIE paper's Table 6), with controls for sight and for leaks of test images."""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from wordsight.evaluation.metrics.recall import DIRECTIONS
from wordsight.evaluation.tasks.retrieval_network import known_words
from wordsight.evaluation.tasks.retrieval_settings import RetrievalSettings
from wordsight.evaluation.tasks.retrieval_training import Encoded, Retriever
from wordsight.grounding.captions import ImageCaptions
from wordsight.models.base import Model
from wordsight.papers.base import Cell, ReportTable, Reproduction, Row, learned_from
from wordsight.papers.read_outs import read_out, read_out_alone, without_read_out
from wordsight.papers.recipes import ModelRecipe
from wordsight.papers.retrieval.data import RetrievalData
from wordsight.papers.retrieval.plots import draw
from wordsight.papers.retrieval.tables import figures, tables
from wordsight.storage.hashes import fingerprint
from wordsight.vectors.word_vectors import WordVectors

Key = dict[str, Any]
RUNS: Mapping[str, dict[str, Any]] = {"training": {}, "shuffled": {"control": "shuffled"}, "all": {}}
"""Images that grounded models see → hyperparameters: training images, shuffled ones, or all with the test images."""


class RetrievalReproduction(Reproduction):
    """The reproduction of retrieval: fits each model, trains the same network on its vectors, and asks the queries."""

    name = "retrieval"

    def cells(self, data: Path, tables: Sequence[str], seeds: Sequence[int]) -> Iterator[Cell]:
        """One cell for each model, kind of images and seed; those that share a fit follow each other."""
        self._data = RetrievalData(data, self.settings)
        runs = [("training", label) for label in self.recipe.models]
        if "images" in tables:
            grounded = self.recipe.tables["images"]["models"]
            runs += [(images, label) for images in RUNS if images != "training" for label in grounded]
        for seed in seeds:
            for images, label in runs:
                key = self._key(label, images, seed)
                yield Cell(key, functools.partial(self._measure, key))

    def _key(self, label: str, images: str, seed: int) -> Key:
        """The key of a cell: all facts that its figures depend on."""
        about = self.recipe.models[label]
        model = self.recipe.unfitted(about, seed=seed, **RUNS[images])
        network = dataclasses.asdict(self._network(seed))
        return {
            "model": label,
            "images": images,
            "seed": seed,
            "name": about.name,
            "hyperparameters": learned_from(model),
            "text": {"min_count": self.settings["min_count"]},
            "parts": {name: self.settings[name] for name in ("test_share", "validation_share")},
            "network": {k: v for k, v in network.items() if k not in ("workers", "device")},
            "examples": {name: self.recipe.tables["table6"][name] for name in ("examples", "shown")},
            "data": self._data.fingerprint,
        }

    def _network(self, seed: int) -> RetrievalSettings:
        return RetrievalSettings(
            hidden=self.settings["hidden"],
            epochs=self.settings["retrieval_epochs"],
            word_norm=self.settings["word_norm"],
            transform=self.settings["transform"],
            seed=seed,
            workers=self.settings["workers"],
        )

    # ── what a cell gives ───────────────────────────────────────────────────────────────────────────────────────

    def _measure(self, key: Key) -> list[Row]:
        parts = self._data.parts(key["seed"])
        retriever = Retriever(self._vectors(key), parts.splits, self._network(key["seed"])).fit()
        if retriever.interrupted:
            raise KeyboardInterrupt
        encoded = retriever.encode(parts.splits.test)
        training: Row = {"kind": "training", "epochs": len(retriever.history), "best_epoch": retriever.best_epoch}
        training |= {"validation": max(row["validation"] for row in retriever.history)}
        training |= {"words": encoded.n_words, "unknown_words": len(encoded.unknown)}
        rows = [training]
        images_of = (parts.splits.test.image_rows, encoded.image_rows)
        n_answers = (len(encoded.images), len(encoded.captions))
        for direction, found, images, n in zip(DIRECTIONS, encoded.ranks, images_of, n_answers, strict=True):
            shown = [parts.concepts[row] for row in images.tolist()]
            rows.append({"kind": "ranks", "direction": direction, "ranks": found.tolist(), "concepts": shown})
            rows[-1]["candidates"] = n
        if key["model"] == self.recipe.tables["table6"]["examples"] and key["images"] == "training":
            rows += examples(encoded, parts.splits.test, self.recipe.tables["table6"]["shown"])
        return [{name: key[name] for name in ("model", "images", "seed")} | row for row in rows]

    def _vectors(self, key: Key) -> WordVectors:
        """The vectors of the captions' words; stored beside the cells, so that other networks need no new fit."""
        fit = {name: key[name] for name in ("name", "images", "seed", "hyperparameters", "text", "parts", "data")}
        assert self.directory is not None
        kept = self.directory / "vectors" / fingerprint(json.dumps(fit, sort_keys=True))
        if kept.is_dir():
            return WordVectors.load(kept)
        fit["hyperparameters"] = without_read_out(key["name"], key["hyperparameters"])
        model = self._model(json.dumps(fit, sort_keys=True))
        vectors = read_out(model, read_out_alone(key["name"], key["hyperparameters"]))
        vectors = known_words(vectors, self._data.parts(key["seed"]).splits.parts)
        vectors.save(kept, {"hyperparameters": key["hyperparameters"]})
        return vectors

    @functools.lru_cache(1)  # noqa: B019 (a reproduction lives as long as the program)
    def _model(self, fit: str) -> Model:
        about = json.loads(fit)
        model = self.recipe.unfitted(ModelRecipe(about["name"], {}, about["hyperparameters"]))
        return self._data.fitted(model, self._data.seen(about["images"], about["seed"]))

    # ── how it is shown ─────────────────────────────────────────────────────────────────────────────────────────

    def figures(self, rows: list[Row]) -> list[Row]:
        """Recall over all seeds, differences with intervals, curves, and examples."""
        return figures(rows, self.recipe)

    def tables(self, rows: Sequence[Row]) -> list[ReportTable]:
        """Table 6, and further ones: differences, and the images that the vectors have seen."""
        return tables(rows, self.recipe)

    def plots(self, rows: Sequence[Row], directory: Path) -> list[Path]:
        """Recall curves, and contact sheets of examples if the image files exist."""
        return draw(rows, directory, self._data.folder)


def examples(encoded: Encoded, captions: ImageCaptions, n: int) -> list[Row]:
    """The first five answers to some captions and some images, drawn at random.

    Args:
        encoded: encoded captions and images.
        captions: the captions that were encoded.
        n: number of captions, and of images.

    Returns:
        A row for each query: its text and image, and for each answer its text, its image and whether it is right.
    """
    rng, ids = np.random.default_rng(0), captions.features.ids
    scores, belong = encoded.captions @ encoded.images.T, encoded.pairing.belong(np.arange(len(captions)))
    own_image = [ids[row] for row in captions.image_rows]
    own_caption = dict(zip(own_image, captions.captions, strict=True))
    images = [(own_caption[ids[row]], ids[row]) for row in encoded.image_rows]
    texts = list(zip(captions.captions, own_image, strict=True))
    rows = []
    sides = ((texts, images, scores, belong), (images, texts, scores.T, belong.T))
    for direction, (asked, answers, likeness, right) in zip(DIRECTIONS, sides, strict=True):
        for query in sorted(rng.choice(len(asked), min(n, len(asked)), replace=False).tolist()):
            best = np.argsort(-likeness[query], kind="stable")[:5].tolist()
            text, image = asked[query]
            row = {"kind": "example", "direction": direction, "text": text, "image": image}
            rows.append(row | {"answers": [[*answers[a], bool(right[query, a])] for a in best]})
    return rows
