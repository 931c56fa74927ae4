"""Peak memory of encoding and of training on both English corpora together, each step in its own process.

    python benchmarks/memory.py

Writes benchmarks/results/memory.json; about a minute on two idle cores.
"""

from __future__ import annotations

import tempfile

import report
from process import PEAK, run

DIM = 100
PROTOCOL = (
    "Both English corpora (Wikipedia in English and in Simple English, compressed) as one; SGNS, dim 100, one epoch, "
    "two threads. Peak resident memory of a whole process, what it maps from files included. The limit is both tables "
    "(2 · V · dim · 4 bytes) and 350 MB."
)
STEPS = {
    "scan and encoding": "corpus = Corpus.from_text(texts, directory=directory)",
    "training": f"corpus = Corpus.load(directory)\nSGNS(dim={DIM}, epochs=1, workers=2).fit(corpus)",
}
PROGRAM = f"""
import json, resource, sys
from wordsight.models.sgns import SGNS
from wordsight.text.corpus import Corpus
directory, *texts = sys.argv[1:]
{{step}}
print(json.dumps({{{{"peak_mib": round({PEAK}), "words": len(corpus.vocabulary), "tokens": len(corpus)}}}}))
"""


def main() -> None:
    """Measures both steps."""
    texts = sorted(map(str, (report.data_folder() / "text").glob("en-*.txt.xz")))
    rows = []
    with tempfile.TemporaryDirectory() as directory:
        for step, code in STEPS.items():
            row = {"step": step, **run(PROGRAM.format(step=code), f"{directory}/corpus", *texts)}
            rows.append(row | {"limit_mib": round((2 * row["words"] * DIM * 4 + 350e6) / 2**20)})
            print(rows[-1], flush=True)
    print(report.write("memory", PROTOCOL, {"dim": DIM, "threads": 2}, rows))


if __name__ == "__main__":
    main()
