"""The version is said in one place, and everything that states it says the same."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

import wordsight
from wordsight.version import versions

ROOT = Path(__file__).parents[1]


def test_it_is_written_once() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert "version" not in project["project"] and project["project"]["dynamic"] == ["version"]
    home = ROOT / project["tool"]["hatch"]["version"]["path"]
    assigned = r'^(__version__|version)\s*[=:]\s*["\d]'
    stating = [
        path
        for path in [*ROOT.glob("*.toml"), *ROOT.glob("*.cff"), *(ROOT / "src").rglob("*.py")]
        if re.search(assigned, path.read_text(), flags=re.M)
    ]
    assert stating == [home]


def test_the_changes_begin_with_this_version() -> None:
    """A development version belongs to the section of the release it leads to."""
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), flags=re.M)
    assert newest is not None
    assert newest[1] == wordsight.__version__.partition(".dev")[0]


def test_versions_of_others_stand_beside_our_own() -> None:
    assert versions() == {"wordsight": wordsight.__version__}
    assert versions("numpy", "pytest") == {
        "wordsight": wordsight.__version__,
        "numpy": __import__("numpy").__version__,
        "pytest": pytest.__version__,
    }
    with pytest.raises(metadata.PackageNotFoundError):
        versions("no-such-package")
