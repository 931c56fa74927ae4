"""Protocol P: speed of SGNS against gensim, one process a side, in turn, in one run.

    python benchmarks/speed.py [--rounds 3]

Writes benchmarks/results/speed.json. Words of the corpus a second of training, reading included; the ratio of each
round is taken from runs that follow one another directly, since machines are noisy.
"""

from __future__ import annotations

import argparse
import json
import lzma
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import report

PROTOCOL = (
    "P: Simple English Wikipedia, two threads, dim 100; words of the corpus a second of training, reading included."
)
SETTINGS = {
    "a": {"megabytes": 40, "window": 5, "negatives": 5},
    "b": {"megabytes": 8, "window": 10, "negatives": 64},
}

GENSIM = """
import json, sys, time
from gensim.models.word2vec import LineSentence, Word2Vec
path, window, negatives = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
model = Word2Vec(vector_size=100, window=window, negative=negatives, sg=1, sample=1e-4, min_count=5, workers=2, seed=0)
start = time.perf_counter()
model.build_vocab(LineSentence(path))
scan = time.perf_counter() - start
model.train(LineSentence(path), total_examples=model.corpus_count, epochs=1)
print(json.dumps({"scan": scan, "train": model.total_train_time, "words": model.corpus_total_words}))
"""

WORDSIGHT = """
import json, sys, time
from wordsight.models.sgns import SGNS
from wordsight.text.corpus import Corpus
path, window, negatives, directory = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
SGNS(epochs=1, workers=2).fit(Corpus.from_documents(["warm up the compiled code"] * 9, min_count=1))
start = time.perf_counter()
corpus = Corpus.from_text(path, directory=directory)
scan = time.perf_counter() - start
start = time.perf_counter()
SGNS(window=window, negatives=negatives, epochs=1, workers=2).fit(corpus)
print(json.dumps({"scan": scan, "train": time.perf_counter() - start, "words": len(corpus)}))
"""


def run(program: str, *arguments: str) -> dict[str, float]:
    """Runs one side in a process of its own and returns what it measured."""
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def measured(text: Path, name: str, rounds: int) -> list[dict[str, Any]]:
    """Rows of one setting, a round each."""
    setting = SETTINGS[name]
    arguments = (str(text), str(setting["window"]), str(setting["negatives"]))
    found = []
    for i in range(rounds):
        theirs = run(GENSIM, *arguments)
        with tempfile.TemporaryDirectory() as directory:
            ours = run(WORDSIGHT, *arguments, f"{directory}/corpus")
        speeds = {"wordsight": ours["words"] / ours["train"], "gensim": theirs["words"] / theirs["train"]}
        row = {
            "setting": name,
            "round": i,
            **{f"{side}_words_per_second": round(speed) for side, speed in speeds.items()},
            "training_ratio": round(speeds["wordsight"] / speeds["gensim"], 2),
            "scan_ratio": round(theirs["scan"] / ours["scan"], 2),
        }
        print(row, flush=True)
        found.append(row)
    return found


def main() -> None:
    """Measures both settings."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    rows = []
    with tempfile.TemporaryDirectory() as directory:
        for name, setting in SETTINGS.items():
            text = Path(directory) / f"{name}.txt"
            with lzma.open(report.data_folder() / "text" / "en-simplewiki.txt.xz") as stream:
                text.write_bytes(stream.read(setting["megabytes"] * 10**6))
            rows += measured(text, name, rounds)
    print(report.write("speed", PROTOCOL, SETTINGS, rows, "gensim"))


if __name__ == "__main__":
    main()
