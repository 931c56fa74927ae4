"""``doctor`` and ``data``."""

from __future__ import annotations

import platform
from pathlib import Path

import pytest
from tests.cli.conftest import Refused, Run
from threadpoolctl import threadpool_limits


def test_doctor_says_what_is_here_and_what_is_missing(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("wordsight.extras.EXTRAS", {"magic": ("no_such_module",), "data": ("numpy",)})
    monkeypatch.setenv("WORDSIGHT_DATA", "/no/such/folder")
    monkeypatch.setenv("NLTK_DATA", str(tmp_path))
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "7")
    with threadpool_limits(1, user_api="blas"):
        result = run("doctor")
    assert result.code == 0
    lines = dict(line.strip().split(None, 1) for line in result.out.splitlines() if len(line.split()) > 1)
    assert lines["python"].startswith(platform.python_version())
    assert "compiles" in lines["numba"] and "threads" in lines["torch"]
    assert ", 1 threads" in lines["BLAS"] and "OPENBLAS_NUM_THREADS=7" in lines["limits"]
    assert "magic missing no_such_module" in " ".join(result.out.split())
    assert "pip install 'wordsight[magic]'" in result.out
    assert "not a folder" in lines["WORDSIGHT_DATA"] and lines["NLTK_DATA"].startswith(str(tmp_path)[:20])


def test_doctor_survives_a_broken_package(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    result = run("doctor")
    assert result.code == 0 and "does not work" in result.out


def test_data_list_names_every_data_set(run: Run) -> None:
    result = run("data", "list")
    assert result.code == 0
    for name in ("text8", "men", "simlex-999", "imagenet", "conceptual-captions"):
        assert name in result.out


def test_data_get_takes_what_is_there_and_says_how_to_obtain_the_rest(
    run: Run, refused: Refused, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "EN-MEN-TR-3k.txt").write_text("goose duck 9\n")
    assert run("data", "get", "MEN", "--output", "mine").out.split() == ["mine/EN-MEN-TR-3k.txt"]
    refused("data", "get", "imagenet", because="register on its page")
    refused("data", "get", "simlx-999", because="did you mean 'simlex-999'?")


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        ("word,image\ngoose,1.png\n", 0, "word-image table"),
        ("goose duck 9\nduck swan 8\n", 0, "similarity file"),
        ("", 1, "problem"),
    ],
)
def test_data_check_tells_what_a_file_is(run: Run, tmp_path: Path, content: str, code: int, said: str) -> None:
    (tmp_path / "file.txt").write_text(content)
    result = run("data", "check", "file.txt")
    assert result.code == code and said in result.out


def test_data_check_refuses_what_is_not_there(refused: Refused) -> None:
    refused("data", "check", "absent", because="absent")
