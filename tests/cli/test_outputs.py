"""No verb loses what it did not write: files beside and inside its output, links, pipes, other kinds."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests.cli.conftest import Run
from tests.locking import locked_elsewhere

import wordsight
from wordsight.datasets import fetch
from wordsight.datasets.registry import Dataset, RemoteFile
from wordsight.errors import WriteError
from wordsight.models.imagevec import ImageVec
from wordsight.text.corpus import Corpus
from wordsight.vectors.word_vectors import WordVectors

TINY = ("--set", "model.dim=8", "--set", "model.epochs=1", "--workers", "1")
DIRECTORIES: dict[str, tuple[str, ...]] = {
    "train": ("train", "sgns", "--corpus", "corpus", *TINY, "--output"),
    "align": ("align", "en.vec", "de.vec", "--language", "en", "--language", "de", "--dictionary", "en-de.txt",
              "--set", "refinements=1", "--output"),
    "demo": ("demo", "--languages", "sw,zu", "--output"),
    "extract": ("extract", "photos", "--workers", "1", "--output"),
    "encode-text": ("encode-text", "text.txt", "--output"),
    "convert": ("convert", "vectors"),
}  # fmt: skip
"""Verb → its command up to the directory that it writes."""
FILES: dict[str, tuple[tuple[str, ...], str]] = {
    "eval": (("eval", "vectors", "pairs.txt", "--json"), "out.json"),
    "compare": (("compare", "vectors", "vectors", "pairs.txt", "--resamples", "9", "--json"), "out.json"),
    "convert to text": (("convert", "vectors"), "out.txt"),
    "convert to binary": (("convert", "vectors"), "out.bin"),
    "explain": (("explain", "model", "goose", "--features", "features", "--output"), "out.png"),
}
"""Verb → its command up to the file that it writes, and the file's name."""
WRITING = [verb for verb in FILES if verb != "explain"]
"""Those that need no model of images; how explain draws is tested with it."""
OTHER_KIND = {"encode-text": "features"}
"""Verb → a directory of wordsight that is of another kind; of all others it is a corpus."""
KINDS = {"encode-text": "corpus", "extract": "features", "convert": "vectors"}


