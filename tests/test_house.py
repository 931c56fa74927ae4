"""The house is built as docs/house.md says: no circle, no import upwards, no back door, no two files of one name."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

import wordsight

SOURCE = Path(wordsight.__file__).parent

ROOT_FILES = {
    "__init__",
    "__main__",
    "errors",
    "extras",
    "progress",
    "interruption",
    "devices",
    "resources",
    "notebooks",
    "version",
}
BASE = {"errors", "extras", "progress", "interruption", "devices", "resources", "notebooks", "version"}
MAY_IMPORT: dict[str, set[str]] = {
    "storage": BASE,
    "text": BASE | {"storage"},
    "images": BASE | {"storage"},
    "grounding": BASE | {"storage", "text", "images"},
    "kernels": BASE | {"text"},
    "losses": BASE,
    "tracking": BASE | {"storage"},
    "modules": BASE | {"losses"},
    "training": BASE | {"storage", "text", "images", "grounding", "kernels", "losses", "modules"},
    "vectors": BASE | {"storage", "text"},
    "evaluation": BASE | {"storage", "text", "images", "grounding", "losses", "modules", "training", "vectors"},
    "plots": BASE | {"storage", "text", "images", "vectors", "evaluation"},
    "datasets": BASE | {"storage", "text", "images", "grounding", "vectors", "evaluation"},
}
"""Room → what its files may import beside the room itself. models, papers, explore and cli stand above all of these."""
MAY_IMPORT["models"] = set().union(*MAY_IMPORT.values(), {"kernels", "training"}) - {"evaluation", "plots", "datasets"}
MAY_IMPORT["models"] |= {"vectors"}
MAY_IMPORT["interop"] = BASE | {"storage", "text", "images", "grounding", "vectors", "plots"}
MAY_IMPORT["papers"] = {*BASE, *MAY_IMPORT, "models"}
MAY_IMPORT["explore"] = {*BASE, *MAY_IMPORT, "models"} - {"papers"}
MAY_IMPORT["cli"] = {*MAY_IMPORT, *BASE, "__init__"}

TWINS = {"__init__", "base", "registry", "cells", "tables", "data", "plots", "cbow", "iesg", "wield"}
"""Names that say the same in each of their rooms; a model and its kernel share theirs."""


def files(source: Path) -> dict[str, Path]:
    """Dotted name within the package (``text.corpus``, ``text`` for its ``__init__``) → file."""
    found = {}
    for path in sorted(source.rglob("*.py")):
        parts = path.relative_to(source).with_suffix("").parts
        found[".".join(parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts)] = path
    return found


def imports(path: Path, known: Iterable[str], package: str = "wordsight") -> set[str]:
    """The files of the package that a file imports, anywhere: within functions and for types alone too."""
    known, found = set(known), set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            if name != package and not name.startswith(f"{package}."):
                continue
            inner = name.removeprefix(package).removeprefix(".")
            while inner and inner not in known:
                inner = inner.rpartition(".")[0]
            found.add(inner or "__init__")
    return found


def graph(source: Path) -> dict[str, set[str]]:
    known = files(source)
    return {name: imports(path, known) - {name} for name, path in known.items()}


def circle(edges: Mapping[str, set[str]]) -> list[str]:
    """Names of files that import each other in a ring; empty where there is none."""
    done: set[str] = set()

    def walk(name: str, trail: list[str]) -> list[str]:
        if name in trail:
            return [*trail[trail.index(name) :], name]
        if name in done:
            return []
        for other in sorted(edges.get(name, ())):
            if ring := walk(other, [*trail, name]):
                return ring
        done.add(name)
        return []

    return next((ring for name in sorted(edges) if (ring := walk(name, []))), [])


def room(name: str) -> str:
    return name.partition(".")[0]


def upward(edges: Mapping[str, set[str]]) -> list[str]:
    """Imports against the direction of the rooms, as ``file → file``."""
    return [
        f"{name} → {other}"
        for name, others in edges.items()
        for other in sorted(others)
        if room(name) in MAY_IMPORT and room(other) != room(name) and room(other) not in MAY_IMPORT[room(name)]
    ]


def back_doors(edges: Mapping[str, set[str]]) -> list[str]:
    """Imports of a file with an underscore from outside of its room."""
    return [
        f"{name} → {other}"
        for name, others in edges.items()
        for other in sorted(others)
        if other.rpartition(".")[2].startswith("_")
        and other != "__init__"
        and not name.startswith(other.rpartition(".")[0])
    ]


def twins(names: Iterable[str]) -> list[str]:
    """File names that stand in several rooms, the agreed ones aside; an underscore makes no other name."""
    counts = Counter(name.rpartition(".")[2].removeprefix("_") for name in names)
    return sorted(name for name, n in counts.items() if n > 1 and name not in TWINS)


def test_no_file_imports_a_file_that_imports_it() -> None:
    assert circle(graph(SOURCE)) == []


def test_imports_go_one_way() -> None:
    assert upward(graph(SOURCE)) == []


def test_private_files_are_used_in_their_room_alone() -> None:
    assert back_doors(graph(SOURCE)) == []


def test_a_name_stands_for_one_thing() -> None:
    assert twins(name for name, path in files(SOURCE).items() if path.stem != "__init__") == []


def test_every_room_is_known_and_says_what_it_is_in_one_sentence() -> None:
    rooms = {path.name for path in SOURCE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert rooms == set(MAY_IMPORT)
    assert {path.stem for path in SOURCE.glob("*.py")} == ROOT_FILES
    for init in SOURCE.rglob("*/__init__.py"):
        said = ast.get_docstring(ast.parse(init.read_text())) or ""
        assert said.split("\n")[0].endswith((".", ";")), f"{init} does not say what its room is"


def test_files_are_short() -> None:
    long = {name: n for name, path in files(SOURCE).items() if (n := path.read_text().count("\n")) > 310}
    assert not long


@pytest.fixture
def bad_house(tmp_path: Path) -> Path:
    """A package that breaks every rule once."""
    house = {
        "__init__": "",
        "errors": "",
        "text/__init__": '"""Words."""',
        "text/corpus": "if TYPE_CHECKING:\n    from wordsight.text.vocabulary import V\n",
        "text/vocabulary": "def f():\n    from wordsight.text import corpus\n",
        "text/queries": "import wordsight.models.base\n",
        "models/base": "from wordsight import errors\n",
        "models/_queries": "",
        "cli/train": "from wordsight.models._queries import x\n",
    }
    for name, text in house.items():
        path = tmp_path / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_a_house_that_breaks_the_rules_is_found_out(bad_house: Path) -> None:
    edges = graph(bad_house)
    assert circle(edges) == ["text.corpus", "text.vocabulary", "text.corpus"]
    assert upward(edges) == ["text.queries → models.base"]
    assert back_doors(edges) == ["cli.train → models._queries"]
    assert twins(files(bad_house)) == ["queries"]
