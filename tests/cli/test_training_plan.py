"""``train --dry-run``: what is shown, and that nothing is written."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from tests.cli.conftest import Refused, Run

from wordsight.cli._training_plan import duration
from wordsight.storage.streams import head_of_text

PIXIE = ("--set", "model.dim=8", "--set", "model.transform=centre | svd:5", "--set", "model.pretraining=1")


def test_a_plan_says_what_is_read_trained_and_written_and_writes_nothing(
    run: Run, tmp_path: Path, text: Path, features: Path, labels: Path
) -> None:
    before = sorted(tmp_path.rglob("*"))
    inputs = ("--text", text, "--features", features, "--lexicon", labels, "-o", "out", "--workers", 1)
    result = run("train", "pixie", *inputs, *PIXIE, "--dry-run")
    assert result.code == 0 and sorted(tmp_path.rglob("*")) == before
    for part in (
        "features directory, 24 images",
        "word-image table, 24 rows",
        "Corpus(4,800 tokens, 400 documents, 16 words)",
        "VisualLexicon(8 words",
        "Trains PIXIE",
        "the model; new",
        "text.txt.wordsight",
        "Takes about ",
    ):
        assert part in result.out, part
    rows = [line.split() for line in result.out.splitlines()]
    assert ["dim", "8", "100"] in rows and ["window", "5"] in rows


def test_a_plan_of_captions(run: Run, tmp_path: Path, features: Path, captions: Path) -> None:
    settings = ("--set", "model.dim=4", "--set", "model.transform=l2", "--set", "model.epochs=2")
    result = run("train", "imagevec", "--features", features, "--captions", captions, "-o", "o", *settings, "--dry-run")
    assert "caption table, 48 rows" in result.out and "ImageCaptions(48 captions" in result.out
    assert "Takes about " in result.out and not (tmp_path / "o").exists()


def test_what_training_would_refuse_is_refused(refused: Refused, text: Path, features: Path, tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("word,image\ngoose,absent.png\n")
    inputs = ("--text", text, "--features", features, "--lexicon", "labels.csv", "-o", "o")
    refused("train", "pixie", *inputs, "--dry-run", because="unknown image 'absent.png'")
    refused("train", "sgns", "--text", "absent.txt", "-o", "o", "--dry-run", because="no such file: absent.txt")


def test_the_size_of_compressed_text_is_told_from_its_beginning(tmp_path: Path) -> None:
    text = b"".join(b"%d geese on %d lakes\n" % (i * 7919 % 10007, i) for i in range(100_000))
    plain, packed = tmp_path / "a.txt", tmp_path / "a.txt.gz"
    plain.write_bytes(text)
    packed.write_bytes(gzip.compress(text))
    assert head_of_text(plain, 1000) == (text[:1000], len(text))
    assert head_of_text(packed, 10 * len(text)) == (text, len(text))
    head, total = head_of_text(packed, 1_000_000)
    assert head == text[:1_000_000] and total == pytest.approx(len(text), rel=0.15)


def test_durations() -> None:
    assert [duration(s) for s in (0.2, 40, 119, 600, 5000, 12600)] == [
        "1 second", "40 seconds", "119 seconds", "10 minutes", "83 minutes", "3.5 hours"
    ]  # fmt: skip
