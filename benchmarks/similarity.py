"""Protocol S: word similarity in English, SGNS and PIXIE, real images and both controls, three seeds.

    python benchmarks/similarity.py [--seeds 0 1 2]

Writes benchmarks/results/similarity.json. About ten minutes on two idle cores.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import report

from wordsight.evaluation.similarity import similarity
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.models.pixie import COMPOSITIONS, PIXIE
from wordsight.models.sgns import SGNS
from wordsight.reproduce.benchmark import standard_lexicon
from wordsight.text.corpus import Corpus
from wordsight.vectors.word_vectors import WordVectors

PROTOCOL = (
    "S: Simple English Wikipedia (min_count 5), window 5, 5 negatives, subsample 1e-4, 5 epochs, dim 100; cosine, "
    "Spearman's rho with average ranks, bootstrap 95 % intervals of 1,000 resamples; 'visual' are pairs of two words "
    "with images."
)


def trained(corpus: Corpus, lexicon: VisualLexicon, seed: int) -> Iterator[tuple[str, str, WordVectors, float]]:
    """Every model with its read-out, its vectors and the seconds its training took."""
    start = time.perf_counter()
    sgns = SGNS(seed=seed).fit(corpus)
    yield "SGNS", "", sgns.vectors_, time.perf_counter() - start
    for control in (None, "shuffled", "random"):
        start = time.perf_counter()
        pixie = PIXIE(seed=seed, control=control).fit(corpus, lexicon)
        seconds = time.perf_counter() - start
        for composition in COMPOSITIONS:
            name = f"PIXIE, {control} images" if control else "PIXIE"
            yield name, composition, pixie.read_out(corpus.vocabulary.words, composition), seconds


def rows(vectors: WordVectors, files: list[Path], visual: set[str], facts: dict[str, Any]) -> list[dict[str, Any]]:
    """One row a test set and choice of pairs."""
    found = []
    for pairs, words in (("all", None), ("visual", visual)):
        for result in similarity(vectors, files, restrict_to=words):
            fields = result.to_dict()
            low, high = fields.pop("interval")
            fields.pop("details")
            fields.pop("task")
            found.append({**facts, "pairs": pairs, **fields, "low": low, "high": high})
    return found


def main() -> None:
    """Runs the whole protocol."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    seeds = parser.parse_args().seeds
    data = report.data_folder()
    corpus = Corpus.from_text(data / "text" / "en-simplewiki.txt.xz")
    lexicon = standard_lexicon(data)
    visual = set(lexicon.words) & set(corpus.vocabulary.words)
    files = sorted((data / "similarity" / "en").glob("*.txt"))
    figures: list[dict[str, Any]] = []
    for seed in seeds:
        for model, composition, vectors, seconds in trained(corpus, lexicon, seed):
            facts = {"model": model, "composition": composition, "seed": seed, "seconds": round(seconds, 1)}
            figures += rows(vectors, files, visual, facts)
            shown = {r["dataset"]: round(r["score"], 3) for r in figures[-2 * len(files) : -len(files)]}
            print(seed, model, composition, f"{seconds:.0f} s", shown, flush=True)
    settings = {
        "corpus": repr(corpus),
        "lexicon": repr(lexicon),
        "visual_words": len(visual),
        "PIXIE": PIXIE().get_params(),
    }
    print(report.write("similarity", PROTOCOL, settings, figures))


if __name__ == "__main__":
    main()
