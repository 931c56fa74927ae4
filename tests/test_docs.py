"""The documentation follows from the code and the result files, and what it shows works."""

from __future__ import annotations

import importlib
import re
import runpy
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from types import ModuleType

import pytest

import wordsight
from wordsight.models.registry import MODELS

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    sys.path.append(str(ROOT / "tools"))
    return importlib.import_module("build_docs")


def with_the_pinned_versions() -> bool:
    """Whether Python and all packages are those of the reference, so that their messages have the same words."""
    pins = [line.split("==") for line in (ROOT / "constraints.txt").read_text().split()]
    here = {name.lower().replace("_", "-"): version for name, version in installed()}
    return sys.version_info[:2] == (3, 11) and all(
        here.get(name.lower().replace("_", "-"), version) == version for name, version in pins
    )


def installed() -> Iterator[tuple[str, str]]:
    """Name and version, without a build's own mark, of every package that is here."""
    for package in metadata.distributions():
        yield package.metadata["Name"], package.version.partition("+")[0]


def test_generated_pages_are_current(generator: ModuleType) -> None:
    for path, text in generator.pages().items():
        if path.name == "bad-inputs.md" and not with_the_pinned_versions():
            continue
        assert path.read_text() == text, f"{path.name} is out of date: run python tools/build_docs.py"


def test_readme_opens_with_the_two_commands() -> None:
    commands = re.findall(r"^\$ (.+?)\s+#", (ROOT / "README.md").read_text(), flags=re.M)
    assert commands[:2] == ["make demo", "make test"]
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.M)
    assert {"demo", "test", "lint"} <= set(targets)


def test_links_lead_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for link in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            assert link.startswith("https://") or (page.parent / link).exists(), f"{page.name}: {link}"


def test_every_way_to_another_library_has_its_test(generator: ModuleType) -> None:
    crossings = importlib.import_module("interop_page").CROSSINGS
    for one in crossings:
        path, _, name = one.test.partition("::")
        assert f"\ndef {name}(" in (ROOT / "tests" / path).read_text(), one.test
    assert len({(one.library, one.to) for one in crossings}) == len(crossings)


def shown_code() -> Iterator[tuple[str, str]]:
    """Page and Python code of what users are shown: the README, the hand-written pages, the examples."""
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        yield from ((page.name, code) for code in re.findall(r"```python\n(.*?)```", page.read_text(), flags=re.S))
    for example in (ROOT / "examples").glob("*.py"):
        yield example.name, example.read_text()


def test_users_need_only_the_public_names() -> None:
    """What is shown imports nothing from deep inside, and each ``ws.NAME`` is public; comments and docstrings too."""
    pages = set()
    for page, code in shown_code():
        pages.add(page)
        assert not re.search(r"(import|from|`)\s*wordsight\.", code), f"{page} reaches into the library"
        unknown = set(re.findall(r"\bws\.(\w+)", code)) - set(wordsight.__all__)
        assert not unknown, f"{page} uses what is not public: {unknown}"
    assert {"README.md", "controls.md", "pixie.py"} <= pages


@pytest.mark.parametrize("name", MODELS)
def test_examples_run(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(ROOT / "examples" / f"{name}.py"))
    assert capsys.readouterr().out.count("\n") == 2
