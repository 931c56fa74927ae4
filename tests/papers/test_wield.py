"""WIELD's tables on a folder of Conceptual Captions made up by the test, and on the real captions."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import spearmanr

from wordsight.errors import DataError
from wordsight.grounding.captions import ImageCaptions
from wordsight.grounding.parts import part_of
from wordsight.images.features import ImageFeatures
from wordsight.models.wield import WIELD
from wordsight.papers.base import ReportTable
from wordsight.papers.recipes import read_recipe
from wordsight.papers.run import Outcome, reproduce
from wordsight.papers.standard_data import BOTH
from wordsight.papers.wield.data import captions_of, drawn
from wordsight.papers.wield.held_out import held_out_loss
from wordsight.papers.wield.made_captions import made_captions
from wordsight.storage.hashes import fingerprint

WORDS = ["dog", "beach", "yellow", "bus", "cat", "sea", "red", "car", "tree", "house"]
RATED = [(WORDS[i], WORDS[i + k], float((7 * i + 3 * k) % 11)) for k in (1, 2, 3) for i in range(7)]
SMALL: dict[str, Any] = {
    "sizes": [60],
    "gammas": [0.0, 50.0],
    "weights": [0.0, 1.0],
    "dim": 8,
    "min_count": 1,
    "epochs": 2,
    "transform": "pca:4",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """80 captions of five words with images in a shard, and files of rated pairs."""
    folder = tmp_path_factory.mktemp("cc")
    random = np.random.default_rng(0)
    keys = [f"{i:09d}" for i in range(80)]
    features = ImageFeatures(keys, random.normal(size=(80, 6)).astype(np.float32))
    features.save(folder / "features")
    captions = [" ".join(random.choice(WORDS, 5)) for _ in keys]
    lines = [f"{caption}\thttp://{key}" for caption, key in zip(captions, keys, strict=True)]
    (folder / "Train_GCC-training.tsv").write_text("\n".join(lines) + "\n")
    (folder / "shards").mkdir()
    with tarfile.open(folder / "shards" / "00000.tar", "w") as tar:
        for key in keys:
            data = json.dumps({"url": f"http://{key}"}).encode()
            info = tarfile.TarInfo(f"{key}.json")
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    (folder / "similarity" / "en").mkdir(parents=True)
    for name in ("EN-MEN-TR-3k", "EN-SIMLEX-999", "EN-WS-353-ALL"):
        text = "".join(f"{a} {b} {score}\n" for a, b, score in RATED)
        (folder / "similarity" / "en" / f"{name}.txt").write_text(text + "dog unheard 3.0\n")
    return folder


def ours(table: ReportTable) -> list[Sequence[str]]:
    """The lines of a table that are not the paper's."""
    return [row for row in table.rows if not row[0].startswith("*paper")]


@pytest.fixture(scope="module")
def run(folder: Path) -> tuple[Outcome, list[dict[str, Any]]]:
    outcome = reproduce("wield", folder, folder / "out", scale="paper", seeds=[0, 1], changes=SMALL)
    return outcome, json.loads((folder / "out" / "wield-paper.json").read_text())["rows"]


def test_every_table_and_figure_is_there(run: tuple[Outcome, list[dict[str, Any]]]) -> None:
    outcome, _ = run
    assert [table.title.partition(":")[0] for table in outcome.tables] == [f"Table {i}" for i in (1, 2, 3, 4)]
    assert outcome.tables[0].title.endswith(", 60 captions")
    for table in outcome.tables:
        assert table.rows and all(len(row) == len(table.header) for row in table.rows)
    pictures = [path for path in outcome.files if path.suffix == ".png"]
    assert [path.name for path in pictures] == [f"wield-figure{i}-60.png" for i in (2, 3)]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in pictures)
    names = [row[0] for row in outcome.tables[0].rows]
    assert names[:2] == ["0", "*paper, 82k captions*"] and "*paper: 250, 8.2k captions*" in names


def test_scores_are_those_of_the_models(folder: Path, run: tuple[Outcome, list[dict[str, Any]]]) -> None:
    outcome, rows = run
    captions, held_out = captions_of(folder, read_recipe("wield", "paper").settings)
    settings: dict[str, Any] = {"dim": 8, "min_count": 1, "epochs": 2, "batch_size": 20, "learning_rate": 1e-3}
    scores, losses = {}, {}
    for gamma in (0.0, 50.0):
        for seed in (0, 1):
            model = WIELD(gamma=gamma, seed=seed, composition="learned", transform="pca:4", **settings)
            vectors = model.fit(drawn(captions, 60)).vectors_
            losses[gamma, seed] = loss_by_hand(model, held_out)
            cosines = [vectors.similarity(a, b) for a, b, _ in RATED]
            scores[gamma, seed] = spearmanr(cosines, [score for _, _, score in RATED]).statistic
            found = [
                row
                for row in rows
                if row["kind"] == "scores" and row["model"] == "wield" and row["composition"] == "learned"
                if row["gamma"] == gamma
                and row["seed"] == seed
                and row["size"] == 60
                and row["dataset"] == "EN-MEN-TR-3k"
                if row["control"] is None and "window" not in row and "image_target" not in row
            ]
            assert [row["score"] for row in found] == [pytest.approx(scores[gamma, seed], abs=1e-6)]
            assert found[0]["held_out_loss"] == pytest.approx(losses[gamma, seed], abs=1e-5)
            assert found[0]["n"] == len(RATED) and found[0]["coverage"] == pytest.approx(len(RATED) / (len(RATED) + 1))
            if gamma:
                assert found[0]["gain"] == pytest.approx(scores[50.0, seed] - scores[0.0, seed], abs=1e-6)
    table = outcome.tables[0]
    means = [np.mean([scores[gamma, seed] for seed in (0, 1)]) for gamma in (0.0, 50.0)]
    assert [row[1][:5] for row in ours(table)] == [f"{mean:.3f}"[:5] for mean in means]
    assert ours(table)[1][2].startswith(f"{means[1] - means[0]:+.3f}")
    assert ours(table)[1][-1] == f"{np.mean([losses[50.0, seed] for seed in (0, 1)]):.2f}"


