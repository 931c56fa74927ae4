"""IESG's hyperparameters on the validation images, for the defaults of its hinge losses.

    python benchmarks/iesg_study.py [--stages search chosen photographs] [--seeds 0 1 2] [--workers 1]

Writes benchmarks/results/iesg_study.json after each fit, and leaves out what is already there: delete the file to
measure all again. A fit takes some ten to twenty seconds of a core.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import json
import lzma
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import report

from wordsight.evaluation.data.candidates import Candidates
from wordsight.evaluation.tasks.matching import DIRECTIONS, RANKS, answers
from wordsight.evaluation.tasks.similarity import similarity
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.lexicon_subsets import in_part, with_images, words_of_images
from wordsight.models.base import Model
from wordsight.models.iesg import IESG
from wordsight.models.l2_projection import L2Projection
from wordsight.models.sgns import SGNS
from wordsight.papers.standard_data import PHOTOGRAPHS, standard_lexicon
from wordsight.text.corpus import Corpus
from wordsight.vectors.word_vectors import WordVectors

PROTOCOL = (
    "Protocol M on the validation images: one of 100, P@1 / P@5 / P@10 in per cent, by cosine and by inner product; "
    "all models start from the same skip-gram vectors of 5 passes. Text: the first 28 MB (5.0 million tokens) of "
    "Simple English Wikipedia."
)
PUBLISHED = {"weight": 5.0, "margin": 10.0, "epochs": 2, "hinge_negatives": 1}
"""λ = 5 and one word drawn are the paper's; it gives neither m nor the number of passes, which are ours."""
STAGES = ("search", "chosen", "photographs")
SETS = {"MEN": "EN-MEN-TR-3k", "SimLex": "EN-SIMLEX-999"}
MEGABYTES = 28

Setting = dict[str, Any]


def search() -> Iterator[Setting]:
    """The settings of IESG that are compared with one seed."""
    yield PUBLISHED | {"central_word": False}
    yield PUBLISHED
    base = {"weight": 1.0, "margin": 2.0, "epochs": 6, "hinge_negatives": 1}
    yield base
    yield base | {"learning_rate": 0.03}
    yield base | {"margin": 1.0}
    yield base | {"epochs": 2}
    yield base | {"epochs": 2, "hinge_negatives": 5}
    yield base | {"weight": 1.5}
    yield base | {"hinge_negatives": 5}
    yield base | {"hinge_negatives": 5, "margin": 1.0}
    yield base | {"hinge_negatives": 10}
    yield base | {"hinge_negatives": 5, "margin": 4.0}


def chosen() -> Iterator[Setting]:
    """The settings of IESG that are compared with all seeds, and on photographs alone."""
    yield PUBLISHED | {"central_word": False}
    yield PUBLISHED
    yield {}


class Study:
    """The data, and what was measured."""

    def __init__(self, workers: int, directory: Path) -> None:
        self._data, self._workers, self._directory = report.data_folder(), workers, directory
        self._file = report.RESULTS / "iesg_study.json"
        self.rows: list[dict[str, Any]] = json.loads(self._file.read_text())["rows"] if self._file.is_file() else []

    @functools.cached_property
    def corpus(self) -> Corpus:
        """The text."""
        with lzma.open(self._data / "text" / "en-simplewiki.txt.xz") as stream:
            text = stream.read(MEGABYTES * 10**6)
        path = self._directory / "text.txt"
        path.write_bytes(text[: text.rindex(b"\n") + 1])
        return Corpus.from_text(path, directory=self._directory / "corpus")

    @functools.lru_cache(1)  # noqa: B019 (there is one study)
    def lexicon(self, stage: str) -> VisualLexicon:
        """The words and images of a stage, of all parts."""
        lexicon = standard_lexicon(self._data).restricted(self.corpus.vocabulary.words)
        if stage != "photographs":
            return lexicon
        sources = lexicon.features.sources
        assert sources is not None
        return with_images(lexicon, np.isin(sources, PHOTOGRAPHS))

    @functools.lru_cache(1)  # noqa: B019
    def start(self, seed: int) -> SGNS:
        """The skip-gram that all models of a seed start from."""
        return SGNS(epochs=5, seed=seed, workers=self._workers).fit(self.corpus)

    def measure(self, stage: str, model: type[Model], setting: Setting, seed: int) -> None:
        """Fits a model, and adds its figures to the rows and the file; does nothing where they are there."""
        facts = {"stage": stage, "seed": seed, "model": model.title, "setting": setting}
        if any(facts.items() <= row.items() for row in self.rows if row["setting"] == setting):
            return
        lexicon = self.lexicon(stage)
        fitted: Any = model().set_params(seed=seed, workers=self._workers, **setting)
        fitted.fit(self.corpus, in_part(lexicon, "training"), self.start(seed))
        words_of = words_of_images(in_part(lexicon, "validation"))
        candidates = Candidates.draw(words_of, lexicon.words, n_candidates=100, seed=0)
        images = WordVectors(lexicon.features.ids, fitted.image_vectors(lexicon.features))
        row: dict[str, Any] = facts | {"n": len(candidates), "encoder": lexicon.features.encoder}
        for measure in ("cosine", "inner product"):
            found = answers(fitted.vectors_, images, candidates, cosine=measure == "cosine")
            for direction, nearness in zip(DIRECTIONS, found, strict=True):
                row[f"{direction}, {measure}"] = precision(nearness)
        for name, file in SETS.items():
            row[name] = round(similarity(fitted.vectors_, [self._data / f"similarity/en/{file}.txt"])[0].score, 4)
        self.rows.append(row)
        print(row, flush=True)
        report.write("iesg_study", PROTOCOL, {"published": PUBLISHED, "megabytes": MEGABYTES}, self.rows)


def precision(nearness: np.ndarray) -> list[float]:
    """P@1, P@5 and P@10 in per cent, where the right answer stands last; a tie counts as wrong."""
    before = (np.nan_to_num(nearness[:, :-1], nan=-np.inf) >= nearness[:, -1:]).sum(axis=1)
    return [round(100 * float((before < k).mean()), 2) for k in RANKS]


def main() -> None:
    """Measures the stages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stages", nargs="+", choices=STAGES, default=list(STAGES))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--workers", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        study = Study(asked.workers, Path(directory))
        for stage in asked.stages:
            seeds = asked.seeds[:1] if stage == "search" else asked.seeds
            settings = search() if stage == "search" else chosen()
            models = [(L2Projection, {}), *((IESG, setting) for setting in settings)]
            for seed, (model, setting) in itertools.product(seeds, models):
                study.measure(stage, model, setting, seed)


if __name__ == "__main__":
    main()
