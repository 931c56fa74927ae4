"""How many pictures grounding needs: PIXIE⊕ on 10 MB of text, by words with images and images a word.

    python benchmarks/pictures.py [--seeds 0 1 2]

Writes benchmarks/results/pictures.json and its pictures after each seed; docs/pictures.md is made from them. About six
minutes a seed on an idle core; what is finished lies in benchmarks/results/cells/pictures/ and is not computed again.
"""

from __future__ import annotations

import argparse
import dataclasses
import functools
import itertools
import logging
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import report

from wordsight.evaluation.data.rated_pairs import RatedPairs, read_pairs
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.images.features import ImageFeatures
from wordsight.models.pixie import PIXIE
from wordsight.models.sgns import SGNS
from wordsight.papers import report_rows as show
from wordsight.papers.base import Cell, Row
from wordsight.papers.finished_cells import computed
from wordsight.papers.read_outs import read_out
from wordsight.papers.scores import Means, scored
from wordsight.papers.standard_data import standard_lexicon
from wordsight.plots.curves import Curve, curves_plot
from wordsight.storage.streams import open_binary
from wordsight.text.corpus import Corpus
from wordsight.text.vocabulary import Vocabulary

PROTOCOL = (
    "The first 10 MB of Simple English Wikipedia; default settings, one thread. The words with images are "
    "random subsets of the standard lexicon's words in this text, or all of them, each with at most so many of its "
    "images, drawn at random; the features hold no other images. *Shuffled*: each image has the features of another "
    "one of its source; *random*: noise. Spearman's rho on all pairs whose words the text has; means over seeds; "
    "brackets are 95 % bootstrap intervals (1,000 resamples of the pairs, the same for all models). *Rare words*: the "
    "pairs of all English sets whose rarer word occurs at most 9 times in the text, ratings as ranks within their set."
)
TEXT_BYTES = 10_000_000
N_WORDS = (10, 100, 1000, None)
N_IMAGES = (1, 3, None)
"""Words with images, and most images of a word; None: all."""
IMAGES = {"real": None, "shuffled": "shuffled", "random": "random"}
READ_OUTS = {"PIXIE⊕": {}, "PIXIE⊕ without context vectors": {"context_weight": 0.0}}
TITLES = {"EN-MEN-TR-3k": "MEN", "EN-SIMLEX-999": "SimLex", "EN-WS-353-ALL": "WS-353", "EN-RG-65": "RG-65"}
RARE_WORDS, RARE = "rare words", 9
"""Name of the set of rare words, and how often its rarer words occur at most."""
BY = ("model", "images", "words", "most_images")
"""What identifies a model; its rows differ in their seeds alone."""
SKIP_GRAM = {"model": "skip-gram", "images": None, "words": None, "most_images": None}

Lines = dict[str, dict[str, Any]]
"""Name of a curve → the fields of its rows."""


class Inputs(NamedTuple):
    """What all models learn from and are asked on."""

    corpus: Corpus
    lexicon: VisualLexicon
    sets: Sequence[RatedPairs]


def inputs(data: Path, folder: Path) -> Inputs:
    """The text, the images of its words, and the sets of rated pairs."""
    corpus = Corpus.from_text(first_bytes(data / "text" / "en-simplewiki.txt.xz", folder), min_count=5)
    lexicon = standard_lexicon(data).restricted(corpus.vocabulary.words)
    every = [read_pairs(path) for path in sorted((data / "similarity/en").glob("*.txt"))]
    shown = [dataclasses.replace(pairs, name=TITLES[pairs.name]) for pairs in every if pairs.name in TITLES]
    return Inputs(corpus, lexicon, [*shown, rare_pairs(every, corpus.vocabulary)])


def first_bytes(path: Path, folder: Path) -> Path:
    """The whole lines among the first bytes of a text, as a file in a folder."""
    with open_binary(path) as stream:
        text = stream.read(TEXT_BYTES)
    part = folder / "text.txt"
    part.write_bytes(text[: text.rindex(b"\n") + 1])
    return part


def subset(lexicon: VisualLexicon, n_words: int | None, n_images: int | None, seed: int) -> VisualLexicon:
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
    return RatedPairs(RARE_WORDS, [pair[0] for pair in found], [pair[1] for pair in found], ratings)


def cells(given: Inputs, seed: int) -> Iterator[Cell]:
    """Skip-gram, then PIXIE⊕ with each number of words with images, of images a word, and kind of images."""
    sets = [[pairs.name, len(pairs)] for pairs in given.sets]
    data = {"corpus": given.corpus.fingerprint, "lexicon": given.lexicon.fingerprint, "sets": sets}
    yield Cell({**SKIP_GRAM, "seed": seed, "settings": SGNS.defaults(), **data}, functools.partial(text, given, seed))
    for n_words, n_images, kind in itertools.product(N_WORDS, N_IMAGES, IMAGES):
        facts: dict[str, Any] = {"images": kind, "words": n_words, "most_images": n_images, "seed": seed}
        key = {**facts, "settings": PIXIE.defaults(), "read_outs": READ_OUTS, **data}
        yield Cell(key, functools.partial(grounded, given, **facts))