def loss_by_hand(model: WIELD, captions: ImageCaptions) -> float:
    """The mean cross-entropy of masked words, word by word."""
    losses = []
    for caption in captions.captions:
        ids = [model.vectors_.words.index(word) for word in caption.split() if word in model.vectors_]
        for i, masked in enumerate(ids):
            context = [ids[j] for j in (i - 2, i - 1, i + 1, i + 2) if 0 <= j < len(ids)]
            logits = model.context_vectors_ @ model.text_vectors_[context].sum(axis=0) + model.context_biases_
            losses.append(np.log(np.exp(logits - logits[masked]).sum()))
    return float(np.mean(losses))


def test_captions_without_known_words_have_no_loss(folder: Path) -> None:
    captions, held_out = captions_of(folder, read_recipe("wield", "paper").settings)
    model = WIELD(dim=4, epochs=1, min_count=1, transform="pca:4").fit(captions)
    unknown = ImageCaptions(["quark gluon"], held_out.image_rows[:1], captions.features)
    with pytest.raises(DataError, match="no held-out caption"):
        held_out_loss(model, unknown)


def test_one_table_alone_and_nothing_twice(folder: Path, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_captions(*_: Any) -> None:
        raise AssertionError("a finished run opens nothing")

    monkeypatch.setattr("wordsight.papers.wield.cells.captions_of", no_captions)
    outcome = reproduce("wield", folder, folder / "out", scale="paper", only=["table2"], seeds=[0, 1], changes=SMALL)
    assert [table.title.partition(":")[0] for table in outcome.tables] == ["Table 2"]
    assert [row[0] for row in ours(outcome.tables[0])] == ["0", "1"]


def test_neighbours_of_words_that_no_caption_has(run: tuple[Outcome, list[dict[str, Any]]]) -> None:
    outcome, _ = run
    rows = {row[0]: row[1:4] for row in ours(outcome.tables[2])}
    assert list(rows) == ["dog", "beach", "yellow", "bus", "pizza"]
    assert rows["pizza"] == ["–"] * 3 and all(len(cell.split(", ")) == 5 for cell in rows["dog"])


@pytest.mark.data
def test_standard_captions(data: Path) -> None:
    """At least 40,000 captions are learned from, of nearly all images, and nothing that is held out is among them."""
    captions, held_out = captions_of(data, read_recipe("wield").settings)
    assert len(captions) > 40_000 and 2000 < len(held_out) < 4000
    learned, other = (concepts_of(part, data) for part in (captions, held_out))
    assert not learned & other and {part_of(concept) for concept in other} == {"validation"}
    assert len(set(captions.image_rows)) + len(set(held_out.image_rows)) > 10_200
    few = drawn(captions, 100)
    assert len(few) == 100 and few.captions == drawn(captions, 100).captions
    assert drawn(captions, 10**6) is captions


@pytest.mark.data
def test_an_image_has_several_captions(data: Path) -> None:
    captions, _ = made_captions(data, BOTH)
    texts: dict[str, list[str]] = {}
    for row, caption in zip(captions.image_rows, captions.captions, strict=True):
        texts.setdefault(captions.features.ids[row], []).append(caption)
    goldfish = texts["images/photos/ilsvrc__n01443537_goldfish.jpg"]
    assert goldfish[0].startswith("goldfish Carassius auratus: small golden") and len(goldfish) == 5
    assert goldfish[1].startswith("goldfish, cyprinid")
    banana = texts["images/emoji/noto/1f34c.png"]
    assert banana[0] == "banana: food fruit" and sorted(banana[1].split()) == ["banana", "fruit", "potassium"]


def concepts_of(captions: ImageCaptions, data: Path) -> set[str]:
    """What the images of captions show, from the index itself."""
    lines = (line.split(",") for line in (data / "images" / "index.csv").read_text().splitlines()[1:])
    concept = {path: path if source == "stamps" else shows for path, source, shows, *_ in lines}
    return {concept[captions.features.ids[row]] for row in captions.image_rows}


@pytest.mark.data
def test_captions_do_not_depend_on_the_order_of_sets(data: Path) -> None:
    """Strings have another hash in each process, so that a set of NLTK's comes in another order."""
    code = (
        "import sys, pathlib; from wordsight.papers.wield.made_captions import made_captions\n"
        "from wordsight.papers.standard_data import BOTH\n"
        "from wordsight.storage.hashes import fingerprint\n"
        "print(fingerprint(*made_captions(pathlib.Path(sys.argv[1]), BOTH)[0].captions))"
    )
    environment = os.environ | {"PYTHONHASHSEED": "1"}
    done = subprocess.run([sys.executable, "-c", code, str(data)], env=environment, capture_output=True, check=True)
    assert done.stdout.decode().strip() == fingerprint(*made_captions(data, BOTH)[0].captions)
