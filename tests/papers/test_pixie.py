"""wordsight reproduce pixie on tiny stand-ins: the same code as on real data."""

from __future__ import annotations

import json
import lzma
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from wordsight.grounding.lexicon import VisualLexicon
from wordsight.images.features import ImageFeatures
from wordsight.papers import word_data
from wordsight.papers.run import reproduce

SYNSETS = {"n02084071": "dog", "n02121620": "cat", "n01503061": "bird", "n02958343": "car", "n07753592": "banana"}
OTHERS = ["animal", "vehicle", "fruit", "run", "idea", "of", "the"]
QUICK = {"dim": 8, "epochs": 1, "min_count": 1, "workers": 1, "negatives": 2, "window": 2, "hide_words": 0.2}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Path:
    """What the paper scale needs: text8, an ImageNet folder, rated pairs; WordNet is the real one."""
    root, random = tmp_path_factory.mktemp("paper"), np.random.default_rng(0)
    words = [*SYNSETS.values(), *OTHERS]
    (root / "text8").write_text(" ".join(words[i] for i in random.integers(0, len(words), 3000)))
    for number, synset in enumerate(SYNSETS):
        (root / "imagenet" / synset).mkdir(parents=True)
        for i in range(2):
            pixels = random.integers(0, 120, (32, 32, 3), dtype=np.uint8) + np.uint8(25 * number)
            Image.fromarray(pixels).save(root / "imagenet" / synset / f"{i}.png")
    (root / "similarity" / "en").mkdir(parents=True)
    pairs = [f"{a} {b} {random.integers(0, 50) / 10}" for i, a in enumerate(words) for b in words[:i]]
    (root / "similarity" / "en" / "EN-MEN-TR-3k.txt").write_text("\n".join(pairs))
    semsim = [f"{a}#{b}\t{random.random():.2f}\t{random.random():.2f}" for a, b, _ in map(str.split, pairs)]
    (root / "similarity" / "semsim.txt").write_text("WORDPAIR\tSEMANTIC\tVISUAL\n" + "\n".join(semsim))
    (root / "labels").mkdir()
    (root / "labels" / "concreteness.txt").write_text("Word\tConc.M\ndog\t4.9\nidea\t1.6\ncat\t4.8\n")
    (root / "nltk_data").symlink_to(data / "nltk_data")
    return root


def few_features(images: Path, encoder: str, *, directory: Path) -> ImageFeatures:
    """Twelve random numbers an image in place of an encoder's thousand: the fits are much faster."""
    ids = sorted(str(path.relative_to(images)) for path in images.glob("*/*.png"))
    assert directory.parent == images.parent and len(ids) == 2 * len(SYNSETS)
    return ImageFeatures(ids, np.random.default_rng(1).normal(size=(len(ids), 12)), encoder=encoder)


@pytest.mark.data
def test_the_paper_scale_end_to_end(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFeatures, "extract", few_features)
    changes: dict[str, Any] = {**QUICK, "encoder": "efficientnet-lite0"}
    tables = ["table1", "table2", "table3", "table4", "table5", "controls", "differences"]
    options: dict[str, Any] = {"scale": "paper", "only": tables, "seeds": [0], "changes": changes}
    outcome = reproduce("pixie", folder, tmp_path, **options)
    found = {table.title.partition(":")[0]: table for table in outcome.tables}
    models = ["CNN", "VAE", "SGNS", "CNN⊕SGNS", "VAE⊕SGNS", "V-SGNS (A)", "V-SGNS (B)"]
    models += ["IV-SGNS (linear)", "IV-SGNS (nonlinear)", "PIXIE+", "PIXIE⊕"]
    assert [row[0] for row in found["Table 1"].rows if "paper" not in row[0]][:-1] == models
    assert [row[0] for row in found["Table 2"].rows if "paper" not in row[0]][:-1] == models[2:]  # no CNN, no VAE
    assert list(found["Table 2"].header)[:4] == ["", "MEN", "SemSim", "VisSim"]
    assert {row[1] for row in found["Table 5"].rows} == {"SGNS", "PIXIE⊕"}
    with Image.open(next(path for path in outcome.files if path.suffix == ".png")) as picture:
        assert picture.size[0] > 500
    report = json.loads(outcome.files[0].read_text())
    for row in report["rows"]:
        if row["kind"] in ("score", "mean") and row["score"] is not None and row["n"] >= 10:
            assert row["low"] <= row["high"] and 0 < row["coverage"] <= 1, row
    controlled = [row for row in report["rows"] if row["kind"] == "difference" and row["against"] == "controls"]
    assert {row["model"] for row in controlled} == set(models) - {"SGNS"}
    again = reproduce("pixie", folder, tmp_path, **options)
    assert [table.rows for table in again.tables] == [table.rows for table in outcome.tables]


@pytest.mark.data
def test_the_wikipedia_scale_reads_the_beginning(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pairs that Table 2 covers are those of the most frequent words of the beginning, counted by hand."""
    tokens = (folder / "text8").read_text().split()
    (folder / "text").mkdir()
    (folder / "text" / "en-wikipedia.txt.xz").write_bytes(lzma.compress(" ".join(tokens).encode()))
    features = few_features(folder / "imagenet", "", directory=folder / "imagenet.wordsight")
    shown = [(SYNSETS[image.split("/")[0]], image) for image in features.ids]
    monkeypatch.setattr(word_data, "standard_lexicon", lambda *_: VisualLexicon.from_pairs(shown, features))
    changes: dict[str, Any] = {**QUICK, "text_tokens": 400, "max_words": 11}
    options: dict[str, Any] = {"scale": "wikipedia", "only": ["table2"], "seeds": [0], "changes": changes}
    outcome = reproduce("pixie", folder, tmp_path, **options)
    known = {word for word, _ in Counter(tokens[:400]).most_common(11)}
    rated = (folder / "similarity" / "en" / "EN-MEN-TR-3k.txt").read_text().splitlines()
    covered = sum(set(line.split()[:2]) <= known for line in rated)
    report = json.loads((tmp_path / "pixie-wikipedia-table2.json").read_text())
    means = [row for row in report["rows"] if row["kind"] == "mean" and row["dataset"] == "EN-MEN-TR-3k"]
    assert [row["n"] for row in means if row["model"] == "SGNS" and row["pairs"] == "all"] == [covered]
    assert 0 < covered < len(rated)
    assert "Table 2" in [table.title.partition(":")[0] for table in outcome.tables]
    page = (tmp_path / "pixie-wikipedia-table2.md").read_text()
    assert "Protocol W" in page and "Protocol S:" not in page and "](pixie-wikipedia/pixie-forest.png)" in page
