"""``plot``: pictures of vectors and models as files."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.cli.conftest import WORDS, Refused, Run

import wordsight as ws
from wordsight.vectors.word_vectors import WordVectors

pytest.importorskip("matplotlib")


@pytest.fixture
def model(tmp_path: Path) -> Path:
    corpus = ws.Corpus.from_documents([WORDS[:4]] * 20, min_count=1)
    ws.SGNS(dim=4, epochs=2, subsample=0, workers=1).fit(corpus).save(tmp_path / "model")
    return tmp_path / "model"


@pytest.fixture
def rated(tmp_path: Path) -> Path:
    path = tmp_path / "rated.txt"
    path.write_text("".join(f"{a} {b} {i}\n" for i, (a, b) in enumerate(itertools.pairwise(WORDS))))
    return path


def is_picture(path: Path) -> bool:
    with Image.open(path) as image:
        return image.format == "PNG" and image.width > 200 and len(np.unique(np.asarray(image))) > 10


def test_plots_become_files(run: Run, vectors: Path, model: Path, rated: Path, tmp_path: Path) -> None:
    for arguments in (
        ("map", vectors, "--word", "goose"),
        ("history", model, "--figure", "words_per_second"),
        ("ratings", vectors, "--file", rated),
    ):
        result = run("plot", *arguments, "-o", "x.png")
        assert result.code == 0, result.err
        assert result.out == "drawn on x.png\n" and is_picture(tmp_path / "x.png")


def test_several_models_are_drawn_together(
    run: Run, vectors: Path, model: Path, rated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[list[str]] = []
    for plot in ("history", "ratings"):
        drawn = getattr(ws.plots, plot)

        def seen(given: dict[str, object], *rest: object, drawn: object = drawn, **settings: object) -> object:
            names.append(list(given))
            return drawn(given, *rest, **settings)  # type: ignore[operator]

        monkeypatch.setattr(ws.plots, plot, seen)
    WordVectors.load(vectors).save("other/vectors")
    assert run("plot", "ratings", vectors, "other/vectors", "--file", rated, "-o", "r.png").code == 0
    assert run("plot", "history", model, "-o", "h.png").code == 0
    assert names == [[f"{tmp_path.name}/vectors", "other/vectors"], ["model"]]


def test_plot_refuses_before_any_work(refused: Refused, run: Run, vectors: Path, rated: Path, tmp_path: Path) -> None:
    Image.new("RGB", (9, 9)).save(tmp_path / "mine.png")
    before = (tmp_path / "mine.png").read_bytes()
    refused("plot", "map", "absent", "-o", "mine.png", because="mine.png exists")
    assert (tmp_path / "mine.png").read_bytes() == before
    refused("plot", "map", "absent", "-o", "x.png", because="absent")
    refused("plot", "map", vectors, "--word", "gose", "-o", "x.png", because="did you mean 'goose'?")
    refused("plot", "map", vectors, "--method", "umap", "-o", "x.png", because="there are: pca, tsne")
    refused("plot", "history", vectors, "-o", "x.png", because="no epoch was finished")
    refused("plot", "ratings", vectors, "--file", rated, "--language", "de", "-o", "vectors", because="is a directory")
    assert run("plot", "map", vectors, "-o", "mine.png", "--overwrite").code == 0
    assert is_picture(tmp_path / "mine.png")
