"""The speed of IESG's hinge losses with one and two threads, beside skip-gram's on the same text, in turn.

    python benchmarks/iesg_speed.py [--rounds 3]

Writes benchmarks/results/iesg_speed.json; about half a minute a round on two idle cores.
"""

from __future__ import annotations

import argparse
import lzma
import tempfile
from pathlib import Path
from typing import Any

import report

from wordsight.grounding.lexicon_subsets import in_part
from wordsight.models.iesg import IESG
from wordsight.models.sgns import SGNS
from wordsight.papers.standard_data import standard_lexicon
from wordsight.text.corpus import Corpus

PROTOCOL = (
    "The first 40 MB of Simple English Wikipedia and the images of protocol S; dim 100, window 5. Words of the corpus "
    "a second of one epoch, reading included: IESG's hinge losses from skip-gram's vectors, and skip-gram itself with "
    "5 negatives, in turn."
)
MEGABYTES, THREADS = 40, (1, 2)
DRAWN = (1, 5)
"""Words drawn for each pair of a hinge loss: as the paper says, and by default."""


def main() -> None:
    """Measures both models with each number of threads, round after round."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    data = report.data_folder()
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "text.txt"
        with lzma.open(data / "text" / "en-simplewiki.txt.xz") as stream:
            path.write_bytes(stream.read(MEGABYTES * 10**6))
        corpus = Corpus.from_text(path, directory=f"{directory}/corpus")
        lexicon = in_part(standard_lexicon(data).restricted(corpus.vocabulary.words), "training")
        for number in range(rounds):
            for threads in THREADS:
                text = SGNS(epochs=1, workers=threads).fit(corpus)
                fits: dict[str, Any] = {"skip-gram": text}
                for drawn in DRAWN:
                    model = IESG(epochs=1, hinge_negatives=drawn, workers=threads)
                    fits[f"IESG, negatives {drawn}"] = model.fit(corpus, lexicon, text)
                for name, fitted in fits.items():
                    speed = round(fitted.history_[-1]["words_per_second"])
                    rows.append({"model": name, "threads": threads, "round": number, "words_per_second": speed})
                    print(rows[-1], flush=True)
    print(report.write("iesg_speed", PROTOCOL, {"megabytes": MEGABYTES}, rows))


if __name__ == "__main__":
    main()
