"""Protocol S: the quality of SGNS and CBOW of wordsight and gensim on the same text.

    python benchmarks/quality.py [--seeds 0 1 2]

Writes benchmarks/results/quality.json after each seed; about four minutes a seed on two idle cores.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np
import report
from gensim.models.word2vec import Word2Vec

from wordsight.evaluation.tasks.similarity import similarity
from wordsight.models.cbow import CBOW
from wordsight.models.sgns import SGNS
from wordsight.text.corpus import Corpus
from wordsight.vectors.word_vectors import WordVectors

PROTOCOL = (
    "S: Simple English Wikipedia, dim 100, window 5, 5 negatives, subsample 1e-4, 5 epochs, two threads; Spearman's "
    "rho on all pairs. gensim reads the same tokens, at its own default learning rate."
)
SETS = ("EN-MEN-TR-3k", "EN-SIMLEX-999", "EN-WS-353-ALL")


class Sentences:
    """The documents of a corpus as lists of words, for gensim."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._words = np.array(corpus.vocabulary.words, dtype=object)

    def __iter__(self) -> Any:
        for start, stop in zip(self._corpus.offsets[:-1], self._corpus.offsets[1:], strict=True):
            yield self._words[self._corpus.ids[start:stop]].tolist()


def vectors(corpus: Corpus, side: str, model: str, seed: int) -> WordVectors:
    """Trains one model of one side."""
    if side == "wordsight":
        return {"SGNS": SGNS, "CBOW": CBOW}[model](seed=seed, workers=2).fit(corpus).vectors_
    trained = Word2Vec(
        Sentences(corpus),
        vector_size=100,
        window=5,
        negative=5,
        sg=int(model == "SGNS"),
        sample=1e-4,
        min_count=1,
        epochs=5,
        workers=2,
        seed=seed,
    ).wv
    return WordVectors(trained.index_to_key, trained.vectors)


def main() -> None:
    """Measures both models of both sides."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    seeds = parser.parse_args().seeds
    data = report.data_folder()
    corpus = Corpus.from_text(data / "text" / "en-simplewiki.txt.xz")
    files = [data / "similarity/en" / f"{name}.txt" for name in SETS]
    rows = []
    for seed in seeds:
        for model in ("SGNS", "CBOW"):
            for side in ("wordsight", "gensim"):
                found = similarity(vectors(corpus, side, model, seed), files)
                for result in found:
                    low, high = result.interval
                    figures = {"score": round(result.score, 4), "low": round(low, 4), "high": round(high, 4)}
                    rows.append({"model": model, "side": side, "seed": seed, "dataset": result.dataset, "n": result.n})
                    rows[-1] |= figures
                print(model, side, seed, [round(r.score, 3) for r in found], flush=True)
        print(report.write("quality", PROTOCOL, {"corpus": repr(corpus)}, rows, "gensim"))


if __name__ == "__main__":
    main()
