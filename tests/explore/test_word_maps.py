"""Maps: t-SNE by whether it keeps groups together, what is said of it, and the cache."""

from __future__ import annotations

import importlib.util
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from tests.explore.conftest import WORDS, Served

from wordsight.errors import ParameterError
from wordsight.explore.space import Space
from wordsight.explore.word_maps import WordMap
from wordsight.vectors.layouts import principal_components
from wordsight.vectors.tsne import TSNE
from wordsight.vectors.word_vectors import WordVectors

has_tsne = pytest.mark.skipif(importlib.util.find_spec("openTSNE") is None, reason="openTSNE is not installed")


def space_of(matrix: np.ndarray) -> Space:
    return Space("x", "", WordVectors([f"w{i}" for i in range(len(matrix))], matrix), ThreadPoolExecutor(1))


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORDSIGHT_CACHE", str(tmp_path))
    return tmp_path / "maps"


@pytest.fixture
def groups() -> np.ndarray:
    """Four groups of thirty words."""
    rng = np.random.default_rng(2)
    return (rng.normal(size=(4, 1, 12)) * 3 + rng.normal(size=(4, 30, 12)) * 0.3).reshape(120, 12)


@has_tsne
@pytest.mark.slow  # starts a process that loads openTSNE
def test_tsne_keeps_groups_together_and_is_kept(
    cache: Path, groups: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    points = WordMap(space_of(groups), threading.Lock()).wait_for_tsne()
    assert points.shape == (120, 2) and np.abs(points).max() == pytest.approx(1, abs=1e-6)
    distances = np.linalg.norm(points[:, None] - points[None], axis=2) + np.eye(120) * 9
    assert np.array_equal(distances.argmin(axis=1) // 30, np.arange(120) // 30), "the nearest is of one's own group"
    monkeypatch.setattr(TSNE, "_computed", lambda self: pytest.fail("computed again"))
    again = WordMap(space_of(groups), threading.Lock())
    assert np.array_equal(again.wait_for_tsne(), points) and again.state("tsne")["state"] == "ready"
    [path] = cache.glob("tsne-*.npy")
    monkeypatch.setattr(TSNE, "_computed", lambda self: np.zeros((120, 2), np.float32))
    changed = groups.copy()
    changed[0, 0] += 1
    assert not WordMap(space_of(changed), threading.Lock()).wait_for_tsne().any(), "other vectors, another map"
    path.write_bytes(path.read_bytes()[:200])
    assert not WordMap(space_of(groups), threading.Lock()).wait_for_tsne().any(), "a damaged one is computed anew"


@has_tsne
def test_the_state_says_what_is_computed_and_what_fails(
    cache: Path, groups: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()

    def computed(self: TSNE) -> np.ndarray:
        assert go_on.wait(10)
        raise ParameterError("the memory is full")

    monkeypatch.setattr(TSNE, "_computed", computed)
    word_map = WordMap(space_of(groups), threading.Lock())
    assert word_map.state("pca")["state"] == "ready"
    assert word_map.state("tsne") == {"state": "computing", "fraction": 0.0, "n": 120, "reason": ""}
    assert word_map.points("tsne") is None
    go_on.set()
    state = until(lambda: word_map.state("tsne"), lambda state: state["state"] != "computing")
    assert state["state"] == "failed" and "the memory is full" in str(state["reason"])


def until(ask: Callable[[], dict[str, object]], done: Callable[[dict[str, object]], bool]) -> dict[str, object]:
    """The first answer that is as wished, within ten seconds."""
    for _ in range(1000):
        if done(state := ask()):
            break
        time.sleep(0.01)
    return state


def test_too_few_words_have_no_tsne() -> None:
    state = WordMap(space_of(np.eye(4)), threading.Lock()).state("tsne")
    assert state["state"] == "unavailable" and state["reason"]


def test_without_opentsne_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    reason = WordMap(space_of(np.eye(40)), threading.Lock()).state("tsne")["reason"]
    assert "wordsight[map]" in reason


def test_the_server_hands_out_maps(served: Served) -> None:
    assert served.ask("/api/map/0")["state"] == "ready"
    reply = served.get("/api/map/0.bin?method=pca")
    points = np.frombuffer(reply.body, "<f4").reshape(-1, 2)
    assert np.array_equal(points, principal_components(served.collection.spaces[0].vectors))
    words = served.ask("/api/map/0/words")
    assert words["words"] == [word.partition(":")[2] for word in WORDS]
    assert [words["languages"][i] for i in words["language"]] == [word[:2] for word in WORDS]
    assert words["pictures"] == [0, 2, 0, 4, -1, 0, 2, -1, -1, -1] and words["counts"][:2] == [100, 99]
    assert words["concreteness"] == [4.9, None, None, None, 4.1, None, None, None, None, None]
    assert words["emoji"] is None
    assert served.ask("/api/map/1/words")["counts"] is None


def test_an_unfinished_map_is_not_handed_out(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WordMap, "points", lambda self, method: None)
    assert served.get("/api/map/0.bin?method=tsne").status == 409