def text(given: Inputs, seed: int) -> list[Row]:
    """The scores of skip-gram."""
    return scored(
        SGNS(seed=seed, workers=1).fit(given.corpus).vectors_, given.sets, {"all": None}, **SKIP_GRAM, seed=seed
    )


def grounded(given: Inputs, images: str, words: int | None, most_images: int | None, seed: int) -> list[Row]:
    """The scores of PIXIE⊕ with a part of the images, under both read-outs."""
    part = subset(given.lexicon, words, most_images, seed)
    model = PIXIE(seed=seed, workers=1, control=IMAGES[images]).fit(given.corpus, part)
    facts = {"images": images, "words": len(part), "most_images": most_images, "seed": seed}
    rows = []
    for name, settings in READ_OUTS.items():
        rows += scored(read_out(model, settings), given.sets, {"all": None}, model=name, **facts)
    return rows


def figures(rows: Sequence[Row]) -> list[Row]:
    """Means over seeds, gains over skip-gram, and what the real images add to the better of their controls."""
    means = Means(rows, BY)
    found = [means.mean(key) for key in means.groups()]
    for key in means.groups():
        if key["model"] == SKIP_GRAM["model"]:
            continue
        against = {"skip-gram": [{**key, **SKIP_GRAM}]}
        if key["images"] == "real":
            against["controls"] = [{**key, "images": kind} for kind in IMAGES if kind != "real"]
        for name, others in against.items():
            difference = means.difference(key, *others)
            found += [] if difference is None else [{**difference, "against": name}]
    return [{k: round(v, 4) if isinstance(v, float) else v for k, v in row.items()} for row in found]


def numbers_of_images(given: Inputs, seeds: Sequence[int]) -> list[Row]:
    """The mean number of images by words with images and images a word."""
    found = []
    for n_words, n_images in itertools.product(N_WORDS, N_IMAGES):
        parts = [subset(given.lexicon, n_words, n_images, seed) for seed in seeds]
        images = round(float(np.mean([len(part.features) for part in parts])))
        found.append({"words": len(parts[0]), "most_images": n_images, "images": images})
    return found


def draw(rows: Sequence[Row]) -> list[Path]:
    """Gain over skip-gram by the number of words with images: for each kind of images, and for images a word."""
    numbers = {"all images": None, "3 a word": 3, "1 a word": 1}
    parts: dict[str, Lines] = {
        "controls": {kind: {"images": kind, "most_images": None} for kind in IMAGES},
        "a-word": {name: {"images": "real", "most_images": n} for name, n in numbers.items()},
    }
    shown = [dataset for dataset in show.distinct(rows, "dataset") if dataset != "RG-65"]  # 65 pairs: too noisy
    paths = []
    for name, lines in parts.items():
        panels = {dataset: curves(rows, dataset, lines) for dataset in shown}
        path = report.RESULTS / f"pictures-{name}.png"
        paths.append(curves_plot(panels, path, "words with images", "gain over skip-gram, rho"))
    return paths


def curves(rows: Sequence[Row], dataset: str, lines: Lines) -> list[Curve]:
    """The curves of a set, the first one in front, and skip-gram's interval around its mean."""
    (text,) = show.select(rows, kind="mean", model=SKIP_GRAM["model"], dataset=dataset)
    found: list[Curve] = []
    for name, wanted in lines.items():
        gains = show.select(rows, kind="difference", against="skip-gram", model="PIXIE⊕", dataset=dataset, **wanted)
        gains.sort(key=lambda row: int(row["words"]))
        x, y = [row["words"] for row in gains], [row["difference"] for row in gains]
        found.append(Curve(name, x, y, faint=bool(found)))
    band = [text[end] - text["score"] for end in ("low", "high")]
    return [*found, Curve("skip-gram's interval", [], band, faint=True)]


def main() -> None:
    """Fits and scores all subsets, and writes the figures of the whole seeds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    seeds = parser.parse_args().seeds
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    with tempfile.TemporaryDirectory() as folder:
        given = inputs(report.data_folder(), Path(folder))
        settings = {"corpus": repr(given.corpus), "lexicon": repr(given.lexicon)}
        rows: list[Row] = []
        for n, seed in enumerate(seeds, start=1):
            rows += computed(cells(given, seed), report.RESULTS / "cells" / "pictures")
            found = figures(rows)
            facts = {**settings, "seeds": seeds[:n], "numbers": numbers_of_images(given, seeds[:n])}
            path = report.write("pictures", PROTOCOL, facts, found)
            logging.info("%s, %s", path, draw(found))


if __name__ == "__main__":
    main()
