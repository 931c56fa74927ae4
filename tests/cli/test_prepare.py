"""``encode-text`` and ``extract``."""

from __future__ import annotations

import io
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image, ImageDraw

from wordsight.images.features import ImageFeatures
from wordsight.text.corpus import Corpus


def test_encode_text_keeps_the_frequent_words(run, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("The goose sees the lake\nthe goose\n")
    result = run(
        "encode-text", path, "--output", "corpus", "--min-count", 2, "--tokenizer", "words", "--language", "en"
    )
    assert result.code == 0
    corpus = Corpus.load(tmp_path / "corpus")
    assert dict(zip(corpus.vocabulary.words, corpus.vocabulary.counts, strict=True)) == {"en:the": 3, "en:goose": 2}
    assert "corpus: 5 tokens, 2 words, 2 documents" in result.out
    assert "wordsight train sgns --corpus corpus" in result.out


def test_encode_text_reads_standard_input(run, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"goose duck\ngoose\n")))
    assert run("encode-text", "-", "--output", "corpus", "--min-count", 1).code == 0
    assert list(Corpus.load(tmp_path / "corpus").documents()) == [["goose", "duck"], ["goose"]]


def test_encode_text_refuses_bad_input(refused, tmp_path, text):
    (tmp_path / "empty.txt").touch()
    (tmp_path / "other.gz").write_bytes(b"no gzip")
    refused("encode-text", "absent.txt", "--output", "c", because="no such text file: absent.txt")
    refused("encode-text", "empty.txt", "--output", "c", because="empty.txt has no words")
    refused("encode-text", "other.gz", "--output", "c", because="other.gz is damaged")
    refused("encode-text", text, "--output", "c", "--min-count", 10**6, because="lower min_count")
    refused("encode-text", text, "--output", "c", "--tokenizer", "wods", because="did you mean 'words'?")


@pytest.fixture
def drawings(tmp_path):
    """Six tiny drawings: three shapes in two sizes."""
    (tmp_path / "drawings").mkdir()
    for shape in ("ellipse", "rectangle", "line"):
        for size in (20, 28):
            image = Image.new("RGB", (32, 32), "white")
            getattr(ImageDraw.Draw(image), shape)((4, 4, size, size), fill="red")
            image.save(tmp_path / "drawings" / f"{shape}-{size}.png")
    return tmp_path / "drawings"


def test_extract_writes_features(run, tmp_path, drawings):
    pytest.importorskip("efficientnet_lite_pytorch")
    result = run("extract", drawings, "--output", "features", "--batch-size", 4)
    assert result.code == 0
    assert "features: 6 images, 1,280 features each" in result.out
    features = ImageFeatures.load(tmp_path / "features")
    assert features.ids[0] == "ellipse-20.png" and np.isfinite(features.matrix).all()


def test_extract_refuses_bad_input(refused, tmp_path, drawings):
    (tmp_path / "nothing").mkdir()
    refused("extract", "absent", "--output", "f", because="no such file or folder: absent")
    refused("extract", "nothing", "--output", "f", because="no images in nothing")
    refused("extract", drawings, "--output", "f", "--encoder", "resnet", because="unknown image encoder 'resnet'")
    refused("extract", drawings, "--output", "f", "--batch-size", 0, because="batch_size is 0; it must be at least 1")
