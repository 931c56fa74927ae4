"""What may be replaced: directories."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from wordsight.errors import WriteError
from wordsight.storage.outputs import check_directory, check_replaceable, is_finished, link_target, unfinished_folder

Make = Callable[[Path], object]


def ours(path: Path, *names: str, **config: object) -> Path:
    """A directory as wordsight writes it."""
    path.mkdir(parents=True)
    for name in names:
        (path / name).touch()
    facts = {"kind": "corpus", "files": sorted(["config.json", *names]), **config}
    (path / "config.json").write_text(json.dumps(facts))
    return path


def test_what_may_be_written(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    ours(tmp_path / "corpus", "ids.npy")
    ours(tmp_path / "model", kind="vectors", model="sgns")
    ours(tmp_path / "shown", "ids.npy").joinpath(".DS_Store").touch()
    for name in ("new", "deep/new", "empty", "corpus", "shown"):
        check_directory(tmp_path / name, "corpus")
    check_directory(tmp_path / "model", "model")
    assert check_replaceable(tmp_path / "new") is None and check_replaceable(tmp_path / "empty") is None
    assert not (tmp_path / "deep").exists(), "asking makes nothing"


def test_directories_of_0_1_which_list_no_files(tmp_path: Path) -> None:
    for kind, names in {
        "corpus": "ids.npy offsets.npy vocab.txt counts.npy",
        "features": "features.npy ids.txt",
    }.items():
        path = ours(tmp_path / kind, *names.split())
        (path / "config.json").write_text(json.dumps({"kind": kind}))
        check_directory(path, kind)
        (path / "notes.txt").touch()
        with pytest.raises(WriteError, match=r"holds notes\.txt, which wordsight did not write"):
            check_directory(path, kind)


def foreign(path: Path, name: str, text: str = "") -> None:
    """A directory that wordsight did not write, with one file."""
    path.mkdir()
    (path / name).write_text(text)


FOREIGN: dict[str, tuple[Make, str]] = {
    "a file": (lambda p: p.write_text("dear"), "exists and is no directory"),
    "a pipe": (lambda p: os.mkfifo(p), "exists and is no directory"),
    "a folder of photos": (lambda p: foreign(p, "cat.jpg"), "not written by wordsight (it holds cat"),
    "a Hugging Face model": (lambda p: foreign(p, "config.json", '{"model_type": "vit"}'),
                             "not written by wordsight (it holds config.json)"),
    "a config.json of a list": (lambda p: foreign(p, "config.json", "[]"), "not written by"),
    "a config.json that is cut": (lambda p: foreign(p, "config.json", '{"kind'), "not written by"),
    "a list of files that is none": (lambda p: ours(p, files=3), "not written by wordsight"),
    "another kind": (lambda p: ours(p, kind="features"), "is a directory of the kind features, not corpus; choose"),
    "vectors": (lambda p: ours(p, kind="vectors"), "of the kind vectors, not corpus"),
    "an unfinished run": (lambda p: ours(p, kind="unfinished run"), "not written by wordsight"),
    "a file more": (lambda p: (ours(p) / "dear.txt").touch(), "holds dear.txt, which wordsight did not write; move it"),
    "a folder more": (lambda p: (ours(p) / "dear").mkdir(), "holds dear, which wordsight did not write"),
    "a folder in place of a file": (lambda p: (ours(p, files=["config.json", "ids.npy"]) / "ids.npy").mkdir(),
                                    "holds ids.npy, which wordsight did not write"),
    "a link in place of a file": (lambda p: (ours(p, files=["config.json", "ids.npy"]) / "ids.npy").symlink_to("/etc"),
                                  "holds ids.npy, which wordsight did not write"),
    "a link to itself": (lambda p: p.symlink_to(p.name), "is a link that leads in a circle"),
}  # fmt: skip


@pytest.mark.parametrize("what", FOREIGN)
def test_what_is_never_replaced(tmp_path: Path, what: str) -> None:
    make, message = FOREIGN[what]
    path = tmp_path / "out"
    make(path)
    for overwrite in (False, True):
        with pytest.raises(WriteError) as caught:
            check_directory(path, "corpus", overwrite=overwrite)
        assert str(caught.value).startswith(str(path)) and message in str(caught.value)


def test_vectors_do_not_replace_a_model(tmp_path: Path) -> None:
    ours(tmp_path / "model", kind="vectors", model="sgns")
    with pytest.raises(WriteError, match="of the kind model, not vectors"):
        check_directory(tmp_path / "model", "vectors")


@pytest.mark.parametrize("name", [".", "/", "-", "a/.."])
def test_no_names(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WriteError):
        check_directory(name, "corpus")
    assert not list(tmp_path.iterdir())


def test_what_is_finished_needs_a_word(tmp_path: Path) -> None:
    ours(tmp_path / "out")
    message = r"is finished already; give --overwrite \(in Python: overwrite=True\) to replace it, or choose another"
    with pytest.raises(WriteError, match=message):
        check_directory(tmp_path / "out", "corpus", overwrite=False)
    ours(unfinished_folder(tmp_path / "out"), kind="unfinished run")
    check_directory(tmp_path / "out", "corpus", overwrite=False)  # a run goes on there
    ours(tmp_path / "stopped", interrupted=True)
    check_directory(tmp_path / "stopped", "corpus", overwrite=False)
    assert is_finished(tmp_path / "out") and not is_finished(tmp_path / "stopped") and not is_finished(tmp_path / "no")


def test_links_stand_for_what_they_lead_to(tmp_path: Path) -> None:
    ours(tmp_path / "there/corpus")
    (tmp_path / "link").symlink_to("there/corpus")
    (tmp_path / "dangling").symlink_to("there/new")
    assert link_target(tmp_path / "link") == tmp_path / "there/corpus"
    assert unfinished_folder(tmp_path / "link") == tmp_path / "there/corpus.partial"
    check_directory(tmp_path / "link", "corpus")
    check_directory(tmp_path / "dangling", "corpus")
    with pytest.raises(WriteError, match="link is finished already"):
        check_directory(tmp_path / "link", "corpus", overwrite=False)
