"""Formats are found by content, by name and by ending; a new one is one file and one name in the list."""

from __future__ import annotations

import importlib
import logging
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import wordsight.vectors.formats as package
from wordsight.cli import main
from wordsight.datasets.check import check
from wordsight.errors import DataError, ParameterError, UnknownNameError
from wordsight.vectors.formats import registry
from wordsight.vectors.formats.base import VectorFormat
from wordsight.vectors.word_vectors import WordVectors

TOY = """
from pathlib import Path

import numpy as np

from wordsight.vectors.formats.base import Contents, VectorFormat


def read(path: Path, *, limit: int | None = None, mmap: bool = True) -> Contents:
    lines = path.read_text().splitlines()[1:][:limit]
    return Contents([line.split("=")[0] for line in lines], np.array([[float(line.split("=")[1])] for line in lines]))


def write(path: Path, contents: Contents) -> None:
    rows = zip(contents.words, contents.matrix[:, 0], strict=True)
    path.write_text("TOY\\n" + "".join(f"{word}={number}\\n" for word, number in rows))


FORMAT = VectorFormat(
    "toy-lines", "toy file", "a line a word, with an equals sign", (".toy",),
    lambda path, head: head.startswith(b"TOY"), read, write,
)
"""


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new format: one file in the folder, and its name in the list."""
    (tmp_path / "formats").mkdir()
    (tmp_path / "formats/toy_lines.py").write_text(TOY)
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path / "formats")])
    monkeypatch.setattr(registry, "FORMATS", [*registry.FORMATS, "toy-lines"])
    monkeypatch.delitem(sys.modules, "wordsight.vectors.formats.toy_lines", raising=False)


@pytest.fixture
def build_docs(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[3] / "tools"))
    return importlib.import_module("build_docs")


@pytest.mark.usefixtures("toy")
def test_a_new_format_is_one_file_and_one_line(
    tmp_path: Path, build_docs: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    log = logging.getLogger("wordsight")
    monkeypatch.setattr(log, "handlers", log.handlers)  # as they were after the command line is done
    monkeypatch.setattr(log, "level", log.level)
    vectors = WordVectors(["goose", "duck"], np.array([[1.5], [-2]]))
    vectors.save(tmp_path / "v.toy")
    found = WordVectors.load(tmp_path / "v.toy")
    assert found.words == vectors.words
    np.testing.assert_array_equal(found.matrix, vectors.matrix)
    assert WordVectors.load(tmp_path / "v.toy", limit=1).words == ["goose"]
    for arguments in (["v.toy", "v.bin"], ["v.bin", "again", "--format", "toy-lines"]):
        with pytest.raises(SystemExit, match="0"):
            main(["convert", *arguments])
    assert (tmp_path / "again").read_text() == "TOY\ngoose=1.5\nduck=-2.0\n"
    report = check(tmp_path / "v.toy")
    assert (report.kind, report.found, report.ok) == ("toy file", "2 words, 1 dimensions", True)
    assert "| `toy-lines` | a line a word, with an equals sign | `.toy` |" in build_docs.formats_page()
    (tmp_path / "text").write_text("the goose\nthe gander\n")
    with pytest.raises(DataError, match=r"known format .*toy-lines"):
        WordVectors.load(tmp_path / "text")


@pytest.mark.parametrize("one", [one for one in registry.formats() if one.write], ids=lambda one: one.name)
def test_what_a_format_writes_is_recognised_and_read(tmp_path: Path, one: VectorFormat) -> None:
    vectors = WordVectors(["été", "1984", "x"], np.random.default_rng(0).standard_normal((3, 5)))
    path = tmp_path / f"v{one.endings[0] if one.endings else ''}"
    vectors.save(path, format=None if one.endings else one.name)
    assert registry.by_content(path) is one
    for found in (WordVectors.load(path), WordVectors.load(path, format=one.name, mmap=False)):
        assert found.words == vectors.words
        np.testing.assert_array_equal(found.matrix, vectors.matrix)
    assert WordVectors.load(path, limit=2).words == ["été", "1984"]
    assert len(WordVectors.load(path, limit=9)) == 3
    with pytest.raises(ParameterError, match="limit is 0"):
        WordVectors.load(path, limit=0)
    assert check(path).kind == one.title


def test_names_and_endings_stand_for_one_format_each() -> None:
    known = registry.formats()
    assert [one.name for one in known] == registry.FORMATS
    assert [one.name for one in known if one.write] == registry.WRITTEN
    endings = [ending for one in known for ending in one.endings]
    assert len(set(endings)) == len(endings) and endings == [ending.lower() for ending in endings]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"the goose sees\nthe gander\n",
        b"chapter 1\nthe goose\n",
        b"sun sunlight 50\ncar auto 49.5\n",
        b"word,image,weight\ngoose,1.png,1\n",
        b"word1\tword2\tscore\ta\tb\ntiger\tcat\t7.35\t8\t9\n",
        b"\x89PNG\r\n\x1a\n",
        b"PK\x03\x04" + bytes(40),
    ],
)
def test_what_is_no_file_of_vectors(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert registry.by_content(path) is None
    with pytest.raises(
        DataError, match=r"file holds no word vectors in a known format \(sentence-transformers, native, .*npz"
    ):
        WordVectors.load(path)


def test_what_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    vectors = WordVectors(["a"], np.ones((1, 2)))
    with pytest.raises(ParameterError, match=r"v\.foo: the ending \.foo stands for no format; known are none, \.txt"):
        vectors.save("v.foo")
    with pytest.raises(ParameterError, match=r"leave out \.gz"):
        vectors.save("v.txt.GZ")
    with pytest.raises(ParameterError, match="not written to standard output"):
        vectors.save("-")
    with pytest.raises(UnknownNameError, match="did you mean 'glove'"):
        vectors.save("v", format="glov")
    assert not any(tmp_path.iterdir())


def test_upper_case_endings_are_endings(tmp_path: Path) -> None:
    WordVectors(["a"], np.ones((1, 2))).save(tmp_path / "v.BIN")
    found = registry.by_content(tmp_path / "v.BIN")
    assert found is not None and found.name == "word2vec-binary"
