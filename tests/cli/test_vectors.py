"""``eval`` and ``neighbors``."""

from __future__ import annotations

import json

import numpy as np
import pytest

from wordsight.vectors.word_vectors import WordVectors


@pytest.fixture
def pairs(tmp_path):
    """Ratings in the order of the cosines of ``vectors``, and one pair with an unknown word."""
    path = tmp_path / "pairs.txt"
    path.write_text("goose duck 9\ngoose swan 8\ngoose lake 7\ngoose sky 1\ngoose xylophone 5\n")
    return path


def test_eval_shows_and_writes_the_scores(run, tmp_path, vectors, pairs):
    reverse = tmp_path / "reverse.txt"
    reverse.write_text("goose duck 1\ngoose swan 2\ngoose lake 3\n")
    result = run("eval", vectors, pairs, reverse, "--json", "results.json")
    assert result.code == 0
    rows = [line.split() for line in result.out.splitlines()]
    assert [row for row in rows if row[:2] == ["pairs", "1.000"] and row[-4:] == ["4", "of", "5", "80.0%"]]
    assert [row for row in rows if row[:2] == ["reverse", "-1.000"] and row[-1] == "100.0%"]
    first, second = json.loads((tmp_path / "results.json").read_text())
    assert (first["dataset"], first["n"], first["total"]) == ("pairs", 4, 5)
    assert (first["score"], second["score"]) == pytest.approx((1, -1))


def test_eval_finds_words_by_their_language(run, tmp_path, pairs):
    WordVectors(["en:goose", "en:duck", "en:sky", "en:lake"], np.eye(4)).save(tmp_path / "tagged")
    assert "3 of 5" in run("eval", "tagged", pairs, "--language", "en").out
    assert "0 of 5" in run("eval", "tagged", pairs).out


def test_eval_refuses_bad_input(refused, vectors, tmp_path, pairs, labels):
    refused("eval", "absent", pairs, because="no such vectors: absent")
    refused("eval", vectors, "absent.txt", because="absent.txt")
    refused("eval", vectors, labels, because="labels.csv, line 1")
    truncate(vectors / "vectors.safetensors")
    refused("eval", vectors, pairs, because="vectors.safetensors")


def truncate(path):
    path.write_bytes(path.read_bytes()[:-40])


def test_neighbors_come_in_order(run, vectors):
    result = run("neighbors", vectors, "swan", "goose", "--topn", 3)
    assert result.code == 0
    lines = [line.split() for line in result.out.splitlines() if line.strip()]
    assert lines[0] == ["swan", "cosine", "goose", "cosine"]
    found = [(line[0], line[2]) for line in lines[2:]]
    assert {near for near, _ in found[:2]} == {"duck", "lake"}
    assert [near for _, near in found] == ["duck", "swan", "lake"]
    assert lines[2][3] == f"{np.cos(np.pi / 30):.3f}"


def test_neighbors_of_one_language(run, tmp_path):
    WordVectors(["en:dog", "en:cat", "de:hund", "de:katze"], [[1, 0], [1, 0.1], [1, 0.2], [0, 1]]).save(tmp_path / "v")
    result = run("neighbors", "v", "en:dog", "--language", "de", "--topn", 1)
    assert "de:hund" in result.out and "en:cat" not in result.out and "de:katze" not in result.out


def test_neighbors_refuses_bad_input(refused, vectors):
    refused("neighbors", vectors, "gose", because="did you mean 'goose'?")
    refused("neighbors", vectors, "goose", "--topn", 0, because="topn is 0")
    refused("neighbors", vectors, "goose", "--language", "de", because="unknown language 'de'")
