from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from wordsight.errors import DataError
from wordsight.storage import _exchange
from wordsight.storage.atomic import replace_directory, unchanging
from wordsight.storage.json_toml import write_json
from wordsight.vectors.word_vectors import WordVectors

WRITE = """
import sys, time
import numpy as np
from wordsight.vectors.word_vectors import WordVectors
end, n = time.monotonic() + float(sys.argv[2]), 0
while time.monotonic() < end:
    n += 1
    # All vectors of a version are its number, and so are its words: a mixture would show.
    WordVectors([f"w{n}-{i}" for i in range(40 + n % 7)], np.full((40 + n % 7, 5), n)).save(sys.argv[1])
print(n)
"""


def test_readers_never_see_a_half_written_or_mixed_directory(tmp_path: Path) -> None:
    path = tmp_path / "vectors"
    WordVectors([f"w0-{i}" for i in range(40)], np.full((40, 5), 1e-9)).save(path)
    writer = subprocess.Popen([sys.executable, "-c", WRITE, str(path), "2.5"], stdout=subprocess.PIPE, text=True)
    seen: set[str] = set()
    n_read = 0
    while writer.poll() is None:
        found = WordVectors.load(path, mmap=n_read % 2 == 0)
        (version,) = {word.partition("-")[0] for word in found.words}
        assert version == "w0" or np.all(found.matrix == int(version[1:]))
        seen.add(version)
        n_read += 1
    written = int(writer.communicate()[0])
    assert writer.returncode == 0 and written > 5 and n_read > 20 and len(seen) > 3
    assert [entry.name for entry in tmp_path.iterdir()] == ["vectors"]


def test_a_directory_is_exchanged_in_one_step_where_the_system_can(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    if not _exchange.exchanged(tmp_path / "a", tmp_path / "b"):
        pytest.skip("this system cannot")
    assert (tmp_path / "a/b").exists() and (tmp_path / "b/a").exists()
    with pytest.raises(OSError, match="No such file") as caught:
        _exchange.exchanged(tmp_path / "a", tmp_path / "absent")
    assert caught.value.errno == errno.ENOENT


def test_without_that_it_is_still_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_exchange, "_exchange", lambda: None)
    for number in (1, 2):
        with replace_directory(tmp_path / "model") as temporary:
            write_json(temporary / "config.json", {"kind": "corpus", "number": number})
    assert json.loads((tmp_path / "model/config.json").read_text())["number"] == 2
    assert [entry.name for entry in tmp_path.iterdir()] == ["model"]


def test_everything_is_flushed_before_it_is_renamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[str] = []
    sync = os.fsync

    def noted(descriptor: int) -> None:
        flushed.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        sync(descriptor)

    if not Path("/proc/self/fd").exists():
        pytest.skip("no /proc")
    monkeypatch.setattr(os, "fsync", noted)
    with replace_directory(tmp_path / "model") as temporary:
        write_json(temporary / "config.json", {"kind": "corpus"})
        (temporary / "ids.npy").touch()
        inside = [temporary / "config.json", temporary / "ids.npy", temporary]
    assert set(flushed[:-1]) == set(map(str, inside)) and flushed[-1] == str(tmp_path)


def test_a_directory_that_changes_while_it_is_read_is_read_again(tmp_path: Path) -> None:
    def put(number: int) -> None:
        with replace_directory(tmp_path / "d") as temporary:
            write_json(temporary / "config.json", {"kind": "corpus", "number": number})

    put(0)
    reads: list[str] = []

    def read(directory: Path) -> str:
        reads.append(str(json.loads((directory / "config.json").read_text())["number"]))
        if len(reads) == 1:
            time.sleep(0.02)
            put(1)
            raise DataError("half of one and half of the other")
        if len(reads) == 2:
            time.sleep(0.02)
            put(2)
        return reads[-1]

    assert unchanging(tmp_path / "d", read) == "2" and reads == ["0", "1", "2"]
    with pytest.raises(DataError, match="really"):
        unchanging(tmp_path / "d", lambda directory: (_ for _ in ()).throw(DataError("really")))
    with pytest.raises(DataError, match="no such directory"):
        unchanging(tmp_path / "absent", read)
