"""``train``: flags, recipes, bad input, Ctrl-C and full disks."""

from __future__ import annotations

import contextlib
import json
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.cli.conftest import Refused, Run

import wordsight
from wordsight.images.features import ImageFeatures

TINY = ("--set", "model.dim=8", "--set", "model.epochs=1", "--workers", 1)
PIXIE = ("--set", "model.transform=centre | svd:5", "--set", "model.pretraining=1", "--set", "model.hidden=8")


def test_sgns_from_text(run: Run, tmp_path: Path, text: Path) -> None:
    result = run("train", "sgns", "--text", text, "--output", "sgns", *TINY, "--seed", 3)
    assert result.code == 0
    model = wordsight.load(tmp_path / "sgns")
    assert model.get_params()["seed"] == 3 and model.vectors_.matrix.shape == (16, 8)
    config = json.loads((tmp_path / "sgns" / "config.json").read_text())
    assert config["data"]["corpus"]["text"] == [str(text)] and config["data"]["corpus"]["fingerprint"]
    assert "SGNS: 16 words, dim 8, 1 epoch " in result.out and "saved in sgns" in result.out
    assert "grounded" not in result.out
    command = next(line.split() for line in result.out.splitlines() if "wordsight neighbors" in line)
    assert run(*command[1:]).code == 0  # what it says to type next does work


def test_pixie_from_a_recipe_that_flags_and_set_override(
    run: Run, tmp_path: Path, text: Path, features: Path, labels: Path
) -> None:
    recipe = (
        '[model]\nname = "pixie"\ndim = 50\nepochs = 1\nwindow = 3\n[corpus]\ntext = ["absent.txt"]\nmin_count = 2\n'
    )
    recipe += '[features]\npath = "features"\n[lexicon]\ntable = "labels.csv"\n'
    (tmp_path / "recipe.toml").write_text(recipe)
    flags = ("--text", text, "--output", "pixie", *TINY, *PIXIE, "--set", "model.composition=sum")
    result = run("train", "--config", "recipe.toml", *flags)
    model = wordsight.load(tmp_path / "pixie")
    assert result.code == 0 and str(model.report_) in result.out
    params = model.get_params()
    assert (params["dim"], params["window"], params["composition"]) == (8, 3, "sum")
    data = json.loads((tmp_path / "pixie" / "config.json").read_text())["data"]
    assert data["features"]["fingerprint"] == ImageFeatures.load(features).fingerprint


def test_a_corpus_directory_replaces_the_text_of_a_recipe(run: Run, tmp_path: Path, text: Path) -> None:
    (tmp_path / "recipe.toml").write_text('output = "o"\n[model]\nname = "sgns"\n[corpus]\ntext = "absent.txt"\n')
    assert run("encode-text", text, "--output", "corpus").code == 0
    assert run("train", "--config", "recipe.toml", "--corpus", "corpus", *TINY).code == 0
    assert (tmp_path / "o" / "vocab.txt").is_file()


def test_features_as_npy_with_a_table(
    run: Run, tmp_path: Path, text: Path, labels: Path, images: list[str], matrix: np.ndarray
) -> None:
    np.save(tmp_path / "f.npy", matrix)
    (tmp_path / "index.csv").write_text("image\n" + "\n".join(images) + "\n")
    given = ("--text", text, "--features", "f.npy", "--images", "index.csv", "--lexicon", labels)
    assert run("train", "pixie", *given, "--output", "pixie", *TINY, *PIXIE).code == 0
    assert (tmp_path / "pixie" / "model.safetensors").is_file()


def test_imagevec_from_captions_in_two_languages(run: Run, tmp_path: Path, features: Path, captions: Path) -> None:
    given = ("--features", features, "--captions", captions, "--set", "model.transform=centre")
    result = run("train", "imagevec", *given, "--output", "imagevec", *TINY)
    assert result.code == 0 and str(wordsight.load(tmp_path / "imagevec").report_) in result.out
    vectors = wordsight.load(tmp_path / "imagevec").vectors_
    assert vectors.languages == ["de", "en"] and "de:goose" in vectors and "en:goose" in vectors


def test_bad_settings_are_refused_before_any_work(refused: Refused, tmp_path: Path, text: Path) -> None:
    sgns = ("train", "sgns", "--text", text, "--output", "o")
    refused("train", "sgsn", because="did you mean 'sgns'")
    refused(*sgns, "--set", "model.negative=3", because="did you mean 'negatives'?")
    refused(*sgns, "--set", "modle.dim=3", because="did you mean 'model.dim'")
    refused(*sgns, "--set", "model.dim=few", because="dim is 'few'; it must be a whole number")
    refused(*sgns, "--config", "absent.toml", because="absent.toml")
    refused("train", "pixie", "--text", text, "--output", "o", because="--lexicon TABLE; --features DIR")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").touch()
    refused(*sgns, "--output", "mine", because="mine exists and was not written by wordsight")
    assert not (tmp_path / "text.txt.wordsight").exists()


def test_bad_text_is_refused(refused: Refused, tmp_path: Path, text: Path) -> None:
    (tmp_path / "empty.txt").touch()
    refused("train", "sgns", "--text", "absent.txt", "--output", "o", because="no such text file: absent.txt")
    refused("train", "sgns", "--text", "empty.txt", "--output", "o", because="empty.txt has no words")
    rare = ("--set", "corpus.min_count=100000")
    refused("train", "sgns", "--text", text, "--output", "o", *rare, because="lower min_count")
    refused("train", "sgns", "--corpus", "absent", "--output", "o", because="absent")
    refused("train", "sgns", "--text", text, "--output", "o", "--set", "model.dim=0", because="dim is 0")


