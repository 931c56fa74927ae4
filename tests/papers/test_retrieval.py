"""The retrieval tables and pictures, from a small folder of made-up data; what the models get to see."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from wordsight.grounding.lexicon import VisualLexicon
from wordsight.images.features import ImageFeatures
from wordsight.papers.published import beside
from wordsight.papers.recipes import read_recipe
from wordsight.papers.retrieval import cells as retrieval
from wordsight.papers.retrieval.data import RetrievalData, concept_of
from wordsight.papers.retrieval.plots import draw
from wordsight.papers.retrieval.tables import figures, tables
from wordsight.papers.run import Outcome, reproduce
from wordsight.papers.standard_data import EMOJI_SOURCES, standard_features

WORDS = [f"{a}{b}" for a in ("ba", "ke", "lo", "mu", "ti") for b in ("dra", "fel", "gos", "nim", "pur")]
SMALL = {"dim": 8, "epochs": 1, "min_count": 1, "hidden": 16, "retrieval_epochs": 2, "workers": 1, "subsample": 0.0}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """40 emoji by three vendors, 20 stamps, 30 photographs; each shows one or two of 25 words."""
    folder, random = tmp_path_factory.mktemp("data"), np.random.default_rng(0)
    for name in ("images", "features", "labels", "text", "similarity/en"):
        (folder / name).mkdir(parents=True)
    looks = {word: random.normal(size=10) for word in WORDS}
    names = [" ".join(pair) for pair in random.permutation(list(combinations(WORDS, 2)))[:60]]
    rows, said = [], []
    for i, name in enumerate(names[:40]):
        rows += [(f"images/emoji/{v}/{i}.png", v, f"E{i}") for v in EMOJI_SOURCES]
        said += [name] * 3
    rows += [(f"images/stamps/{i}.png", "stamps", f"stamp {i}") for i in range(20)]
    said += names[40:60]
    rows += [(f"images/photos/{i}.png", "imagenet", f"n{i:08}") for i in range(30)]
    said += [str(random.choice(WORDS)) for _ in range(30)]
    matrix = np.stack([sum(looks[w] for w in words.split()) + 0.3 * random.normal(size=10) for words in said])
    for name in ("efficientnet_lite0", "efficientnet_lite2"):
        np.save(folder / f"features/{name}.npy", matrix.astype(np.float32))
    lines = [f"{path},{source},{concept},\n" for path, source, concept in rows]
    (folder / "images/index.csv").write_text("path,source,concept,label\n" + "".join(lines))
    emoji = [f"en\tE{i}\t{name}\t{name.split()[0]}\n" for i, name in enumerate(names[:40])]
    (folder / "labels/emoji_annotations.tsv").write_text("lang\temoji\tname\tkeywords\n" + "".join(emoji))
    stamps = [f"images/stamps/{i}.png\ten\tA {name}.\n" for i, name in enumerate(names[40:60])]
    (folder / "labels/stamp_captions.tsv").write_text("path\tlang\tcaption\n" + "".join(stamps))
    texts = [" ".join(random.choice(WORDS, 30)) for _ in range(200)]
    (folder / "text/en-simplewiki.txt").write_text("\n".join(texts))
    (folder / "similarity/en/EN-RG-65.txt").write_text("badra kefel 3\n")
    for path, _, _ in rows:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (20, 20), tuple(random.integers(256, size=3))).save(folder / path)
    (folder / "said.json").write_text(
        json.dumps([[path, words] for (path, _, _), words in zip(rows, said, strict=True)])
    )
    return folder


def lexicon(data: RetrievalData) -> VisualLexicon:
    """The standard one without WordNet: each image shows the words it was made of."""
    said = json.loads((data.folder / "said.json").read_text())
    pairs = [(word, image) for image, words in said for word in words.split()]
    return VisualLexicon.from_pairs(pairs, standard_features(data.folder))


@pytest.fixture(scope="module")
def changes() -> dict[str, Any]:
    return SMALL | {"text": "text/en-simplewiki.txt"}


@pytest.fixture(scope="module")
def small(folder: Path, changes: dict[str, Any]) -> RetrievalData:
    made = RetrievalData(folder, read_recipe("retrieval", changes=changes).settings)
    made.__dict__["lexicon"] = lexicon(made)
    return made


@pytest.fixture(scope="module")
def run(folder: Path, changes: dict[str, Any]) -> tuple[Outcome, dict[str, Any]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RetrievalData, "lexicon", property(lexicon))
        reproduce("retrieval", folder, folder / "out", seeds=[0], changes=changes)
        patch.setattr(RetrievalData, "fitted", None)  # another network on the same vectors: nothing is fitted again
        reproduce("retrieval", folder, folder / "out", seeds=[0], changes=changes | {"hidden": 12})
        patch.undo()
        patch.setattr(RetrievalData, "lexicon", property(lexicon))
        outcome = reproduce("retrieval", folder, folder / "out", seeds=[0, 1], changes=changes)
        patch.setattr(retrieval, "Retriever", None)  # and here nothing is computed
        reproduce("retrieval", folder, folder / "out", seeds=[0, 1], changes=changes)
    return outcome, json.loads((folder / "out" / "retrieval.json").read_text())


def sources_of(features: ImageFeatures) -> list[str]:
    assert features.sources is not None
    return features.sources


def test_no_concept_and_no_test_vendor_is_learned(small: RetrievalData) -> None:
    for seed in (0, 1):
        splits, concepts = small.parts(seed)
        sources, shown = sources_of(splits.features), []
        for part in splits.parts:
            shown.append({concepts[row] for row in part.image_rows.tolist()})
            vendors = {sources[row] for row in part.image_rows} - {"stamps"}
            assert vendors == ({EMOJI_SOURCES[2]} if part is splits.test else set(EMOJI_SOURCES[:2]))
        assert not (shown[0] & shown[1] or shown[0] & shown[2] or shown[1] & shown[2])
        assert len(shown[2]) == 12 and len(shown[1]) == 6
    assert concept_of("The two apples, red") == concept_of("Red apples: two!") and concept_of("12") == "12"


def test_grounded_vectors_see_photographs_and_what_the_network_is_trained_on(small: RetrievalData) -> None:
    splits = small.parts(0).splits
    sources = sources_of(splits.features)
    seen = set(small.seen("training", 0).image_rows.tolist())
    photographs = {row for row, source in enumerate(sources) if source == "imagenet"}
    assert seen == photographs | set(splits.training.image_rows.tolist())
    assert set(small.seen("all", 0).image_rows.tolist()) == set(range(len(sources)))


def test_the_paper_s_scale_takes_karpathy_s_parts(folder: Path) -> None:
    images = [
        {"filename": f"{i}.jpg", "split": split, "sentences": [{"raw": f"no. {j} of {i}"} for j in range(5)]}
        for i, split in enumerate(("train", "val", "test", "test"))
    ]
    (folder / "dataset_flickr30k.json").write_text(json.dumps({"images": images}))
    np.save(folder / "flickr30k.npy", np.eye(4, dtype=np.float32))
    where = {"text": "text/en-simplewiki.txt", "lexicon": "standard"}
    made = RetrievalData(folder, read_recipe("retrieval", "paper", where).settings)
    splits, concepts = made.parts(0)
    assert [len(part) for part in splits.parts] == [5, 5, 10] and concepts[2] == "2.jpg"
    assert made.parts(1).splits.test.captions == splits.test.captions and made.fingerprint != ""


@pytest.mark.data
def test_the_real_captions_are_divided_by_concept(data: Path) -> None:
    made = RetrievalData(data, read_recipe("retrieval").settings)
    first, second = made.parts(0), made.parts(1)
    assert first.splits.validation.captions == second.splits.validation.captions
    assert first.splits.test.captions != second.splits.test.captions
    for splits, concepts in (first, second):
        shown = [{concepts[row] for row in part.image_rows.tolist()} for part in splits.parts]
        assert not (shown[0] & shown[1] or shown[0] & shown[2] or shown[1] & shown[2])
        assert len(shown[1]) == 196 and 380 < len(shown[2]) <= 392 and len(splits.training) > 2_400


def test_every_table_and_picture_is_there(run: tuple[Outcome, dict[str, Any]], folder: Path) -> None:
    outcome, report = run
    assert [table.title.partition(":")[0] for table in outcome.tables] == [
        "Table 6",
        "Beyond SGNS",
        "What the grounded vectors have seen",
    ]
    for table in outcome.tables:
        assert table.rows and all(len(row) == len(table.header) for row in table.rows)
    models = list(read_recipe("retrieval").models)
    assert [row[0] for row in outcome.tables[0].rows if row[0] != "*paper*"] == [*models, "*chance*"]
    assert [row[0] for row in outcome.tables[1].rows] == models[1:]
    for name in ("retrieval-curves", "contact-sheet-caption-to-image", "contact-sheet-image-to-caption"):
        with Image.open(folder / "out" / f"{name}.png") as picture:
            assert picture.width > 500
    assert {row["seed"] for row in report["rows"] if row["kind"] == "training"} == {0, 1}
    examples = [row for row in report["rows"] if row["kind"] == "example"]
    assert {row["model"] for row in examples} == {"PIXIE⊕"} and all(len(row["answers"]) == 5 for row in examples)


def test_pictures_without_image_files_are_left_out(run: tuple[Outcome, dict[str, Any]], tmp_path: Path) -> None:
    assert [path.name for path in draw(run[1]["rows"], tmp_path, tmp_path)] == ["retrieval-curves.png"]


def made_up(model: str, seed: int, ranks: list[int], concepts: list[str], images: str = "training") -> dict[str, Any]:
    row = {"kind": "ranks", "model": model, "images": images, "seed": seed, "direction": "caption-to-image"}
    return row | {"ranks": ranks, "concepts": concepts, "candidates": len(ranks)}


def test_recall_is_that_of_all_queries_and_differences_are_paired() -> None:
    """Two seeds with other test concepts; a concept with several queries is drawn with all of them."""
    random = np.random.default_rng(0)
    rows: list[dict[str, Any]] = []
    hits: dict[str, list[tuple[str, bool]]] = {"SGNS": [], "PIXIE⊕": []}
    for seed in (0, 1):
        concepts = [f"c{i}" for i in random.choice(60, 40)]
        for model, worst in (("SGNS", 20), ("PIXIE⊕", 15)):
            ranks = random.integers(worst, size=40)
            rows.append(made_up(model, seed, ranks.tolist(), concepts))
            hits[model] += [(c, rank < 10) for c, rank in zip(concepts, ranks, strict=True)]
    found = figures(rows, read_recipe("retrieval"))
    for model, of in hits.items():
        row = next(r for r in found if r["kind"] == "recall" and r["model"] == model and r["rank"] == 10)
        assert row["score"] == pytest.approx(np.mean([hit for _, hit in of])) and row["n"] == 80
        assert row["low"] < row["score"] < row["high"] and row["seeds"] == [0, 1]
    difference = next(r for r in found if r["kind"] == "difference" and r["rank"] == 10)
    names = sorted({concept for concept, _ in hits["SGNS"]})
    rng, values = np.random.default_rng(0), []
    for drawn in rng.integers(len(names), size=(1000, len(names))):
        counts = dict(zip(*np.unique([names[i] for i in drawn], return_counts=True), strict=True))
        weights = [counts.get(concept, 0) for concept, _ in hits["SGNS"]]
        shares = [np.average([hit for _, hit in hits[m]], weights=weights) for m in ("PIXIE⊕", "SGNS")]
        values.append(shares[0] - shares[1])
    assert [difference["low"], difference["high"]] == pytest.approx(np.quantile(values, [0.025, 0.975]).tolist())


def test_a_paper_s_figure_stands_beside_ours() -> None:
    recipe = read_recipe("retrieval")
    recipe.tables["table6"]["published"] = {"SGNS": {"caption → image R@10": 12.5}}
    rows = [
        made_up(m, 0, [0, 3, 30], ["a", "b", "c"]) | {"direction": d}
        for m in recipe.models
        for d in ("caption-to-image", "image-to-caption")
    ]
    (table,) = beside(tables(figures(rows, recipe), recipe)[0], recipe)
    ours, theirs = (dict(zip(table.header, row, strict=True)) for row in table.rows[:2])
    assert ours["caption → image R@1"].startswith("33.3 [")
    assert theirs[""] == "*paper*" and theirs["caption → image R@10"] == "12.5" and theirs["caption → image R@5"] == "–"
