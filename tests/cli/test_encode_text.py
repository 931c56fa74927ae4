"""``encode-text``."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from wordsight.text.corpus import Corpus


def test_encode_text_keeps_the_frequent_words(run: Any, tmp_path: Path) -> None:
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


def test_encode_text_reads_standard_input(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"goose duck\ngoose\n")))
    assert run("encode-text", "-", "--output", "corpus", "--min-count", 1).code == 0
    assert list(Corpus.load(tmp_path / "corpus").documents()) == [["goose", "duck"], ["goose"]]


def test_encode_text_refuses_bad_input(refused: Any, tmp_path: Path, text: Path) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "other.gz").write_bytes(b"no gzip")
    refused("encode-text", "absent.txt", "--output", "c", because="no such text file: absent.txt")
    refused("encode-text", "empty.txt", "--output", "c", because="empty.txt has no words")
    refused("encode-text", "other.gz", "--output", "c", because="other.gz is damaged")
    refused("encode-text", text, "--output", "c", "--min-count", 10**6, because="lower min_count")
    refused("encode-text", text, "--output", "c", "--tokenizer", "wods", because="did you mean 'words'?")
