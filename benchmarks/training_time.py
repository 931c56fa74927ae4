"""Protocol S: the training time of the grounded models relative to SGNS, all in one run.

    python benchmarks/training_time.py [--rounds 3]

Writes benchmarks/results/training_time.json; about a minute and a half a round on two idle cores. The time is that of
the whole `fit`, with the words' features, the VAE and the read-out.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import report

from wordsight.models.base import Model
from wordsight.models.pixie import PIXIE
from wordsight.models.sgns import SGNS
from wordsight.models.vsgns import VSGNS
from wordsight.papers.standard_data import standard_lexicon
from wordsight.text.corpus import Corpus

PROTOCOL = (
    "S: Simple English Wikipedia, two threads, 5 epochs, default settings; seconds of `fit`. What else happens on a "
    "machine only adds to them, so the ratio is that of the least seconds of all rounds."
)


def models(seed: int) -> dict[str, Model]:
    """The models to time, SGNS first."""
    return {
        "SGNS": SGNS(seed=seed),
        "PIXIE": PIXIE(seed=seed),
        "V-SGNS (A)": VSGNS(seed=seed),
        "V-SGNS (B)": VSGNS(seed=seed, mapping="learnt"),
    }


def main() -> None:
    """Measures all models, round after round."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    data = report.data_folder()
    corpus, lexicon = Corpus.from_text(data / "text" / "en-simplewiki.txt.xz"), standard_lexicon(data)
    inputs = {"corpus": corpus, "lexicon": lexicon}
    short = Corpus.from_documents([["warm", "up", "the", "dog"] * 40] * 9, min_count=1)
    for model in models(0).values():  # compiles
        model.set_params(epochs=1).fit(*({**inputs, "corpus": short}[kind] for kind in model.inputs))
    rows: list[dict[str, Any]] = []
    for i in range(rounds):
        for name, model in models(i).items():
            start = time.perf_counter()
            model.fit(*(inputs[kind] for kind in model.inputs))
            seconds = time.perf_counter() - start
            rows.append({"model": name, "round": i, "seconds": round(seconds, 1)})
            print(rows[-1], flush=True)
    print(report.write("training_time", PROTOCOL, {"corpus": repr(corpus)}, rows))


if __name__ == "__main__":
    main()
