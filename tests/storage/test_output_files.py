"""What may be replaced: files; and what is written to instead."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PIL import Image
from tests.locking import locked_elsewhere

from wordsight.errors import WriteError
from wordsight.evaluation.result import Result, Results
from wordsight.plots.style import write_picture
from wordsight.storage.json_toml import json_text
from wordsight.storage.output_files import check_file, output_stream

RESULTS = json_text(Results([Result("similarity", "MEN", 0.5, 3, 4, (0.1, 0.9))]).to_dicts())


def test_it_appears_only_when_whole(tmp_path: Path) -> None:
    path = tmp_path / "new/a.vec"
    with output_stream(path, "vectors") as stream:
        stream.write(b"first")
        assert not path.exists()
    with pytest.raises(KeyboardInterrupt), output_stream(path, "vectors", overwrite=True) as stream:
        stream.write(b"second")
        raise KeyboardInterrupt
    assert path.read_bytes() == b"first" and [entry.name for entry in path.parent.iterdir()] == ["a.vec"]


def test_what_wordsight_wrote_itself_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text(RESULTS)
    (tmp_path / "empty.json").touch()
    picture = Image.new("RGB", (2, 2), "red")
    write_picture(picture, tmp_path / "p.png")
    write_picture(picture, tmp_path / "p.png")
    for name in ("r.json", "empty.json", "new.json"):
        with output_stream(tmp_path / name, "results") as stream:
            stream.write(b"new")
        assert (tmp_path / name).read_bytes() == b"new"
    with Image.open(tmp_path / "p.png") as drawn:
        assert drawn.getpixel((0, 0)) == (255, 0, 0)


@pytest.mark.parametrize("content", [b"a thesis", b"[]", b"{}", b'[{"task": 1}]', b"[" * 100_000, b"\xff\x00"])
@pytest.mark.parametrize("kind", ["results", "report", "candidates", "picture", "page", "vectors"])
def test_what_it_did_not_write_stays_until_it_is_told(tmp_path: Path, kind: str, content: bytes) -> None:
    path = tmp_path / "dear"
    path.write_bytes(content)
    with pytest.raises(WriteError) as caught, output_stream(path, kind):
        pytest.fail("the block must not run")
    advice = "give --overwrite (in Python: overwrite=True) to replace it, or choose another output"
    said = "" if kind == "vectors" else " and does not say that wordsight wrote it"
    assert str(caught.value) == f"{path} exists{said}; {advice}" and path.read_bytes() == content
    with output_stream(path, kind, overwrite=True) as stream:
        stream.write(b"new")
    assert path.read_bytes() == b"new"


def test_results_do_not_replace_a_picture_of_ours(tmp_path: Path) -> None:
    write_picture(Image.new("RGB", (2, 2)), tmp_path / "p.png")
    with pytest.raises(WriteError, match="does not say that wordsight wrote it"):
        check_file(tmp_path / "p.png", "results")


def test_a_directory_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "dear").mkdir()
    for path in (tmp_path / "dear", tmp_path, Path()):
        for overwrite in (False, True):
            with pytest.raises(WriteError, match="is a directory; choose the name of a file as output"):
                check_file(path, "results", overwrite=overwrite)


def test_of_a_link_the_target_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("there/r.json")
    for content in (RESULTS, RESULTS + " "):
        with output_stream(tmp_path / "link", "results") as stream:
            stream.write(content.encode())
        assert (tmp_path / "there/r.json").read_text() == content and (tmp_path / "link").is_symlink()
    assert sorted(entry.name for entry in tmp_path.rglob("*")) == ["link", "r.json", "there"]


def test_pipes_and_devices_are_written_to(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    with output_stream(tmp_path / "pipe", "results") as stream:
        stream.write(b"through")
    reader.join(10)
    assert read == [b"through"] and (tmp_path / "pipe").is_fifo()
    with output_stream("/dev/null", "results") as stream:
        stream.write(b"away")
    assert Path("/dev/null").is_char_device()


PRINT = """
from wordsight.storage.output_files import output_stream
print("before")
with output_stream("/dev/stdout", "results") as stream:
    stream.write(b"within\\n")
print("after")
"""


def test_standard_output_as_a_pipe_and_as_a_file(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PRINT]
    piped = subprocess.run(command, capture_output=True, text=True, check=True)
    with (tmp_path / "out.txt").open("w") as out:
        subprocess.run(command, stdout=out, check=True)
    assert piped.stdout == (tmp_path / "out.txt").read_text() == "before\nwithin\nafter\n"


def test_a_file_that_another_run_is_writing_is_left_to_it(tmp_path: Path) -> None:
    refused = pytest.raises(WriteError, match="is being written by process")
    with locked_elsewhere(tmp_path / "r.json"), refused, output_stream(tmp_path / "r.json", "results"):
        pytest.fail("the block must not run")
    assert not list(tmp_path.iterdir())


def test_json_of_results_can_be_recognised() -> None:
    assert {"task", "dataset", "interval"} <= json.loads(RESULTS)[0].keys()
