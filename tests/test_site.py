"""The site has every page and every public name, and its check of links finds what is wrong."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

import wordsight

ROOT = Path(__file__).parents[1]
SETTINGS: dict[str, Any] = yaml.safe_load((ROOT / "mkdocs.yml").read_text())


def tool(name: str) -> ModuleType:
    sys.path.append(str(ROOT / "tools"))
    return importlib.import_module(name)


def navigation(entries: list[Any] | str) -> Iterator[str]:
    """The pages of a navigation, section by section."""
    if isinstance(entries, str):
        yield entries
    else:
        for entry in entries:
            for inner in entry.values():
                yield from navigation(inner)


def test_every_page_is_in_the_navigation_once() -> None:
    pages = tool("site_pages")
    there = [path.as_posix() for path in [*pages.written_pages(), *pages.reference_pages()]]
    assert sorted(navigation(SETTINGS["nav"])) == sorted(there)


def test_every_public_name_is_in_the_reference_once() -> None:
    lines = "".join(tool("site_pages").reference_pages().values()).splitlines()
    names = [line.rpartition(".")[2] for line in lines if line.startswith("::: ")]
    assert sorted(names) == sorted(set(wordsight.__all__) - {"__version__"})


def test_what_pages_link_to_lies_beside_them(tmp_path: Path) -> None:
    tool("site_pages").gather(tmp_path)
    assert (tmp_path / "docs/speed.md").read_bytes() == (ROOT / "docs/speed.md").read_bytes()
    assert (tmp_path / "benchmarks/results/speed.png").is_file()
    assert (tmp_path / "src/wordsight/datasets/emoji_world/NOTICE").is_file()


def test_the_site_asks_for_no_font() -> None:
    assert SETTINGS["theme"]["font"] is False and SETTINGS["strict"] is True


@pytest.mark.parametrize(
    ("link", "problem"),
    [
        ('<a href="../other/#part">', ""),
        ('<a href="#here">', ""),
        ('<a href="https://example.org/">', ""),
        ('<a href="../other/#gone">', "names no part of that page"),
        ('<a href="#gone">', "names no part of that page"),
        ('<a href="../gone/">', "leads nowhere"),
        ('<img src="gone.png">', "leads nowhere"),
        ('<script src="https://example.org/x.js">', "is fetched from elsewhere"),
        ('<link rel="stylesheet" href="//example.org/x.css">', "is fetched from elsewhere"),
    ],
)
def test_wrong_links_are_found(link: str, problem: str, tmp_path: Path) -> None:
    for name, text in {"page": f'<h1 id="here">{link}', "other": '<h1 id="part">'}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.html").write_text(text)
    found = list(tool("build_site").site_problems(tmp_path))
    assert len(found) == bool(problem) and all(line.endswith(problem) for line in found)