@pytest.fixture
def inputs(tmp_path: Path, text: Path, features: Path, vectors: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the commands read, in the folder where they run."""
    Corpus.from_text(text, directory=tmp_path / "corpus")
    (tmp_path / "photos").mkdir()
    for i in range(3):
        Image.new("RGB", (8, 8), (80 * i, 99, 99)).save(tmp_path / f"photos/{i}.png")
    (tmp_path / "pairs.txt").write_text("goose duck 9\ngoose swan 8\ngoose lake 7\n")
    rows = np.random.default_rng(0).standard_normal((16, 4))
    words = WordVectors.load(vectors).words
    for name in ("en.vec", "de.vec"):
        WordVectors(words, rows).save(tmp_path / name)
    (tmp_path / "en-de.txt").write_text("".join(f"{word} {word}\n" for word in words))
    fit = ImageVec.fit
    monkeypatch.setattr(ImageVec, "fit", lambda model, captions: fit(model.set_params(epochs=1), captions))
    return tmp_path


def snapshot(folder: Path) -> dict[str, Any]:
    """All that is in a folder: content of files, targets of links, kinds of the rest."""
    found: dict[str, Any] = {}
    for path in sorted(folder.rglob("*")):
        mode = path.lstat().st_mode
        content = path.readlink() if path.is_symlink() else path.read_bytes() if path.is_file() else mode
        found[str(path.relative_to(folder))] = content
    return found


def photos(path: Path) -> str:
    path.mkdir()
    (path / "cat.jpg").write_text("dear")
    return "exists and was not written by wordsight (it holds cat.jpg); choose another output directory"


def hugging_face_model(path: Path) -> str:
    path.mkdir()
    (path / "config.json").write_text('{"model_type": "vit"}')
    (path / "model.safetensors").write_text("dear")
    return "exists and was not written by wordsight (it holds config.json); choose another output directory"


def a_file(path: Path) -> str:
    path.write_text("a thesis")
    return "exists and is no directory; choose another output directory"


def a_pipe(path: Path) -> str:
    os.mkfifo(path)
    return "exists and is no directory; choose another output directory"


def a_link_to_a_folder(path: Path) -> str:
    photos(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")
    return "exists and was not written by wordsight (it holds cat.jpg); choose another output directory"


def a_link_in_a_circle(path: Path) -> str:
    path.symlink_to(path.name)
    return "is a link that leads in a circle; choose another output"


@pytest.mark.parametrize(
    "make", [photos, hugging_face_model, a_file, a_pipe, a_link_to_a_folder, a_link_in_a_circle],
    ids=lambda make: make.__name__,
)  # fmt: skip
@pytest.mark.parametrize("verb", DIRECTORIES)
def test_what_others_wrote_is_never_replaced(run: Run, inputs: Path, verb: str, make: Callable[[Path], str]) -> None:
    message = make(inputs / "out")
    before = snapshot(inputs)
    for flags in ((), ("--overwrite",)):
        result = run(*DIRECTORIES[verb], "out", *flags)
        assert (result.code, result.err) == (2, f"wordsight: error: out {message}\n")
        assert snapshot(inputs) == before


@pytest.mark.parametrize("verb", DIRECTORIES)
def test_another_kind_is_never_replaced(run: Run, inputs: Path, verb: str) -> None:
    other = OTHER_KIND.get(verb, "corpus")
    before = snapshot(inputs)
    result = run(*DIRECTORIES[verb], other, "--overwrite")
    message = f"{other} is a directory of the kind {other}, not {KINDS.get(verb, 'model')}; choose another output"
    assert (result.code, result.err) == (2, f"wordsight: error: {message} directory\n")
    assert snapshot(inputs) == before


@pytest.mark.parametrize("verb", DIRECTORIES)
def test_a_finished_directory(run: Run, inputs: Path, verb: str) -> None:
    """It is replaced when that is asked for, through a link too, but not with a file of the user's in it."""
    (inputs / "there").mkdir()
    (inputs / "out").symlink_to("there/out")
    (inputs / "there/beside.txt").write_text("dear")
    if verb == "encode-text":
        (inputs / "text.txt").write_text("some other text " * 9)
    assert run(*DIRECTORIES[verb], "out").code == 0
    if verb == "encode-text":
        (inputs / "text.txt").write_text("goose duck " * 9)
    written = snapshot(inputs)
    again = run(*DIRECTORIES[verb], "out")
    if verb == "demo":  # which can be seen again and again
        assert again.code == 0
    else:
        advice = "give --overwrite (in Python: overwrite=True) to replace it, or choose another output"
        assert (again.code, again.err) == (2, f"wordsight: error: out is finished already; {advice}\n")
        assert snapshot(inputs) == written
        assert run(*DIRECTORIES[verb], "out", "--overwrite").code == 0
    now = snapshot(inputs)
    assert now.keys() == written.keys() and (inputs / "out").is_symlink()
    assert now["there/beside.txt"] == b"dear"

    (inputs / "out/notes.txt").write_text("dear")
    if verb == "encode-text":
        (inputs / "text.txt").write_text("duck swan " * 9)
    before = snapshot(inputs)
    for flags in ((), ("--overwrite",)):
        result = run(*DIRECTORIES[verb], "out", *flags)
        message = "out holds notes.txt, which wordsight did not write; move it away or choose another output directory"
        assert (result.code, result.err) == (2, f"wordsight: error: {message}\n")
        assert snapshot(inputs) == before


def test_a_demo_does_not_replace_a_model_that_no_demo_made(run: Run, inputs: Path) -> None:
    assert run(*DIRECTORIES["train"], "out").code == 0
    before = snapshot(inputs)
    result = run(*DIRECTORIES["demo"], "out")
    assert result.code == 2 and "out is finished already" in result.err and snapshot(inputs) == before


# Files


@pytest.mark.parametrize("verb", FILES)
def test_a_file_never_replaces_a_directory_nor_what_others_wrote(run: Run, inputs: Path, verb: str) -> None:
    command, name = FILES[verb]
    (inputs / "folder").mkdir()
    (inputs / "folder" / name).write_text("a thesis")
    (inputs / name).symlink_to(f"folder/{name}")
    (inputs / f"dear-{name}").mkdir()
    (inputs / f"dear-{name}" / "letter.txt").write_text("dear")
    before = snapshot(inputs)
    said = "" if "convert" in verb else " and does not say that wordsight wrote it"
    advice = "give --overwrite (in Python: overwrite=True) to replace it, or choose another output"
    for output in (name, f"folder/{name}"):
        result = run(*command, output)
        assert (result.code, result.err) == (2, f"wordsight: error: {output} exists{said}; {advice}\n")
    if "convert" not in verb:  # which writes a directory where there is one
        for flags in ((), ("--overwrite",)):
            result = run(*command, f"dear-{name}", *flags)
            message = f"dear-{name} is a directory; choose the name of a file as output"
            assert (result.code, result.err) == (2, f"wordsight: error: {message}\n")
    assert snapshot(inputs) == before


@pytest.mark.parametrize("verb", WRITING)
def test_a_file_is_replaced_when_that_is_asked_for_and_a_link_stays(run: Run, inputs: Path, verb: str) -> None:
    command, name = FILES[verb]
    (inputs / "folder").mkdir()
    (inputs / "folder" / name).write_text("a draft")
    (inputs / name).symlink_to(f"folder/{name}")
    before = snapshot(inputs)
    assert run(*command, name, "--overwrite").code == 0
    now = snapshot(inputs)
    assert now.keys() == before.keys() and {key for key in now if now[key] != before[key]} == {f"folder/{name}"}
    assert run(*command, f"new/{name}").code == 0
    assert (inputs / "new" / name).read_bytes() == now[f"folder/{name}"]
    assert (run(*command, name).code == 0) == ("convert" not in verb), "only JSON says who wrote it"


@pytest.mark.parametrize("verb", WRITING)
def test_a_pipe_is_written_to(run: Run, inputs: Path, verb: str) -> None:
    command, name = FILES[verb]
    os.mkfifo(inputs / name)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append((inputs / name).read_bytes()))
    reader.start()
    assert run(*command, name).code == 0
    reader.join(10)
    assert (inputs / name).is_fifo()
    assert run(*command, f"whole-{name}").code == 0
    assert read == [(inputs / f"whole-{name}").read_bytes()]


