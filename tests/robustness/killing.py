"""A program that runs a job of the command line many times in child processes, which get a signal at given moments.

    python killing.py JOB FOLDER SIGNAL

A moment is a step of a loop, or just before or after something becomes lasting (a flush, a renaming). The job runs once
to its end, which counts its moments; then, ten times: it gets the signal at one of them, drawn from a seed, and the
same command is given again. Prints, for each time, what differs from the first run's result; an empty list is as it
should be.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import random
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

N_KILLS = 10
SMALL = ("--workers", "1", "--checkpoint-minutes", "0", "--set", "model.dim=8", "--set", "model.epochs=3")
GROUNDED = (*SMALL, "--features", "features")
JOBS: dict[str, tuple[str, ...]] = {
    "encode-text": ("encode-text", "text.txt.xz", "text.txt", "--min-count", "2"),
    "extract": ("extract", "photos", "--batch-size", "2", "--workers", "1"),
    "train sgns": ("train", "sgns", "--corpus", "corpus", *SMALL),
    "train pixie": ("train", "pixie", "--corpus", "corpus", "--lexicon", "labels.csv", *GROUNDED,
                    "--set", "model.pretraining=2", "--set", "model.hidden=8"),
    "train iesg": ("train", "iesg", "--corpus", "corpus", "--lexicon", "labels.csv", *GROUNDED,
                   "--set", "model.objective=contrastive", "--set", "model.passes=2"),
    "train imagevec": ("train", "imagevec", "--captions", "captions.csv", *GROUNDED, "--set", "model.batch_size=6"),
    "reproduce": ("reproduce", "tiny", "--data", ".", "--seeds", "0,1"),
}  # fmt: skip


class Moments:
    """Counts moments and sends the process a signal at one of them."""

    def __init__(self) -> None:
        self.n, self.last, self.signal = 0, 0, signal.SIGKILL

    def passed(self) -> None:
        self.n += 1
        if self.n == self.last:
            os.kill(os.getpid(), self.signal)

    def around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def counted(*arguments: Any, **named: Any) -> Any:
            self.passed()
            result = function(*arguments, **named)
            self.passed()
            return result

        return counted


MOMENTS = Moments()


@contextlib.contextmanager
def progress(*_: object, **__: object) -> Iterator[Callable[..., None]]:
    yield lambda *_, **__: MOMENTS.passed()


def prepare() -> Callable[[list[str]], None]:
    """Puts the moments in place, makes everything happen often, and gives the command line."""
    import wordsight.progress
    from wordsight.storage import _exchange

    wordsight.progress.progress = progress
    os.fsync, os.replace = MOMENTS.around(os.fsync), MOMENTS.around(os.replace)
    _exchange.exchanged = MOMENTS.around(_exchange.exchanged)

    import torch

    from wordsight.cli import main
    from wordsight.images import _partial_features as partial
    from wordsight.models.sgns import SGNS
    from wordsight.papers import base, registry
    from wordsight.papers import recipes as recipe
    from wordsight.text import _scan as scan
    from wordsight.text import text_files as readers
    from wordsight.text.corpus import Corpus
    from wordsight.training import corpus_passes as skipgram
    from wordsight.training.checkpoint import checkpointing

    # What takes time to load is loaded once, before the processes fork.
    torch.optim.Adam([torch.zeros(1)])
    SGNS(dim=8, epochs=1, subsample=0, workers=1).fit(Corpus.from_documents(["a b"], min_count=1))
    readers.BLOCK_BYTES, skipgram.CHUNK = 1 << 12, 1 << 10
    scan.SECONDS_BETWEEN_SAVES = partial._SECONDS_BETWEEN_SAVES = 0.0
    vars(base)["checkpointing"] = functools.partial(checkpointing, minutes=0)
    recipe.RECIPES = Path("recipes")
    registry.REPRODUCTIONS["tiny"] = "tiny_paper:TinyReproduction"
    return main


def run(main: Callable[[list[str]], None], arguments: list[str], kill_at: int = 0) -> tuple[int, int]:
    """Runs a command in a child process; its exit status (as ``waitpid`` has it) and how many moments it had."""
    report, back = os.pipe()
    child = os.fork()
    if child == 0:
        MOMENTS.n, MOMENTS.last = 0, kill_at
        status = 1
        try:
            with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
                main(arguments)
        except SystemExit as end:
            status = int(end.code or 0)
        except BaseException:
            traceback.print_exc()
        finally:
            os.write(back, str(MOMENTS.n).encode())
            os._exit(status)
    os.close(back)
    with os.fdopen(report) as stream:
        moments = stream.read()
    return os.waitpid(child, 0)[1], int(moments or 0)


def contents(folder: Path) -> dict[str, Any]:
    """Every file by name; of JSON the values that do not tell the time."""

    def timeless(value: Any) -> Any:
        if isinstance(value, dict):
            told = ("machine", "commit")
            return {k: timeless(v) for k, v in value.items() if "second" not in k and k not in told}
        return [timeless(item) for item in value] if isinstance(value, list) else value

    found: dict[str, Any] = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.suffix == ".json":
            found[name] = timeless(json.loads(path.read_text()))
        elif path.suffix != ".md" or path.name == "README.md":
            found[name] = path.read_bytes() if path.is_file() else None
    return found


def main() -> None:
    job, folder, name = sys.argv[1:]
    MOMENTS.signal = signal.Signals[name]
    os.chdir(folder)
    command = prepare()
    arguments = [*JOBS[job], "--output"]
    status, moments = run(command, [*arguments, "whole/out"])
    assert status == 0 and moments > 2 * N_KILLS, (status, moments)
    expected = contents(Path("whole"))
    kills = []
    for number, moment in enumerate(sorted(random.Random(job).sample(range(1, moments + 1), N_KILLS))):
        killed = Path(f"killed{number}")
        status, _ = run(command, [*arguments, f"{killed}/out"], kill_at=moment)
        killed_by = MOMENTS.signal if MOMENTS.signal == signal.SIGKILL else (128 + MOMENTS.signal) << 8
        assert status == killed_by, (moment, status)
        status, again = run(command, [*arguments, f"{killed}/out"])
        found = contents(killed)
        differ = [name for name in expected.keys() | found.keys() if found.get(name, 0) != expected.get(name, 0)]
        kills.append({"moment": moment, "of": moments, "status": status, "moments_after": again, "differ": differ})
        shutil.rmtree(killed)
    sys.stdout.write(json.dumps(kills))


if __name__ == "__main__":
    main()