def test_bad_grounding_is_refused(
    refused: Refused, tmp_path: Path, text: Path, features: Path, labels: Path, images: list[str], matrix: np.ndarray
) -> None:
    pixie = ("train", "pixie", "--text", text, "--output", "o", "--lexicon")
    refused(*pixie, "absent.csv", "--features", features, because="absent.csv")
    refused(*pixie, labels, "--features", "absent", because="absent")
    (tmp_path / "other.csv").write_text("word,picture\ngoose,1.png\n")
    refused(*pixie, "other.csv", "--features", features, because="has no column 'image'")
    (tmp_path / "unknown.csv").write_text("word,image\ngoose,goose/9.png\n")
    refused(*pixie, "unknown.csv", "--features", features, because="unknown image 'goose/9.png'")

    (tmp_path / "index.csv").write_text("image\n" + "\n".join(images) + "\n")
    arrays = ("--features", "f.npy", "--images", "index.csv")
    np.save(tmp_path / "f.npy", matrix[:-1])
    refused(*pixie, labels, *arrays, because="23 rows of features but 24 ids")
    broken = matrix.copy()
    broken[4, 2] = np.nan
    np.save(tmp_path / "f.npy", broken)
    refused(*pixie, labels, *arrays, because=f"the features of image {images[4]!r} (row 4) are not all finite")
    (tmp_path / "f.npy").write_bytes((tmp_path / "f.npy").read_bytes()[:-100])
    refused(*pixie, labels, *arrays, because="f.npy is not a whole .npy file")
    refused(*pixie, labels, "--features", "f.npy", because="--images TABLE")


def test_ctrl_c_saves_what_was_learned(run: Run, tmp_path: Path, text: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real SIGINT arrives while the second epoch is under way."""

    @contextlib.contextmanager
    def interrupting(*_: object, **__: object) -> Iterator[Callable[..., None]]:
        read = 0

        def advance(words: int, **_: object) -> None:
            nonlocal read
            read += words
            if read > 400 * 12:
                signal.raise_signal(signal.SIGINT)

        yield advance

    monkeypatch.setattr("wordsight.training.corpus_passes.progress", interrupting)
    result = run("train", "sgns", "--text", text, "--output", "sgns", "--workers", 1, "--set", "model.epochs=9")
    assert result.code == 130
    assert "stopped; what was learned" in result.err and "saved in sgns" in result.out
    model = wordsight.load(tmp_path / "sgns")
    assert isinstance(model, wordsight.SGNS) and model.interrupted_ and len(model.history_) == 1
    assert np.abs(model.context_vectors_).max() > 0


def test_ctrl_c_before_training_leaves_nothing(
    run: Run, tmp_path: Path, text: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("wordsight.text._encode.Encoder.run", interrupted)
    result = run("train", "sgns", "--text", text, "--output", "sgns")
    assert result.code == 130 and "Traceback" not in result.err
    assert not (tmp_path / "sgns").exists()


def test_a_full_disk_when_saving_leaves_the_older_model_and_the_checkpoint(
    run: Run, tmp_path: Path, text: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sgns = ("train", "sgns", "--text", text, "--output", "sgns", *TINY)
    assert run(*sgns).code == 0
    before = (tmp_path / "sgns" / "vectors.safetensors").read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("wordsight.vectors.formats.native.write_lines", full)
        result = run(*sgns, "--seed", 5, "--overwrite")
    assert result.code == 2 and "cannot write sgns: No space left on device" in result.err
    assert (tmp_path / "sgns" / "vectors.safetensors").read_bytes() == before
    assert sorted(path.name for path in tmp_path.glob("*sgns*")) == ["sgns", "sgns.partial"]

    result = run(*sgns, "--seed", 5)
    assert result.code == 0 and "SGNS: going on at its end, from sgns.partial" in result.err
    assert (tmp_path / "sgns" / "vectors.safetensors").read_bytes() != before
    assert not (tmp_path / "sgns.partial").exists()


def test_a_disk_that_is_really_full(refused: Refused, small_disk: Path, text: Path) -> None:
    with contextlib.suppress(OSError):
        (small_disk / "filler").write_bytes(bytes(2**20))
    sgns = ("train", "sgns", "--text", text, *TINY)
    refused(*sgns, "--output", "disk/sgns", because="cannot write disk/sgns: No space left on device")
    assert [path.name for path in small_disk.iterdir()] == ["filler"]


def test_captions_of_a_collection_are_found_by_their_content(
    run: Run, refused: Refused, tmp_path: Path, features: Path, images: list[str]
) -> None:
    """Karpathy's test images are left out; flags name a format where its content does not tell."""
    splits = ["train", "test", "restval"]
    listed = [
        {"filename": image, "split": splits[i % 3], "sentences": [{"raw": f"a {image.partition('/')[0]}"}]}
        for i, image in enumerate(images)
    ]
    (tmp_path / "dataset.json").write_text(json.dumps({"images": listed}))
    inputs = ("train", "imagevec", "--captions", "dataset.json", "--features", features, "--set", "model.epochs=1")
    assert run(*inputs, "--set", "model.dim=4", "--output", "v").code == 0
    facts = json.loads((tmp_path / "v" / "config.json").read_text())
    assert "16 captions of 16 images" in json.dumps(facts)
    refused(*inputs, "-o", "w", "--captions-format", "karpaty", because="did you mean 'karpathy'?")
    refused(*inputs, "-o", "w", "--captions-format", "coco", because="is not a file of COCO's captions")
