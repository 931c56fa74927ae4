"""The command line as a whole: help, version, errors, start-up."""

from __future__ import annotations

import itertools
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from wordsight import __version__
from wordsight.cli._show import program

PANELS = {
    "Begin": ["demo", "doctor"],
    "Prepare text and images": ["encode-text", "extract"],
    "Train": ["train", "align", "models"],
    "Look": ["explore", "neighbors", "explain", "name"],
    "Judge": ["eval", "compare"],
    "Papers, data and files": ["reproduce", "convert", "data"],
}


def test_help_lists_every_verb_in_its_panel_and_each_has_its_own(run: Run) -> None:
    listed = run("--help")
    assert listed.code == 0
    panels: dict[str, list[str]] = {}
    for line in listed.out.splitlines():
        if panel := re.match("╭─ (.*?) ─", line):
            verbs = panels.setdefault(panel[1], [])
        elif entry := re.match(r"│ ([a-z-]+) ", line):
            verbs.append(entry[1])
    assert {title: verbs for title, verbs in panels.items() if title != "Options"} == PANELS
    for verb in itertools.chain.from_iterable(PANELS.values()):
        assert run(verb, "--help").code == 0


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"wordsight {__version__}\n", "")


def test_help_and_version_import_nothing_heavy() -> None:
    code = (
        "import sys\nfrom wordsight.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "heavy = {'numpy', 'scipy', 'numba', 'torch', 'PIL', 'transformers'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    for flag in ("--help", "--version"):
        subprocess.run([sys.executable, "-c", code, flag], check=True, capture_output=True)


@pytest.mark.parametrize("arguments", [["nonsense"], ["neighbors"], ["train", "--nonsense"]])
def test_wrong_usage_exits_with_2(run: Run, arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.code == 2
    assert "Traceback" not in result.err


def test_an_error_of_the_system_is_one_line_too(run: Run, monkeypatch: pytest.MonkeyPatch, vectors: Path) -> None:
    def fail(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "vectors/vocab.txt")

    monkeypatch.setattr("wordsight.vectors.formats.native.read_lines", fail)
    assert run("neighbors", vectors, "goose") == (2, "", "wordsight: error: vectors/vocab.txt: Permission denied\n")


def test_messages_of_the_library_go_to_standard_error_unless_quiet(run: Run, text: Path) -> None:
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


MAIN = [sys.executable, "-c", "from wordsight.cli import main; main()"]


def test_a_reader_that_goes_away_ends_it_quietly() -> None:
    reading, writing = os.pipe()
    os.close(reading)  # as when head has seen enough
    done = subprocess.run([*MAIN, "models"], stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
def test_a_closed_output_is_no_error() -> None:
    command = f'"{sys.executable}" -c "from wordsight.cli import main; main()" models'
    done = subprocess.run(["sh", "-c", f"{command} >&-"], stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert subprocess.run(["sh", "-c", f"{command} >/dev/null 2>&-"], check=False).returncode == 0


def test_python_runs_the_package(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["wordsight", "--version"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("wordsight", run_name="__main__")
    assert not ended.value.code and capsys.readouterr().out == f"wordsight {__version__}\n"
