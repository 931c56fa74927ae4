"""The command line as a whole: help, version, errors, start-up."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from wordsight import __version__
from wordsight.cli._show import program

VERBS = ["demo", "encode-text", "extract", "train", "eval", "neighbors", "convert", "doctor", "data"]


def test_help_lists_every_verb_and_each_has_its_own(run):
    listed = run("--help")
    assert listed.code == 0
    for verb in VERBS:
        assert verb in listed.out
        assert run(verb, "--help").code == 0


def test_version(run):
    assert run("--version") == (0, f"wordsight {__version__}\n", "")


def test_help_and_version_import_nothing_heavy():
    code = (
        "import sys\nfrom wordsight.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "heavy = {'numpy', 'scipy', 'numba', 'torch', 'PIL', 'transformers'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    for flag in ("--help", "--version"):
        subprocess.run([sys.executable, "-c", code, flag], check=True, capture_output=True)


@pytest.mark.parametrize("arguments", [["nonsense"], ["neighbors"], ["train", "--nonsense"]])
def test_wrong_usage_exits_with_2(run, arguments):
    result = run(*arguments)
    assert result.code == 2
    assert "Traceback" not in result.err


def test_an_error_of_the_system_is_one_line_too(run, monkeypatch, vectors):
    def fail(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "vectors/vocab.txt")

    monkeypatch.setattr("wordsight.vectors.formats.native.read_lines", fail)
    assert run("neighbors", vectors, "goose") == (2, "", "wordsight: error: vectors/vocab.txt: Permission denied\n")


def test_messages_of_the_library_go_to_standard_error_unless_quiet(run, text):
    loud = run("encode-text", text, "--output", "loud")
    assert "encoded text.txt" in loud.err and "encoded" not in loud.out
    assert run("--quiet", "encode-text", text, "--output", "quiet").err == ""


def test_next_steps_can_be_typed_as_they_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [str(tmp_path / "my venv" / "bin" / "wordsight")])
    monkeypatch.setenv("PATH", str(tmp_path))
    assert program() == "'my venv/bin/wordsight'"
    (tmp_path / "wordsight").touch(mode=0o755)
    assert program() == "wordsight"
