"""How many pictures grounding needs: PIXIE⊕ on 10 MB of text, by words with images and images a word.

    python benchmarks/pictures.py [--seeds 0 1 2]

Writes benchmarks/results/pictures.json and pictures.png after each seed; about four minutes a seed on an idle core.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import report

from wordsight.evaluation.data.rated_pairs import RatedPairs, read_pairs
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.images.features import ImageFeatures
from wordsight.models.base import Model
from wordsight.models.pixie import PIXIE
from wordsight.models.sgns import SGNS
from wordsight.papers.scores import VALUES, scored
from wordsight.papers.standard_data import standard_lexicon
from wordsight.plots.curves import Curve, curves_plot
from wordsight.storage.streams import open_binary
from wordsight.text.corpus import Corpus
from wordsight.text.vocabulary import Vocabulary

PROTOCOL = (
    "The first 10 MB of Simple English Wikipedia; settings of protocol S, one thread. The words with images are random "
    "subsets of the standard lexicon, or all of its words, each with at most so many of its images, drawn at random; "
    "the features hold no other images. Shuffled and random images as controls. Spearman's rho on all pairs. Rare: the "
    "pairs of all sets whose rarer word occurs at most 9 times, ratings as ranks within their set."
)
TEXT_BYTES = 10_000_000
N_WORDS = (10, 100, 1000, 4000)
N_IMAGES = (1, 3, 10)
IMAGES = {"real": None, "shuffled": "shuffled", "random": "random"}
SETS = ("EN-MEN-TR-3k", "EN-SIMLEX-999", "EN-WS-353-ALL", "EN-RG-65")
RARE = 9


def first_bytes(path: Path, folder: Path) -> Path:
    """The whole lines among the first bytes of a text, as a file in a folder."""
    with open_binary(path) as stream:
        text = stream.read(TEXT_BYTES)
    part = folder / "text.txt"
    part.write_bytes(text[: text.rindex(b"\n") + 1])
    return part


def subset(lexicon: VisualLexicon, n_words: int, n_images: int | None, seed: int) -> VisualLexicon:
    """Some words, drawn at random, each with at most so many images, over features of these images alone."""
    random = np.random.default_rng(seed)
    words = sorted(lexicon.words)
    rows = {words[i]: random.permutation(lexicon.images(words[i])) for i in random.permutation(len(words))[:n_words]}
    rows = {word: np.sort(images[:n_images]) for word, images in rows.items()}
    used = np.unique(np.concatenate(list(rows.values())))
    whole = lexicon.features
    sources = whole.sources and [whole.sources[row] for row in used]
    features = ImageFeatures([whole.ids[row] for row in used], whole.matrix[used], sources=sources)
    return VisualLexicon.from_rows({word: np.searchsorted(used, images) for word, images in rows.items()}, features)


def rare_pairs(sets: list[RatedPairs], vocabulary: Vocabulary) -> RatedPairs:
    """The pairs of all sets with a rare word, their ratings as ranks from 0 to 1 within their set."""
    count = dict(zip(vocabulary.words, vocabulary.counts.tolist(), strict=True))
    found: list[tuple[str, str, float]] = []
    for pairs in sets:
        ranks = np.argsort(np.argsort(pairs.ratings)) / len(pairs)
        for first, second, rank in zip(pairs.first, pairs.second, ranks, strict=True):
            if 0 < min(count.get(first, 0), count.get(second, 0)) <= RARE:
                found.append((first, second, float(rank)))
    ratings = np.array([rating for _, _, rating in found])
    return RatedPairs("rare", [pair[0] for pair in found], [pair[1] for pair in found], ratings)


def figures(model: Model, sets: list[RatedPairs], **facts: Any) -> list[dict[str, Any]]:
    """The scores of a fitted model, without bootstrap values."""
    rows = scored(model.vectors_, sets, {"all": None}, **facts)
    return [{k: round(v, 4) if isinstance(v, float) else v for k, v in row.items() if k != VALUES} for row in rows]


def draw(rows: list[dict[str, Any]]) -> Path:
    """A panel for each set: gain over skip-gram by the number of words with images, real images and controls."""
    panels: dict[str, list[Curve]] = {}
    for dataset in dict.fromkeys(row["dataset"] for row in rows):
        of_set = [row for row in rows if row["dataset"] == dataset]
        text = [row for row in of_set if row["images"] == "none"]
        start = np.mean([row["score"] for row in text])
        low, high = (float(np.mean([row[end] for row in text]) - start) for end in ("low", "high"))
        panels[dataset] = []
        for kind in IMAGES:
            found = [row for row in of_set if row["images"] == kind and row["most_images"] is None]
            sizes = sorted({row["words_with_images"] for row in found})
            gains = [np.mean([r["score"] for r in found if r["words_with_images"] == n]) - start for n in sizes]
            panels[dataset].append(Curve(kind, sizes, [float(gain) for gain in gains], faint=kind != "real"))
        panels[dataset].append(Curve("skip-gram's interval", [], [low, high], faint=True))
    return curves_plot(panels, report.RESULTS / "pictures.png", "words with images", "gain over skip-gram")


def main() -> None:
    """Fits and scores all subsets."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    seeds = parser.parse_args().seeds
    data = report.data_folder()
    with tempfile.TemporaryDirectory() as folder:
        corpus = Corpus.from_text(first_bytes(data / "text" / "en-simplewiki.txt.xz", Path(folder)), min_count=5)
        lexicon = standard_lexicon(data).restricted(corpus.vocabulary.words)
        every = [read_pairs(path) for path in sorted((data / "similarity/en").glob("*.txt"))]
        sets = [pairs for pairs in every if pairs.name in SETS] + [rare_pairs(every, corpus.vocabulary)]
        rows: list[dict[str, Any]] = []
        for seed in seeds:
            text = SGNS(seed=seed, workers=1).fit(corpus)
            rows += figures(text, sets, images="none", words_with_images=0, most_images=None, seed=seed)
            sizes = [(n, None) for n in N_WORDS] + [(N_WORDS[-1], n) for n in N_IMAGES]
            for (n_words, n_images), kind in itertools.product(sizes, IMAGES):
                part = subset(lexicon, n_words, n_images, seed)
                model = PIXIE(seed=seed, workers=1, control=IMAGES[kind]).fit(corpus, part)
                facts = {"images": kind, "words_with_images": len(part), "most_images": n_images, "seed": seed}
                facts["median_images"] = float(np.median(np.diff(part.indptr)))
                rows += figures(model, sets, **facts)
                print(facts, [row["score"] for row in rows[-len(sets) :]], flush=True)
            settings = {"corpus": repr(corpus), "lexicon": repr(lexicon)}
            print(report.write("pictures", PROTOCOL, settings, rows), draw(rows))


if __name__ == "__main__":
    main()
