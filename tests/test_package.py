"""The package as it is published: built, checked, and tried where there is no source."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

import wordsight

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PIP_"))}
"""The environment without what leads Python to this source."""


class Published(NamedTuple):
    """What is uploaded."""

    sdist: Path
    wheel: Path


def python(*arguments: object, cwd: Path = ROOT) -> str:
    """Runs this Python with ``-m …`` and returns what it printed; a failure shows all of it."""
    command = [sys.executable, "-m", *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, env=CLEAN, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """The source archive of this tree, and the wheel that was built from that archive."""
    folder = tmp_path_factory.mktemp("dist")
    python("build", "--no-isolation", "--outdir", folder, ROOT)
    (sdist,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return Published(sdist, wheel)


def test_checkers_find_nothing(published: Published) -> None:
    python("twine", "check", "--strict", *published)
    python("check_wheel_contents", published.wheel)


def test_the_wheel_has_every_file_of_the_library(published: Published) -> None:
    source = ROOT / "src"
    there = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and ".egg-info" not in path.as_posix()
    }
    with zipfile.ZipFile(published.wheel) as wheel:
        packed = {name for name in wheel.namelist() if name.startswith("wordsight/")}
    assert packed == there and {"wordsight/py.typed", "wordsight/datasets/emoji_world/NOTICE"} <= packed


def test_the_source_archive_has_what_its_tests_need(published: Published) -> None:
    with tarfile.open(published.sdist) as sdist:
        top = {Path(name).parts[1] for name in sdist.getnames()}
    needed = {".ci", ".github", "benchmarks", "docs", "examples", "explorer", "src", "tests", "tools"}
    assert needed | {"Makefile", "constraints.txt", "mkdocs.yml", "pyproject.toml", "LICENSE"} <= top
    assert not top & {"build", "dist", ".git", ".venv"}


def test_the_wheel_works_where_there_is_no_source(published: Published, tmp_path: Path) -> None:
    """Its dependencies are those of this Python, which a line in a ``.pth`` file lends; wordsight is the wheel's."""
    home = tmp_path / "clean"
    venv.create(home, with_pip=False)
    bin = home / ("Scripts" if os.name == "nt" else "bin")
    python("pip", "--python", bin / "python", "install", "--no-deps", "--no-index", published.wheel)
    (site,) = {path.parent.parent for path in home.rglob("wordsight/__init__.py")}
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")

    def run(*arguments: object) -> str:
        command = list(map(str, arguments))
        done = subprocess.run(command, cwd=tmp_path, env=CLEAN, capture_output=True, text=True, encoding="utf-8")
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = run(bin / "python", "-c", "import wordsight; print(wordsight.__file__)")
    assert Path(where.strip()).is_relative_to(home)
    assert run(bin / "wordsight", "--version").strip() == f"wordsight {wordsight.__version__}"
    run(bin / "wordsight", "demo", "--languages", "en,de", "--output", "emoji-vectors")
    assert "vogel" in run(bin / "wordsight", "neighbors", "emoji-vectors", "en:bird")
