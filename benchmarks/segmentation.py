"""Names of Emoji World in scripts without blanks: what dictionaries of words bring.

    python benchmarks/segmentation.py [--seeds 3]

Writes benchmarks/results/segmentation.json; about half a minute a tokenizer and seed on one idle core. Needs the extra
segmentation.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np
import report

from wordsight.cli._emoji_world import training_captions
from wordsight.datasets.emoji_world import N_COMPONENTS, EmojiWorld, emoji_world
from wordsight.models.imagevec import ImageVec
from wordsight.text.tokenize import Tokenizer
from wordsight.vectors.search import top, unit_rows
from wordsight.vectors.word_vectors import WordVectors

PROTOCOL = (
    "ImageVec on Emoji World as in `wordsight demo`: English sees the drawings of one vendor, the other languages "
    "those of another. All 1,577 emoji are asked: the mean of the words of the English name, sought among the means of "
    "the words of all names in the other language. So each tokenizer answers the same questions."
)
LANGUAGES = ("zh", "ja", "th")
SETTINGS: dict[str, Any] = {"dim": N_COMPONENTS, "transform": f"centre pca:{N_COMPONENTS}:0.5 l2 scale", "workers": 1}


def name_vectors(world: EmojiWorld, vectors: WordVectors, language: str, tokenizer: str) -> np.ndarray:
    """The unit mean of the vectors of each emoji's name, float32 [n_emoji, dim]; zeros where no word has one."""
    names = world.names(language)
    splitter = Tokenizer(tokenizer, language)
    means = np.zeros((len(world.categories), vectors.dim), dtype=np.float32)
    for row, emoji in enumerate(world.categories):
        if known := [word for word in splitter.tokens(names.get(emoji, "")) if word in vectors]:
            means[row] = vectors[known].mean(axis=0)
    return unit_rows(means)


def main() -> None:
    """Measures and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    seeds = parser.parse_args().seeds
    world = emoji_world(["en", *LANGUAGES])
    rows: list[dict[str, Any]] = []
    for seed in range(seeds):
        for tokenizer in ("words", "icu"):
            vectors = ImageVec(**SETTINGS, seed=seed).fit(training_captions(world, tokenizer)).vectors_
            asked = name_vectors(world, vectors, "en", tokenizer)
            for language in LANGUAGES:
                cosines = asked @ name_vectors(world, vectors, language, tokenizer).T
                hits = top(cosines, 5) == np.arange(len(cosines))[:, None]
                row = {"tokenizer": tokenizer, "seed": seed, "language": language, "n": len(hits)}
                rows.append(row | {"words": len(vectors.restricted(language))})
                rows[-1] |= {"p1": float(hits[:, 0].mean()), "p5": float(hits.any(axis=1).mean())}
                print(rows[-1])
    print(report.write("segmentation", PROTOCOL, SETTINGS, rows, "icu4py", "regex"))


if __name__ == "__main__":
    main()
