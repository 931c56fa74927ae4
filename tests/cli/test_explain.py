"""``explain`` and ``name``."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.cli.conftest import OnScreen, Refused, Run, kitty_picture

from wordsight.grounding.lexicon import VisualLexicon
from wordsight.images.encoders.base import ImageEncoder
from wordsight.images.encoders.registry import ENCODERS
from wordsight.images.features import ImageFeatures
from wordsight.models.l2_projection import L2Projection
from wordsight.models.sgns import SGNS
from wordsight.text.corpus import Corpus
from wordsight.vectors.word_vectors import WordVectors

COLORS = {"goose": (250, 250, 250), "lake": (20, 60, 250), "tree": (20, 250, 60), "fire": (250, 60, 20)}


class MeanColour(ImageEncoder):
    """The mean colour of an image, from 0 to 1."""

    name, n_features, fingerprint = "mean-colour", 3, "v1"

    def __init__(self, name: str = "mean-colour", *, device: str = "auto") -> None:
        pass

    def preprocess(self, image: Image.Image) -> np.ndarray:
        return np.asarray(image.resize((2, 2)), np.float32).transpose(2, 0, 1) / 255

    def encode(self, batch: np.ndarray) -> np.ndarray:
        means: np.ndarray = batch.mean(axis=(2, 3))
        return means


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model whose words have orthogonal vectors, the features it saw, and the folder of its images."""
    monkeypatch.setitem(ENCODERS, "mean-colour", f"{__name__}:MeanColour")
    folder = tmp_path / "photos"
    for word, color in COLORS.items():
        for i in range(3):
            path = folder / f"{word}{i}.png"
            path.parent.mkdir(exist_ok=True)
            Image.new("RGB", (40, 30), tuple(max(0, c - 4 * i) for c in color)).save(path)
    features = ImageFeatures.extract(folder, MeanColour(), directory=tmp_path / "seen")
    words = [*COLORS, "freedom"]
    corpus = Corpus.from_documents([words] * 3, min_count=1)
    text = SGNS(dim=4, epochs=1, subsample=0, workers=1).fit(corpus)
    matrix = np.eye(5, 4, dtype=np.float32)
    matrix[4] = 0.8 * matrix[0] + 0.2 * matrix[1]  # "freedom" has no image; it is like "goose"
    order = [words.index(word) for word in corpus.vocabulary.words]
    text.vectors_ = WordVectors(corpus.vocabulary.words, matrix[order])
    lexicon = VisualLexicon.from_pairs([(w, f"{w}{i}.png") for w in COLORS for i in range(3)], features)
    model = L2Projection(dim=4, penalty=1e-6, transform="", intercept=True).fit(corpus, lexicon, text)
    model.save(tmp_path / "model")
    return tmp_path


def test_explain_lists_the_nearest_images_and_draws_them(run: Run, world: Path) -> None:
    arguments = ("--features", "seen", "--folder", "photos", "--topn", 3, "--output", "sheet.png")
    result = run("explain", "model", "goose", "freedom", *arguments)
    assert result.code == 0, result.err
    found = [line.split()[0] for line in result.out.splitlines() if ".png" in line and "drawn" not in line]
    joined = " ".join(result.out.split())
    for i in range(3):
        assert joined.count(f"goose{i}.png") == 2, found  # for the word and for the one without images that is like it
    sheet = Image.open("sheet.png")
    assert sheet.format == "PNG" and "drawn on sheet.png" in result.out
    assert (np.asarray(sheet) == (250, 250, 250)).all(axis=2).sum() > 2 * 100 * 100


def test_explain_shows_pictures_in_a_terminal_and_never_in_a_pipe(
    run: Run, on_screen: OnScreen, world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TMUX", raising=False)
    monkeypatch.setenv("TERM", "xterm-kitty")
    arguments = ("explain", "model", "goose", "--features", "seen", "--folder", "photos")
    assert "\x1b" not in run(*arguments).out
    shown = kitty_picture(on_screen(*arguments))
    assert (shown == (250, 250, 250)).all(axis=2).sum() > 60 * 80


def test_explain_shows_images_that_look_the_same_once(run: Run, world: Path) -> None:
    features = ImageFeatures.load("seen")
    again = ImageFeatures([*features.ids, *(f"copy-{i}" for i in features.ids)], np.vstack([features.matrix] * 2))
    again.save("twice")
    assert "copy-" not in run("explain", "model", "goose", "--features", "twice").out


def test_name_finds_words_for_new_files(run: Run, world: Path) -> None:
    Image.new("RGB", (50, 20), (240, 70, 30)).save("new.png")
    result = run("name", "model", "new.png", "photos/lake0.png", "--topn", 1)
    assert result.code == 0, result.err
    assert "fire" in result.out and "lake" in result.out and "tree" not in result.out


def test_explain_refuses_bad_input(refused: Refused, world: Path, vectors: Path) -> None:
    refused("explain", "model", "gose", "--features", "seen", because="did you mean 'goose'?")
    refused("explain", "absent", "goose", "--features", "seen", because="no such directory: absent")
    refused("explain", "model", "goose", "--features", "absent", because="no such directory: absent")
    refused("explain", vectors, "goose", "--features", "seen", because="vectors without a model")
    refused("explain", "model", "goose", "--features", "seen", "-o", "s.png", because="--folder")


def test_a_model_without_images_is_refused(refused: Refused, world: Path) -> None:
    corpus = Corpus.from_documents([["goose", "lake"]] * 3, min_count=1)
    SGNS(dim=4, epochs=1, subsample=0, workers=1).fit(corpus).save("text")
    refused("explain", "text", "goose", "--features", "seen", because="has no images in its space")
    refused("name", "text", "photos/lake0.png", because="has no images in its space")


def test_name_refuses_bad_input(refused: Refused, world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused("name", "model", "absent.png", because="absent.png cannot be read as an image")
    refused("name", "model", "photos/lake0.png", "--encoder", "mean-color", because="did you mean 'mean-colour'?")
    monkeypatch.setattr(MeanColour, "fingerprint", "v2")
    refused("name", "model", "photos/lake0.png", because="trained on features of another mean-colour (v1, not v2)")


def test_name_asks_for_an_encoder_that_is_not_known(refused: Refused, world: Path) -> None:
    model = L2Projection.load("model")
    model.encoder_ = None
    model.save("nameless")
    refused("name", "nameless", "photos/lake0.png", because="does not say what made its features; give --encoder")
