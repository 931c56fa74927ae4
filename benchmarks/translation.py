"""Protocol T: translation and naming from pictures alone, ImageVec and its control, three seeds.

    python benchmarks/translation.py [--seeds 0 1 2]

Writes benchmarks/results/imagevec-translation.json. About eight minutes on one idle core.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import report

from wordsight.evaluation.naming import naming
from wordsight.evaluation.result import Result
from wordsight.evaluation.similarity import similarity
from wordsight.evaluation.translation import name_pairs, one_word_names, translation
from wordsight.grounding.captions import ImageCaptions
from wordsight.grounding.emoji import read_annotations
from wordsight.images.features import ImageFeatures
from wordsight.models.imagevec import ImageVec
from wordsight.reproduce.benchmark import EMOJI_SOURCES, concepts, standard_features
from wordsight.tables import read_table

LANGUAGES = ("en", "de", "fr", "es")
PROTOCOL = (
    "T: emoji names and keywords, each a query as often as it stands in the annotations. disjoint: English sees only "
    "noto drawings, de fr es only twitter drawings. shared: all see all three vendors and the stamps. names: emoji's "
    "one-word names, en to the other language; dictionary: MUSE 0-5000; naming: fluent drawings, never trained on in "
    "'disjoint' (only their mean and the principal components know them, without labels). Nearest of all words of the "
    "target language; score is P@1. Images 'random': Gaussian noise instead of features, so that only images that "
    "languages share can join them. Settings were chosen with it pt nl sv in place of de fr es."
)
MODELS: dict[str, dict[str, Any]] = {
    "linear (default)": {},
    "two layers": {"hidden": 1024, "noise": 0.7},
    "two layers, as in the paper": {
        "hidden": 200,
        "dim": 100,
        "relu_output": True,
        "noise": 0.0,
        "image_transform": "centre scale",
    },
}


class Benchmark:
    """The protocol's data."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.annotations = read_annotations(data / "labels/emoji_annotations.tsv", LANGUAGES)
        self.names = {
            language: {a.emoji: a.name for a in self.annotations if a.language == language} for language in LANGUAGES
        }
        self.stamps = read_table(data / "labels/stamp_captions.tsv")

    def features(self, *sources: str) -> ImageFeatures:
        """The features of the images of some sources."""
        whole = standard_features(self.data)
        rows = [row for row, source in enumerate(whole.sources or ()) if source in sources]
        ids, groups = ([values[row] for row in rows] for values in (whole.ids, whole.sources or ()))
        return ImageFeatures(whole.matrix[rows], ids, sources=groups, encoder=whole.encoder)

    def disjoint(self) -> ImageCaptions:
        """No two of the compared languages share a picture."""
        features = self.features(*EMOJI_SOURCES)
        english = [a for a in self.annotations if a.language == "en"]
        others = [a for a in self.annotations if a.language != "en"]
        noto, twitter = (concepts(self.data, f"emoji-{vendor}") for vendor in ("noto", "twitter"))
        parts = ((english, noto), (others, twitter))
        return ImageCaptions.concat([ImageCaptions.from_emoji(*part, features) for part in parts])

    def shared(self) -> ImageCaptions:
        """All languages see all drawings and the stamps."""
        features = self.features(*EMOJI_SOURCES, "stamps")
        columns = zip(*(self.stamps.column(name) for name in ("caption", "path", "lang")), strict=True)
        captions, images, languages = zip(*(row for row in columns if row[2] in LANGUAGES), strict=True)
        stamps = ImageCaptions(captions, features.rows(images), features, languages=languages)
        emoji = ImageCaptions.from_emoji(self.annotations, concepts(self.data, *EMOJI_SOURCES), features)
        return ImageCaptions.concat([emoji, stamps])

    def scores(self, model: ImageVec, features: ImageFeatures) -> Iterator[Result]:
        """All figures of one model."""
        vectors = model.vectors_
        for target in LANGUAGES[1:]:
            pairs = name_pairs(self.names["en"], self.names[target])
            path = self.data / f"dictionaries/en-{target}.0-5000.txt"
            for retrieval in ("nearest", "csls"):
                where = {"source": "en", "target": target, "retrieval": retrieval}
                yield translation(vectors, pairs, **where, name=f"names en-{target}").only
                yield translation(vectors, path, **where, name=f"dictionary en-{target}").only
        drawn = {emoji: image for image, emoji in concepts(self.data, "emoji-fluent").items()}
        images = model.image_vectors(features)
        for language in LANGUAGES:
            named = {e: word for e, word in one_word_names(self.names[language]).items() if e in drawn}
            unseen = images[features.rows([drawn[emoji] for emoji in named])]
            yield naming(vectors, unseen, list(named.values()), language=language, name=f"naming {language}").only
        yield from similarity(vectors, self.rated_pairs())

    def rated_pairs(self) -> list[Path]:
        """Cross-lingual RG-65 (dev) between the languages; the files' words are tagged."""
        folder = self.data / "similarity/crosslingual"
        pairs = (f"{first}+{second}.rg65.dev.txt" for first in LANGUAGES for second in LANGUAGES)
        return [folder / pair for pair in pairs if (folder / pair).is_file()]


def with_random_features(captions: ImageCaptions, seed: int) -> ImageCaptions:
    """The same captions of images that look like nothing."""
    features = captions.features.control("random", seed)
    return ImageCaptions(captions.captions, captions.image_rows, features, languages=captions.languages)


def figures(result: Result) -> dict[str, Any]:
    """A result as a row of the report."""
    fields = result.to_dict()
    details = fields.pop("details")
    low, high = fields.pop("interval")
    kept = {name: details[name] for name in ("retrieval", "precision", "chance", "candidates") if name in details}
    return {**fields, "low": low, "high": high, **kept}


def mean(rows: Sequence[dict[str, Any]], start: str) -> str:
    """The mean score over data sets whose names begin so."""
    scores = [r["score"] for r in rows if r["dataset"].startswith(start) and r.get("retrieval") != "csls"]
    return f"{start} {np.mean(scores):.3f}"


def main() -> None:
    """Runs the whole protocol."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    seeds = parser.parse_args().seeds
    benchmark = Benchmark(report.data_folder())
    default = next(iter(MODELS))
    settings = {"models": {name: ImageVec(**changes).get_params() for name, changes in MODELS.items()}}
    rows: list[dict[str, Any]] = []
    for split, captions in (("disjoint", benchmark.disjoint()), ("shared", benchmark.shared())):
        settings[split] = repr(captions)
        runs = [(name, "real") for name in (MODELS if split == "disjoint" else [default])] + [(default, "random")]
        for (name, images), seed in ((run, seed) for run in runs for seed in seeds):
            data = captions if images == "real" else with_random_features(captions, seed)
            start = time.perf_counter()
            model = ImageVec(**MODELS[name], seed=seed).fit(data)
            seconds = round(time.perf_counter() - start, 1)
            facts = {"split": split, "model": name, "images": images, "seed": seed, "seconds": seconds}
            found = [{**facts, **figures(result)} for result in benchmark.scores(model, data.features)]
            rows += found
            print(*facts.values(), *(mean(found, kind) for kind in ("names", "dictionary", "naming")), flush=True)
    print(report.write("imagevec-translation", PROTOCOL, settings, rows))


if __name__ == "__main__":
    main()
