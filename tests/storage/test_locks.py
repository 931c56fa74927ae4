from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from wordsight.errors import WriteError
from wordsight.storage.locks import locked

pytestmark = pytest.mark.skipif(os.name != "posix", reason="locks are POSIX's")
HOLD = """
import sys, time
from pathlib import Path
from wordsight.storage.locks import locked
with locked(sys.argv[1]):
    print("locked", flush=True)
    time.sleep(60)
"""


def hold(path: Path) -> subprocess.Popen[str]:
    """Another process that has the lock."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "locked\n"
    return process


def test_another_process_is_named_and_its_death_frees_the_lock(tmp_path: Path) -> None:
    other = hold(tmp_path / "out")
    try:
        with pytest.raises(WriteError) as caught, locked(tmp_path / "out"):
            pytest.fail("the block must not run")
        advice = "wait for it, stop it, or choose another output"
        assert str(caught.value) == f"{tmp_path}/out is being written by process {other.pid}; {advice}"
        with locked(tmp_path / "another"):
            pass
    finally:
        other.send_signal(signal.SIGKILL)
        other.communicate()
    assert (tmp_path / ".out.lock").exists(), "which a killed process leaves"
    with locked(tmp_path / "out"):
        assert (tmp_path / ".out.lock").read_text() == f"{os.getpid()}\n"
    assert not list(tmp_path.iterdir())


def test_a_number_of_a_living_process_in_a_lock_that_nobody_holds_means_nothing(tmp_path: Path) -> None:
    (tmp_path / ".out.lock").write_text("1\n")
    with locked(tmp_path / "out"):
        pass


def test_who_waits_comes_next(tmp_path: Path) -> None:
    order: list[str] = []

    def wait() -> None:
        with locked(tmp_path / "out", wait=True):
            order.append("second")

    with locked(tmp_path / "out"):
        threads = [threading.Thread(target=wait) for _ in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(0.2)
        order.append("first")
    for thread in threads:
        thread.join(10)
    assert order == ["first"] + ["second"] * 4 and not list(tmp_path.iterdir())


def test_only_one_of_many_is_inside(tmp_path: Path) -> None:
    inside, most = 0, 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(30):
            with locked(tmp_path / "out", wait=True):
                inside += 1
                most = max(most, inside)
                inside -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert most == 1


def test_what_dead_processes_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    stale = [f".out.{gone.pid}.tmp", f".out.json.{gone.pid}.tmp"]
    kept = [
        f".out.{os.getpid()}.tmp",
        f".other.{gone.pid}.tmp",
        ".out.tmp",
        ".out.old.tmp",
        f".o*t.{gone.pid}.tmp",
        "out",
    ]
    (tmp_path / stale[0]).mkdir()
    (tmp_path / stale[0] / "half").touch()
    for name in [stale[1], *kept]:
        (tmp_path / name).touch()
    with locked(tmp_path / "out"):
        pass
    left = {path.name for path in tmp_path.iterdir()}
    assert not left & set(stale) and set(kept) <= left


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    message = r"cannot write .*file/out: .*; free some space or choose another place"
    with pytest.raises(WriteError, match=message), locked(tmp_path / "file" / "out"):
        pytest.fail("the block must not run")


def test_the_same_thread_may_lock_again_and_others_may_not(tmp_path: Path) -> None:
    refused: list[str] = []

    def other() -> None:
        with pytest.raises(WriteError) as caught, locked(tmp_path / "out"):
            pytest.fail("the block must not run")
        refused.append(str(caught.value))

    with locked(tmp_path / "out"):
        with locked(tmp_path / "out"):
            pass
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(10)
    assert len(refused) == 1 and f"by process {os.getpid()}" in refused[0] and not list(tmp_path.iterdir())


def test_a_link_and_what_it_leads_to_have_one_lock(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("there/out")
    with locked(tmp_path / "link"):
        assert (tmp_path / "there/.out.lock").exists() and not (tmp_path / ".link.lock").exists()


def test_a_file_that_is_called_like_a_lock_is_not_written_to(tmp_path: Path) -> None:
    (tmp_path / ".out.lock").write_text("my notes")
    (tmp_path / "notes.txt").write_text("more notes")
    (tmp_path / ".two.lock").symlink_to("notes.txt")
    with (
        pytest.raises(WriteError, match=r"\.out\.lock is no lock of wordsight; move it away"),
        locked(tmp_path / "out"),
    ):
        pytest.fail("the block must not run")
    with pytest.raises(WriteError, match="cannot write"), locked(tmp_path / "two"):
        pytest.fail("the block must not run")
    assert (tmp_path / ".out.lock").read_text() == "my notes" and (tmp_path / "notes.txt").read_text() == "more notes"
