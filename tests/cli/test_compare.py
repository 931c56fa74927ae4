"""``compare``: two spaces, the pairs that both cover, and the paired interval."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tests.cli.conftest import WORDS, Refused, Run

import wordsight as ws
from wordsight.vectors.word_vectors import WordVectors


@pytest.fixture
def pairs(tmp_path: Path, vectors: Path) -> Path:
    """All pairs of words with their cosine in ``vectors``, and one pair with an unknown word."""
    space = WordVectors.load(vectors)
    lines = [f"{a}\t{b}\t{space.similarity(a, b)}" for i, a in enumerate(WORDS) for b in WORDS[:i]]
    (tmp_path / "pairs.txt").write_text("\n".join([*lines, "goose\txylophone\t1"]))
    return tmp_path / "pairs.txt"


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Vectors at random, without the last word."""
    matrix = np.random.default_rng(0).normal(size=(len(WORDS) - 1, 3))
    WordVectors(WORDS[:-1], matrix).save(tmp_path / "other")
    return tmp_path / "other"


def test_shows_and_writes_what_the_library_finds(
    run: Run, tmp_path: Path, vectors: Path, other: Path, pairs: Path
) -> None:
    result = run("compare", vectors, other, pairs, "--json", "found.json", "--resamples", 200)
    assert result.code == 0, result.err
    (found,) = json.loads((tmp_path / "found.json").read_text())
    spaces = [WordVectors.load(path) for path in (vectors, other)]
    expected = ws.compare(spaces[0], spaces[1], pairs, resamples=200)
    assert found == json.loads(json.dumps(expected.only.to_dict()))
    assert found["score_a"] > 0.99 and (found["n"], found["total"]) == (15 * 14 // 2, 121)
    (row,) = [line.split() for line in result.out.splitlines() if line.split()[:1] == ["pairs"]]
    low, high = found["interval"]
    assert low > 0
    assert row == [
        "pairs", f"{found['score_a']:.3f}", f"{found['score_b']:.3f}", f"{found['difference']:+.3f}",
        f"{low:+.3f}", "to", f"{high:+.3f}", "*", "105", "of", "121", "86.8%",
    ]  # fmt: skip


def test_no_difference_bears_no_star(run: Run, vectors: Path, pairs: Path) -> None:
    out = run("compare", vectors, vectors, pairs).out
    assert "+0.000 to +0.000" in out and "*" not in out


def test_refuses_bad_input(refused: Refused, vectors: Path, pairs: Path) -> None:
    refused("compare", vectors, "absent", pairs, because="no such vectors: absent")
    refused("compare", vectors, vectors, "absent.txt", because="absent.txt")