def test_results_on_standard_output_and_nowhere(run: Run, inputs: Path) -> None:
    eval_to = (sys.executable, "-c", "from wordsight.cli import main; main()", *FILES["eval"][0])
    piped = subprocess.run([*eval_to, "/dev/stdout"], cwd=inputs, capture_output=True, text=True, check=True)
    found, _ = json.JSONDecoder().raw_decode(piped.stdout)
    assert found[0]["dataset"] == "pairs" and "coverage" in piped.stdout.partition("]\n")[2]
    assert run(*FILES["eval"][0], "/dev/null").code == 0 and Path("/dev/null").is_char_device()


def test_a_reproduction_leaves_the_users_own_reports(run: Run, inputs: Path) -> None:
    (inputs / "out").mkdir()
    for name in ("pixie.json", "pixie.md"):
        (inputs / "out" / name).write_text('{"name": "my own"}')
        before = snapshot(inputs)
        result = run("reproduce", "pixie", "--data", ".", "--output", "out")
        advice = "give --overwrite (in Python: overwrite=True) to replace it, or choose another output"
        message = f"out/{name} exists and does not say that wordsight wrote it; {advice}"
        assert (result.code, result.err) == (2, f"wordsight: error: {message}\n")
        assert snapshot(inputs) == before
        (inputs / "out" / name).unlink()


def test_fetching_leaves_a_file_of_that_name(tmp_path: Path) -> None:
    (tmp_path / "pairs.txt").write_text("my own pairs")
    file = RemoteFile("pairs.txt", "http://127.0.0.1:9/pairs.txt", sha256="0" * 64)
    pairs = Dataset("pairs", "word pairs", "nowhere", "free", "nobody", "text", "ask", (file,))
    with pytest.raises(WriteError, match=r"pairs\.txt exists and is not the file that was to be fetched; move it away"):
        fetch.get(pairs, tmp_path)
    assert snapshot(tmp_path) == {"pairs.txt": b"my own pairs"}


