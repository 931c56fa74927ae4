"""IESG's tables and figures, in a small made-up world."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from wordsight.evaluation.data.candidates import Candidates
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.parts import part_of
from wordsight.images.features import ImageFeatures
from wordsight.images.transforms import Chain
from wordsight.models.iesg import IESG
from wordsight.models.sgns import SGNS
from wordsight.papers.iesg import cells as iesg
from wordsight.papers.iesg import error_kinds
from wordsight.papers.iesg.error_kinds import ErrorKinds
from wordsight.papers.recipes import read_recipe
from wordsight.papers.run import Outcome, reproduce
from wordsight.text.corpus import Corpus
from wordsight.text.vocabulary import Vocabulary

WORDS = [f"w{i}" for i in range(24)]
SMALL = {"dim": 8, "min_count": 1, "n_candidates": 10, "workers": 1, "subsample": 0.0}


class Noun:
    """A synset on a line: as many steps lie between two as their numbers differ."""

    def __init__(self, number: int) -> None:
        self.number = number

    def shortest_path_distance(self, other: Noun) -> int:
        return abs(self.number - other.number)


class LineNet:
    """A WordNet in which word w3 is the synset of number 30."""

    def __init__(self, folder: Path) -> None: ...

    def nouns(self, word: str) -> list[Noun]:
        return [Noun(10 * int(word[1:]))]


@pytest.fixture(scope="module")
def world() -> SimpleNamespace:
    """600 images of 24 words, and documents in which neighbouring words meet."""
    random = np.random.default_rng(0)
    prototypes = random.normal(size=(len(WORDS), 20))
    of = random.integers(len(WORDS), size=600)
    ids = [f"images/{i}.png" for i in range(600)]
    features = ImageFeatures(ids, prototypes[of] + 0.5 * random.normal(size=(600, 20)))
    lexicon = VisualLexicon.from_pairs([(WORDS[w], image) for w, image in zip(of, ids, strict=True)], features)
    starts = random.integers(len(WORDS) - 5, size=300)
    corpus = Corpus.from_documents([random.choice(WORDS[s : s + 6], 12).tolist() for s in starts], min_count=1)
    return SimpleNamespace(corpus=corpus, lexicon=lexicon, fingerprint="made up")


@pytest.fixture(scope="module")
def run(world: SimpleNamespace, tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, dict[str, Any], Path]:
    folder = tmp_path_factory.mktemp("data")
    (folder / "similarity" / "en").mkdir(parents=True)
    for name in ("EN-WS-353-SIM", "EN-WS-353-REL"):
        lines = (f"w{i} w{i + k} {10 - k}\n" for i in range(8) for k in (1, 3, 8))
        (folder / "similarity" / "en" / f"{name}.txt").write_text("".join(lines))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(iesg, "WordData", lambda folder, _: SimpleNamespace(**vars(world) | {"folder": folder}))
        patch.setattr(error_kinds, "WordNet", LineNet)
        outcome = reproduce("iesg", folder, folder / "out", seeds=[0, 1], changes=SMALL)
        patch.setattr(iesg, "fitted", None)  # a second run computes nothing
        reproduce("iesg", folder, folder / "out", seeds=[0, 1], changes=SMALL)
    return outcome, json.loads((folder / "out" / "iesg.json").read_text()), folder


def test_every_table_and_picture_is_there(run: tuple[Outcome, dict[str, Any], Path]) -> None:
    outcome, report, folder = run
    titles = [table.title.partition(":")[0] for table in outcome.tables]
    assert titles == ["Table 1", "Table 2", "Table 3", "Figure 2", "Figure 3"]
    for table in outcome.tables:
        assert table.rows and all(len(row) == len(table.header) for row in table.rows)
    models = set(read_recipe("iesg").compared)
    assert models <= {row[0] for row in outcome.tables[0].rows}
    for name in ("figure2", "figure3"):
        with Image.open(folder / "out" / f"iesg-{name}.png") as picture:
            assert picture.width > 500
    assert {(row["model"], row["seed"]) for row in report["rows"]} == {(m, s) for m in models for s in (0, 1)}


def test_the_paper_s_figures_stand_beside_ours(run: tuple[Outcome, dict[str, Any], Path]) -> None:
    lines = [(row[0], row[1]) for row in run[0].tables[0].rows]
    names = [name for name, _ in lines]
    for model, figure in (("IESG", "62.9"), ("L2 projection", "28.8")):
        assert lines[names.index(model) + 1] == ("*paper*", figure)
    assert names.count("*paper*") == 2 and dict(lines)["chance"] == "10.0"


def test_a_mean_is_that_of_the_seeds(run: tuple[Outcome, dict[str, Any], Path]) -> None:
    outcome, report, _ = run
    key = ("table2", "IESG, contrastive", 5)
    of = [row for row in report["rows"] if (row["table"], row["model"], row.get("rank")) == key]
    scores = 100 * np.array([row["score"] for row in of])
    line = next(row for row in outcome.tables[1].rows if row[0] == "IESG, contrastive")
    assert len(of) == 2 and line[2].startswith(f"{scores.mean():.1f} ± {scores.std():.1f} [")


def test_the_bins_hold_all_questions(run: tuple[Outcome, dict[str, Any], Path], world: SimpleNamespace) -> None:
    rows = [row for row in run[1]["rows"] if row["table"] == "figure3" and row["model"] == "IESG" and row["seed"] == 0]
    n_test = sum(part_of(image) == "test" for image in world.lexicon.features.ids)
    for direction in ("image-to-word", "word-to-image"):
        of = [row for row in rows if row["direction"] == direction]
        assert len(of) == 5 and sum(row["n"] for row in of) == n_test
        assert all(a["most_frequent"] <= b["rarest"] for a, b in pairwise(of))
        overall = next(
            row["score"]
            for row in run[1]["rows"]
            if (row["model"], row["seed"], row["table"], row.get("rank"))
            == ("IESG", 0, "table1" if direction == "image-to-word" else "table2", 1)
        )
        assert sum(row["n"] * row["score"] for row in of) == pytest.approx(n_test * overall)


def test_only_the_tables_asked_for_are_shown(run: tuple[Outcome, dict[str, Any], Path], world: SimpleNamespace) -> None:
    folder = run[2]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(iesg, "WordData", lambda folder, _: SimpleNamespace(**vars(world) | {"folder": folder}))
        outcome = reproduce("iesg", folder, folder / "out", seeds=[0], only=["table3"], changes=SMALL)
    assert [table.title.partition(":")[0] for table in outcome.tables] == ["Table 3"]


def test_another_scale_has_files_of_its_own(
    run: tuple[Outcome, dict[str, Any], Path], world: SimpleNamespace, tmp_path: Path
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(iesg, "WordData", lambda folder, _: SimpleNamespace(**vars(world) | {"folder": folder}))
        patch.setattr(error_kinds, "WordNet", LineNet)
        changes = {**SMALL, "window": 3, "negatives": 2}
        outcome = reproduce("iesg", run[2], tmp_path, scale="wikipedia", seeds=[0], changes=changes)
    names = [path.relative_to(tmp_path).as_posix() for path in outcome.files]
    pictures = [f"iesg-wikipedia/iesg-{name}.png" for name in ("figure2", "figure3")]
    assert names == ["iesg-wikipedia.json", "iesg-wikipedia.md", *pictures]
    assert all(f"]({picture})" in (tmp_path / "iesg-wikipedia.md").read_text() for picture in pictures)


def test_an_error_counts_for_the_first_kind_that_holds(world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four wrong answers and a right one, one of each kind."""
    monkeypatch.setattr(error_kinds, "WordNet", LineNet)
    features = ImageFeatures(["a", "b", "c", "d", "e"], np.eye(4, dtype=np.float32)[[0, 1, 2, 2, 1]])
    training = VisualLexicon.from_pairs([("w0", "a"), ("w5", "b"), ("w9", "c"), ("w20", "a")], features)
    vocabulary = Vocabulary([f"w{i}" for i in range(24)], np.full(24, 1000))
    vocabulary.counts[1] = 5
    # right words w1 (rare), w4 (chosen: w5, a step away), w5 (chosen: w9, whose images look like c), w9, w0
    candidates = Candidates(
        ["a", "b", "c", "d", "e"],
        WORDS,
        right_words=np.array([1, 4, 5, 9, 0]),
        other_words=np.array([[0], [5], [9], [0], [9]]),
        other_images=np.array([[1], [0], [0], [0], [0]]),
        seed=0,
    )
    cosines = np.array([[0.9, 0.1], [0.9, 0.1], [0.9, 0.1], [0.5, 0.5], [0.1, 0.9]])
    errors = ErrorKinds(candidates, training, vocabulary, Path(), rare_below=10, synonym_distance=10)
    shares = list(errors.shares(Chain.parse("").fit(features.matrix), cosines))
    assert {row["kind"]: row["n"] for row in shares} == {"Sparsity": 1, "Synonym": 1, "Confusion": 1, "Other": 1}
    assert {row["errors"] for row in shares} == {4} and sum(row["share"] for row in shares) == 1


def test_all_models_of_a_seed_start_from_the_same_skip_gram() -> None:
    recipe = read_recipe("iesg")
    (start,) = {model.inputs["text"] for model in recipe.compared.values()}
    text = recipe.unfitted(recipe.models[start], seed=3)
    assert isinstance(text, SGNS) and (text.seed, text.epochs, text.learning_rate) == (3, 5, 0.025)
    contrastive = recipe.unfitted(recipe.models["IESG, contrastive"], seed=3)
    assert contrastive.get_params() == IESG(objective="contrastive", epochs=2, seed=3).get_params()
