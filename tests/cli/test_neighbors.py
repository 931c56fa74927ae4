"""``neighbors``."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from tests.cli.conftest import Refused, Run

from wordsight.vectors.word_vectors import WordVectors


def test_neighbors_come_in_order(run: Run, vectors: Path) -> None:
    result = run("neighbors", vectors, "swan", "goose", "--topn", 3)
    assert result.code == 0
    lines = [line.split() for line in result.out.splitlines() if line.strip()]
    assert lines[0] == ["swan", "cosine", "goose", "cosine"]
    found = [(line[0], line[2]) for line in lines[2:]]
    assert {near for near, _ in found[:2]} == {"duck", "lake"}
    assert [near for _, near in found] == ["duck", "swan", "lake"]
    assert lines[2][3] == f"{np.cos(np.pi / 30):.3f}"


def test_neighbors_of_one_language(run: Run, tmp_path: Path) -> None:
    matrix = [[1.0, 0.0], [1.0, 0.1], [1.0, 0.2], [0.0, 1.0]]
    WordVectors(["en:dog", "en:cat", "de:hund", "de:katze"], matrix).save(tmp_path / "v")
    result = run("neighbors", "v", "en:dog", "--language", "de", "--topn", 1)
    assert "de:hund" in result.out and "en:cat" not in result.out and "de:katze" not in result.out


def test_neighbors_refuses_bad_input(refused: Refused, vectors: Path) -> None:
    refused("neighbors", vectors, "gose", because="did you mean 'goose'?")
    refused("neighbors", vectors, "goose", "--topn", 0, because="topn is 0")
    refused("neighbors", vectors, "goose", "--language", "de", because="unknown language 'de'")


def test_neighbors_suggests_words_that_are_there(refused: Refused, run: Run, tmp_path: Path) -> None:
    words = ["en:goose", "en:duck", "de:gans", "de:ente", "fr:caf\u00e9"]
    WordVectors(words, np.eye(5) + 0.1).save(tmp_path / "v")
    refused("neighbors", "v", "duck", because="unknown word 'duck'; did you mean 'en:duck'?")
    refused("neighbors", "v", "ganz", because="did you mean 'de:gans'?")
    refused("neighbors", "v", "en:Goos", because="did you mean 'en:goose'?")
    assert run("neighbors", "v", "fr:cafe\u0301").code == 0  # the same word, typed otherwise


def test_words_cannot_give_the_terminal_orders(run: Run, tmp_path: Path) -> None:
    words = ["goose", "\x1b]0;title\x07", "\x9b31m", "ba\u202ek", "👩‍🚀", "שלום"]
    WordVectors(words, np.eye(6) + 0.5).save(tmp_path / "v")
    out = run("neighbors", "v", "goose").out
    assert not set("\x1b\x07\x9b\u202e") & set(out)
    assert r"\x1b]0;title\x07" in out and r"\x9b31m" in out and r"ba\u202ek" in out
    assert "👩‍🚀" in out and "שלום" in out
    said = run("neighbors", "v", "\x1b[2Jgoos").err
    assert "\x1b" not in said and r"\x1b[2Jgoos" in said
