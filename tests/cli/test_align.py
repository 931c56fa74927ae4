"""wordsight align, and training on the data set that ships with wordsight."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wordsight.models.registry import load
from wordsight.vectors.word_vectors import WordVectors

WORDS = [f"w{i}" for i in range(60)]


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """English vectors, and the same turned round, in word2vec's format; and a dictionary of the first twenty words."""
    random = np.random.default_rng(0)
    english = random.normal(size=(60, 8))
    german = english @ np.linalg.qr(random.normal(size=(8, 8)))[0]
    for name, matrix in (("en.vec", english), ("de.vec", german)):
        WordVectors(WORDS, matrix).save(tmp_path / name)
    (tmp_path / "en-de.txt").write_text("".join(f"{word} {word}\n" for word in WORDS[:20]))
    return [str(tmp_path / name) for name in ("en.vec", "de.vec")]


def test_aligns_with_a_dictionary(run: Any, files: list[str], tmp_path: Path) -> None:
    options = ["--language", "en", "--language", "de", "--dictionary", str(tmp_path / "en-de.txt")]
    done = run("align", *files, *options, "--set", "refinements=1", "-o", tmp_path / "space")
    assert done.code == 0 and "MUSE: 120 words" in done.out and "de to en" in done.out
    vectors = WordVectors.load(tmp_path / "space")
    assert vectors.most_similar("en:w40", topn=1, language="de")[0][0] == "de:w40"
    assert load(tmp_path / "space").title == "MUSE"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--language", "en"], "--language is given 1 times; 2 files need 2"),
        ([], "one language of its own"),
        (["--set", "refinement=2"], "did you mean 'refinements'"),
    ],
)
def test_says_what_is_wrong(run: Any, files: list[str], tmp_path: Path, options: list[str], said: str) -> None:
    done = run("align", *files, *options, "-o", tmp_path / "space")
    assert done.code == 2 and said in done.err and not (tmp_path / "space").exists()


def test_trains_on_emoji_world(run: Any, tmp_path: Path) -> None:
    small = ["--set", "model.epochs=1", "--set", "model.dim=16", "--set", "model.transform=pca:16"]
    done = run("train", "imagevec", "--data", "emoji-world", "--languages", "en,sw", *small, "-o", tmp_path / "model")
    assert done.code == 0
    assert WordVectors.load(tmp_path / "model").languages == ["en", "sw"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["imagevec", "--data", "emojis"], "unknown data set 'emojis'"),
        (["imagevec", "--data", "emoji-world", "--languages", "en,xx"], "unknown language 'xx'"),
        (["imagevec", "--data", "emoji-world", "--captions", "c.csv"], "leave out --captions or --data"),
        (["imagevecmultitask"], "give also: --captions FILE or --data emoji-world or"),
        (["multiskip"], "give also: --parallel TABLE"),
        (["muse"], "use wordsight align"),
    ],
)
def test_says_what_training_lacks(run: Any, tmp_path: Path, arguments: list[str], said: str) -> None:
    done = run("train", *arguments, "-o", tmp_path / "model")
    assert done.code == 2 and said in done.err


def test_trains_on_parallel_text(run: Any, tmp_path: Path) -> None:
    (tmp_path / "pairs.tsv").write_text("en\tde\n" + "the dog\tder hund\na cat\teine katze\n" * 20)
    done = run("train", "multiskip", "--parallel", tmp_path / "pairs.tsv", "--set", "model.dim=8", "-o", tmp_path / "m")
    assert done.code == 0
    assert set(WordVectors.load(tmp_path / "m").words) >= {"en:dog", "de:hund"}