# Interrupted and at once


@contextlib.contextmanager
def interrupted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A real SIGINT arrives as soon as something of the text was read."""

    @contextlib.contextmanager
    def progress(*_: object, **__: object) -> Iterator[Callable[..., None]]:
        def advance(n_words: int, **_: object) -> None:
            if n_words:
                signal.raise_signal(signal.SIGINT)

        yield advance

    with monkeypatch.context() as patch:
        patch.setattr("wordsight.training.corpus_passes.progress", progress)
        yield


def test_an_interrupted_run_never_replaces_a_finished_one(
    run: Run, inputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = (*DIRECTORIES["train"], "out", "--seed", "5")
    assert run(*DIRECTORIES["train"], "out").code == 0 and run(*other[:-3], "whole", "--seed", "5").code == 0
    before = snapshot(inputs / "out")
    with interrupted(monkeypatch):
        result = run(*other, "--overwrite")
    assert result.code == 130 and snapshot(inputs / "out") == before
    assert "out stays as it was; what was learned until it was stopped is in out.partial/interrupted" in result.err
    assert "saved in out.partial/interrupted" in result.out
    assert wordsight.load(inputs / "out.partial/interrupted").interrupted_
    assert "The training was interrupted" in (inputs / "out.partial/interrupted/README.md").read_text()
    assert run("neighbors", "out.partial/interrupted", "goose").code == 0

    refused = run(*DIRECTORIES["train"], "out", "--seed", "7")
    assert refused.code == 2 and "out.partial was begun with model.seed 5, not 7" in refused.err
    assert run(*other).code == 0, "the run that was begun with --overwrite goes on"
    assert (inputs / "out/vectors.safetensors").read_bytes() == (inputs / "whole/vectors.safetensors").read_bytes()
    assert not (inputs / "out.partial").exists()


def test_an_interrupted_run_is_saved_where_nothing_is_and_may_be_begun_anew(
    run: Run, inputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with interrupted(monkeypatch):
        assert run(*DIRECTORIES["train"], "out").code == 130
    assert json.loads((inputs / "out/config.json").read_text())["interrupted"]
    assert "The training was interrupted" in (inputs / "out/README.md").read_text()
    assert run(*DIRECTORIES["train"], "out").code == 0
    assert "interrupted" not in (inputs / "out/README.md").read_text()


def test_a_file_of_ones_own_in_the_unfinished_folder_stays(
    run: Run, inputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = (*DIRECTORIES["train"], "out", "--checkpoint-minutes", "0")
    assert run(*command).code == 0
    with interrupted(monkeypatch):
        assert run(*command, "--overwrite").code == 130
    (inputs / "out.partial/notes.txt").write_text("dear")
    result = run(*command)
    assert result.code == 0 and snapshot(inputs / "out.partial") == {"notes.txt": b"dear"}
    assert "out.partial stays, as it holds files that wordsight did not write" in result.err


@pytest.mark.parametrize(("verb", "name"), [*((verb, "out") for verb in DIRECTORIES), ("convert", "out.txt")])
def test_an_output_that_another_run_writes_is_left_to_it(run: Run, inputs: Path, verb: str, name: str) -> None:
    with locked_elsewhere(inputs / name):
        result = run(*DIRECTORIES[verb], name)
    assert result.code == 2 and f"error: {name} is being written by process {os.getpid()}; wait for it" in result.err
    assert not (inputs / name).exists()


def test_a_text_that_changes_while_it_is_encoded(run: Run, inputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from wordsight.text._encode import Encoder

    encode = Encoder.run

    def cut_meanwhile(*arguments: Any) -> None:
        encode(*arguments)
        (inputs / "text.txt").write_text("goose")

    monkeypatch.setattr(Encoder, "run", cut_meanwhile)
    result = run("encode-text", "text.txt", "--output", "out")
    message = "text.txt was changed while it was encoded; nothing is kept of it, encode it again"
    assert result.code == 2 and result.err.endswith(f"{inputs}/{message}\n")
    assert not list(inputs.glob("*out*"))
