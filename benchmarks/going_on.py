"""What going on costs: a model of the first half of the data goes on with the second, beside all data at once.

    python benchmarks/going_on.py [--models sgns pixie imagevec] [--seeds 0 1 2]

Writes benchmarks/results/going_on.json after each seed; some ten minutes a seed on two idle cores.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import numpy as np
import report

from wordsight.datasets.emoji_world import emoji_world
from wordsight.evaluation.data.dictionaries import name_pairs
from wordsight.evaluation.paired import compare
from wordsight.evaluation.tasks.similarity import similarity
from wordsight.evaluation.tasks.translation import translation
from wordsight.grounding.captions import ImageCaptions
from wordsight.models.base import Model
from wordsight.models.imagevec import ImageVec
from wordsight.models.pixie import PIXIE
from wordsight.models.sgns import SGNS
from wordsight.papers.standard_data import standard_lexicon
from wordsight.text.corpus import Corpus
from wordsight.vectors.word_vectors import WordVectors

PROTOCOL = (
    "Texts: Simple English Wikipedia's first 10 million words, cut in two between documents; defaults, one thread; "
    "Spearman's rho on the pairs that all four models cover. Captions: Emoji World, English on Noto's drawings and "
    "it pt nl sv on Twitter's, a random half first; P@1 of translating the English names that all four models have."
)
TOKENS = 10_000_000
SETS = ("EN-MEN-TR-3k", "EN-SIMLEX-999", "EN-WS-353-ALL")
LANGUAGES = ("it", "pt", "nl", "sv")
FIRST, SECOND, CONTINUED, AT_ONCE = "first half", "second half", "first half, then second", "both at once"

Row = dict[str, Any]
Fit = Callable[..., Model]


@cache
def texts() -> dict[str, Corpus]:
    """The halves of the text and the whole, each encoded by itself, as a user would."""
    path = report.data_folder() / "text" / "en-simplewiki.txt.xz"
    whole = Corpus.from_text(path)
    ends = [0, *(int(np.searchsorted(whole.offsets, n)) for n in (TOKENS // 2, TOKENS))]
    words = np.array(whole.vocabulary.words, dtype=object)
    parts = {FIRST: (ends[0], ends[1]), SECOND: (ends[1], ends[2]), AT_ONCE: (ends[0], ends[2])}
    found = {}
    for name, (first, last) in parts.items():
        bounds = zip(whole.offsets[first:last], whole.offsets[first + 1 : last + 1], strict=True)
        found[name] = Corpus.from_documents([" ".join(words[whole.ids[a:b]]) for a, b in bounds])
    return found


def fits(fit: Fit, data: Mapping[str, Any]) -> dict[str, Model]:
    """The model of each half, of one after the other, and of both at once."""
    found = {name: fit(data[name], text=None) for name in (FIRST, SECOND, AT_ONCE)}
    return found | {CONTINUED: fit(data[SECOND], text=found[FIRST])}


def text_rows(cls: Any, seed: int) -> Iterator[Row]:
    """The figures of a text model."""
    images = {"lexicon": standard_lexicon(report.data_folder())} if cls is PIXIE else {}
    models = fits(lambda corpus, text: cls(seed=seed, workers=1).fit(corpus, text=text, **images), texts())
    common = set.intersection(*(set(model.vectors_.words) for model in models.values()))
    spaces = {how: restricted(model.vectors_, common) for how, model in models.items()}
    files = [report.data_folder() / "similarity/en" / f"{name}.txt" for name in SETS]
    for how, space in spaces.items():
        for result in similarity(space, files):
            yield row(how, result.dataset, result.score, result.n, result.interval)
    for one in compare(spaces[CONTINUED], spaces[AT_ONCE], files):
        yield row("difference", one.dataset, one.difference, one.n, one.interval)


def restricted(vectors: WordVectors, words: set[str]) -> WordVectors:
    """The vectors of some words, in the order of the others."""
    kept = [word for word in vectors.words if word in words]
    return WordVectors(kept, vectors[kept])


def caption_rows(seed: int) -> Iterator[Row]:
    """The figures of ImageVec."""
    world = emoji_world(["en", *LANGUAGES])
    captions = ImageCaptions.concat([world.captions(["en"], ["noto"]), world.captions(list(LANGUAGES), ["twitter"])])
    order = np.random.default_rng(seed).permutation(len(captions))
    parts = {FIRST: order[: len(order) // 2], SECOND: order[len(order) // 2 :], AT_ONCE: order}
    data = {name: chosen(captions, np.sort(numbers)) for name, numbers in parts.items()}
    models = fits(lambda captions, text: ImageVec(seed=seed).fit(captions, text=text), data)
    common = set.intersection(*(set(model.vectors_.words) for model in models.values()))
    names = {code: {a.emoji: a.name for a in world.annotations if a.language == code} for code in ("en", *LANGUAGES)}
    for how, model in models.items():
        space = restricted(model.vectors_, common)
        for code in LANGUAGES:
            result = translation(space, name_pairs(names["en"], names[code]), source="en", target=code, name=code).only
            yield row(how, f"names en-{code}", result.score, result.n, result.interval)


def chosen(captions: ImageCaptions, numbers: np.ndarray) -> ImageCaptions:
    """Some of the captions."""
    languages = None if captions.languages is None else [captions.languages[i] for i in numbers]
    texts, rows = [captions.captions[i] for i in numbers], captions.image_rows[numbers]
    return ImageCaptions(texts, rows, captions.features, languages=languages, weights=captions.weights[numbers])


def row(how: str, dataset: str, score: float, n: int, interval: tuple[float, float]) -> Row:
    """A row of the result file."""
    low, high = interval
    return {
        "how": how,
        "dataset": dataset,
        "score": round(score, 4),
        "n": n,
        "low": round(low, 4),
        "high": round(high, 4),
    }


MEASURED: dict[str, Callable[[int], Iterator[Row]]] = {
    "sgns": lambda seed: text_rows(SGNS, seed),
    "pixie": lambda seed: text_rows(PIXIE, seed),
    "imagevec": caption_rows,
}


def main() -> None:
    """Measures some models; the rows of the others stay in the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", choices=MEASURED, default=list(MEASURED))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    asked = parser.parse_args()
    path = report.RESULTS / "going_on.json"
    rows = json.loads(path.read_text())["rows"] if path.exists() else []
    rows = [row for row in rows if row["model"] not in asked.models]
    for seed in asked.seeds:
        for model in asked.models:
            rows += [{"model": model, "seed": seed, **found} for found in MEASURED[model](seed)]
            print(report.write("going_on", PROTOCOL, {"tokens": TOKENS}, rows), model, seed, flush=True)


if __name__ == "__main__":
    main()
