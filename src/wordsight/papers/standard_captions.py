"""Captions of the standard benchmark's images, and captions that the user brings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from wordsight.grounding.caption_files import conceptual_captions
from wordsight.grounding.captions import ImageCaptions
from wordsight.grounding.emoji import read_annotations
from wordsight.grounding.wordnet import WordNet, caption_of_synset
from wordsight.images.features import ImageFeatures
from wordsight.papers.standard_lexicon import EMOJI_SOURCES, concepts, standard_features
from wordsight.storage.tables import read_table


def standard_captions(data: Path) -> ImageCaptions:
    """One English caption for each of the benchmark's 10,247 images.

    An emoji's is its name and keywords, a stamp's its own, a photograph's the words of its synset and WordNet's gloss.
    """
    features = standard_features(data)
    annotations = read_annotations(data / "labels/emoji_annotations.tsv", ["en"])
    emoji = {a.emoji: f"{a.name} {' '.join(a.keywords)}" for a in annotations}
    wordnet = WordNet(data / "nltk_data")
    synsets = concepts(data, "imagenet", "tiny")
    glosses = {name: caption_of_synset(wordnet.synset(name)) for name in dict.fromkeys(synsets.values())}
    captions = {image: emoji[e] for image, e in concepts(data, *EMOJI_SOURCES).items()}
    captions |= stamp_captions(data)
    captions |= {image: glosses[name] for image, name in synsets.items()}
    return ImageCaptions(list(captions.values()), features.rows(list(captions)), features)


def stamp_captions(data: Path) -> dict[str, str]:
    """Image → its English caption, for the stamps."""
    table = read_table(data / "labels/stamp_captions.tsv")
    rows = zip(*(table.column(name) for name in ("path", "lang", "caption")), strict=True)
    return {image: caption for image, language, caption in rows if language == "en" and caption.strip()}


def captions_of(data: Path, settings: Mapping[str, Any]) -> ImageCaptions:
    """The captions that a recipe's settings name: the standard ones, or Conceptual Captions in the user's folder."""
    if settings["captions"] == "standard":
        return standard_captions(data)
    features = ImageFeatures.load(data / settings["features"])
    return conceptual_captions(data / settings["captions"], data / settings["shards"], features)


def drawn(captions: ImageCaptions, n: int) -> ImageCaptions:
    """``n`` captions drawn without replacement, always the same; all of them for 0 or where there are no more."""
    if not 0 < n < len(captions):
        return captions
    return captions.subset(np.sort(np.random.default_rng(0).choice(len(captions), n, replace=False)))
