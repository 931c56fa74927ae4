"""``explore``: what it refuses, what it opens, how it ends, and Emoji World where nothing is named."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.cli.conftest import WORDS, Refused, Run

pytest.importorskip("starlette")
pytest.importorskip("uvicorn")

from wordsight.cli import explore
from wordsight.explore import application, server
from wordsight.explore.collection import Collection
from wordsight.models.imagevec import ImageVec
from wordsight.vectors.word_vectors import WordVectors


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Collection]:
    """What would be served; nothing is."""
    found: list[Collection] = []
    monkeypatch.setattr(explore, "_serve", lambda collection, *how: found.append(collection))
    return found


def test_models_pictures_counts_and_ratings_are_opened(
    run: Run, opened: list[Collection], vectors: Path, features: Path, labels: Path, tmp_path: Path
) -> None:
    WordVectors(WORDS, np.eye(len(WORDS))).save(tmp_path / "other.txt")
    (tmp_path / "ratings.tsv").write_text("Word\tConc.M\nGoose\t4.9\nfly\t\n")
    options = ["--features", features, "--lexicon", labels, "--concreteness", "ratings.tsv"]
    result = run("explore", vectors, "other.txt", *options)
    assert result.code == 0, result.err
    info = opened[0].info()
    assert [model["name"] for model in info["models"]] == ["vectors", "other"]
    assert [model["n_with_pictures"] for model in info["models"]] == [8, 8] and info["pictures"]["n"] == 24
    assert opened[0].concreteness_of(0, 0) == 4.9 and opened[0].concreteness_of(0, WORDS.index("fly")) is None


def test_two_of_one_name_are_told_apart(run: Run, opened: list[Collection], vectors: Path) -> None:
    assert run("explore", vectors, vectors).code == 0
    assert [space.name for space in opened[0].spaces] == ["vectors 1", "vectors 2"]


def test_bad_input_is_refused(refused: Refused, vectors: Path, labels: Path, features: Path, tmp_path: Path) -> None:
    refused("explore", "nothing", because="nothing")
    refused("explore", *[vectors] * 5, because="5 models; from 1 to 4 fit side by side")
    refused("explore", vectors, "--lexicon", labels, because="name their features too")
    refused("explore", "--features", features, because="go with a model")
    refused("explore", vectors, "--host", "no.such.host.invalid", because="cannot listen at no.such.host.invalid")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").touch()
    refused("explore", vectors, "--export", "mine", because="was not written by wordsight")


def test_a_port_that_is_taken_is_refused(refused: Refused, vectors: Path) -> None:
    with server.listening("127.0.0.1", 0) as taken:
        refused("explore", vectors, "--port", taken.getsockname()[1], because="choose another")


def test_without_a_port_the_next_free_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with server.listening("127.0.0.1", 0) as taken:
        monkeypatch.setattr(server, "PORT", taken.getsockname()[1])
        with server.listening("127.0.0.1", None) as found:
            assert server.PORT < found.getsockname()[1] < server.PORT + 20


def test_emoji_world_is_trained_once(
    run: Run, opened: list[Collection], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fit = ImageVec.fit
    monkeypatch.setenv("WORDSIGHT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(ImageVec, "fit", lambda model, captions: fit(model.set_params(epochs=1), captions))
    assert run("explore").code == 0
    monkeypatch.setattr(ImageVec, "fit", lambda *_: pytest.fail("trained again"))
    assert run("explore").code == 0
    info = opened[1].info()
    [model] = info["models"]
    assert model["name"] == "Emoji World" and model["sees_pictures"] and model["languages"] == ["de", "en", "es", "fr"]
    assert info["pictures"]["glyphs"] and not info["pictures"]["has_files"]
    space = opened[1].spaces[0]
    own = opened[1].pictures and opened[1].pictures.of_entry(int(space.entries[space.rows_of("en:goose")[0]]))
    assert own is not None and len(own) == 3, "one a vendor"


def test_a_site_is_exported(run: Run, vectors: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page"
    page.mkdir()
    (page / "index.html").write_text("<title>explorer</title>")
    monkeypatch.setattr(application, "PAGE", page)
    monkeypatch.setattr("wordsight.explore.collection.METHODS", ("pca",))
    result = run("explore", vectors, "--export", "site", "--export-words", "5")
    assert result.code == 0 and "Written to site" in result.out
    assert json.loads((tmp_path / "site/api/info.json").read_text())["models"][0]["n_words"] == 5
    again = run("explore", vectors, "--export", "site")
    assert again.code == 2 and "--overwrite" in again.err


def start(vectors: Path) -> subprocess.Popen[str]:
    """The real program in a process of its own."""
    program = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    program += "from wordsight.cli import main; main(sys.argv[1:])"
    command = [sys.executable, "-c", program, "explore", str(vectors), "--no-browser", "--port", "0"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=environment
    )


@pytest.mark.slow  # starts processes
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_cleanly(vectors: Path, number: signal.Signals, code: int) -> None:
    with start(vectors) as process:
        assert process.stdout is not None and process.stderr is not None
        address = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
        assert address is not None
        with urllib.request.urlopen(f"{address[0]}api/neighbours?q=goose&n=2", timeout=60) as reply:
            found: dict[str, Any] = json.load(reply)
        assert [word["word"] for word in found["neighbours"]] == ["duck", "swan"]
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert process.returncode == code and "The explorer has ended." in out
    assert err == "", err
