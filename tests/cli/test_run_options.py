"""``train``: going on from a model, time limits and logs."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from tests.cli.conftest import Refused, Run

import wordsight
from wordsight.cli._run_options import seconds_of
from wordsight.errors import ParameterError
from wordsight.interruption import interruption
from wordsight.models.sgns import SGNS
from wordsight.text.corpus import Corpus
from wordsight.training import corpus_passes

FIRST = ("--workers", 1, "--set", "model.dim=8", "--set", "model.epochs=2", "--set", "model.subsample=0")


@pytest.fixture
def more(tmp_path: Path) -> Path:
    """Another text, with a new word."""
    path = tmp_path / "more.txt"
    path.write_text("a nieuw goose swims nieuw and a goose sleeps\n" * 50)
    return path


def test_training_goes_on_from_a_model_with_its_settings(run: Run, text: Path, more: Path, tmp_path: Path) -> None:
    assert run("train", "sgns", "--text", text, *FIRST, "-o", "first").code == 0
    result = run("train", "--from", "first", "--text", more, "--seed", 3, "-o", "second")
    assert result.code == 0 and "going on from" in result.err and "the learning rate begins at 0.025" in result.err
    first, second = SGNS.load(tmp_path / "first"), SGNS.load(tmp_path / "second")
    assert second.get_params() == first.get_params() | {"seed": 3}
    expected = SGNS(**second.get_params()).fit(Corpus.from_text(more), text=first)
    np.testing.assert_array_equal(second.vectors_.matrix, expected.vectors_.matrix)
    config = json.loads((tmp_path / "second" / "config.json").read_text())
    assert config["data"]["from"] == {"directory": "first", "fingerprint": first.fingerprint}
    (tmp_path / "recipe.toml").write_text('from = "first"\noutput = "third"\n[corpus]\ntext = "more.txt"\n')
    assert run("train", "--config", "recipe.toml", "--seed", 3).code == 0
    np.testing.assert_array_equal(SGNS.load(tmp_path / "third").vectors_.matrix, second.vectors_.matrix)


def test_another_model_starts_from_it_and_from_vectors_in_any_format(
    run: Run, text: Path, more: Path, tmp_path: Path
) -> None:
    assert run("train", "sgns", "--text", text, *FIRST, "-o", "first").code == 0
    wordsight.WordVectors.load(tmp_path / "first").save(tmp_path / "first.txt")
    for start in ("first", "first.txt"):
        result = run("train", "cbow", "--from", start, "--text", more, *FIRST, "-o", f"cbow of {start}")
        assert result.code == 0
        assert "nieuw" in wordsight.load(tmp_path / f"cbow of {start}").vectors_


def test_what_cannot_be_started_from_is_refused_before_any_work(
    run: Run, refused: Refused, text: Path, captions: Path, features: Path
) -> None:
    assert run("train", "sgns", "--text", text, *FIRST, "-o", "first").code == 0
    refused("train", "--from", "nowhere", "--text", text, "-o", "x", because="no such model or vectors to start from")
    wield = ("train", "wieldinput", "--captions", captions, "--features", features, "--from", "first", "-o", "x")
    refused(*wield, because="cannot start from another model; leave out --from")
    refused("train", "cbow", "--from", "first", "--text", text, "-o", "x", because="but dim is 100; set dim=8")


def test_at_the_time_limit_the_run_saves_and_goes_on_later(
    run: Run, text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus_passes, "CHUNK", 1000)
    command = ("train", "sgns", "--text", text, *FIRST)
    assert run(*command, "-o", "whole").code == 0
    with monkeypatch.context() as patch:
        patch.setattr(type(interruption), "out_of_time", property(lambda self: self._deadline is not None))
        stopped = run(*command, "-o", "limited", "--time-limit", "2h")
    assert stopped.code == 124 and "the time limit is reached; what was learned until then is saved" in stopped.err
    assert wordsight.load(tmp_path / "limited").interrupted_
    assert run(*command, "-o", "limited", "--time-limit", "2h").code == 0
    vectors = [(tmp_path / name / "vectors.safetensors").read_bytes() for name in ("limited", "whole")]
    assert vectors[0] == vectors[1]


def test_a_log_of_json_is_kept(run: Run, text: Path, tmp_path: Path) -> None:
    assert run("train", "sgns", "--text", text, *FIRST, "-o", "first", "--log", "log.jsonl").code == 0
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    losses = [line["figures"]["loss"] for line in lines if line.get("event") == "epoch"]
    assert losses == [row["loss"] for row in wordsight.load(tmp_path / "first").history_]


def test_times_are_read_as_people_and_slurm_write_them() -> None:
    said = {"2h": 7200, "90m": 5400, "1h30m": 5400, "45s": 45, "2d": 172800, "02:00:00": 7200, "1-12:00:00": 129600}
    assert {text: seconds_of(text) for text in said} == said and seconds_of(None) is None
    for wrong in ("", "2", "2x", "h", "0m", "-1h", "2h 3m"):
        with pytest.raises(ParameterError, match="write a time such as 2h"):
            seconds_of(wrong)
