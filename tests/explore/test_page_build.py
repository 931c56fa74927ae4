"""The page that ships is what its sources make, and says whose code is in it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2] / "tools"))

import build_explorer

pytestmark = pytest.mark.browser


def test_the_shipped_page_is_what_the_sources_make() -> None:
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed; the page cannot be built")
    assert build_explorer.differing(build_explorer.build()) == []


def test_every_bundled_package_has_its_licence_beside_the_page() -> None:
    said = (build_explorer.PAGE / "LICENSES.txt").read_text()
    for folder in build_explorer.packages():
        assert f"\n{folder.name} " in said.replace("/", "\n")


def test_the_page_names_no_other_host() -> None:
    for path in sorted(build_explorer.PAGE.glob("*")):
        if path.name != "LICENSES.txt":
            addresses = [part.split('"')[0] for part in path.read_text().split('"http')[1:]]
            assert [a for a in addresses if not a.startswith("://www.w3.org/")] == [], path
