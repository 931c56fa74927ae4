"""Many captions for the images of the standard benchmark: names, keywords, glosses, examples, and what is above."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from wordsight.grounding.captions import ImageCaptions
from wordsight.grounding.emoji import EmojiAnnotation
from wordsight.grounding.wordnet import WordNet, caption_of_synset, hypernyms
from wordsight.papers.standard_data import (
    EMOJI_SOURCES,
    PHOTOGRAPHS,
    concepts,
    emoji_annotations,
    stamp_captions,
    standard_features,
)
from wordsight.storage.streams import existing
from wordsight.storage.tables import read_table

GROUPS = "labels/emoji_categories.tsv"
KEYWORDS = 2
"""How many keywords of an emoji stand in one caption, behind its name."""
LEVELS = 4
"""How many levels of WordNet above a photograph's synset have a caption."""


class MadeCaption(NamedTuple):
    """A caption of an image."""

    image: str
    concept: str
    """What the image shows: a synset, an emoji, or the stamp itself."""
    caption: str


def made_captions(data: Path, encoder: str) -> tuple[ImageCaptions, list[str]]:
    """All captions, and the concept of each: captions of one concept are alike, also those of different images."""
    made = [*_emoji(data), *_photographs(data), *_stamps(data)]
    features = standard_features(data, encoder)
    captions = ImageCaptions([one.caption for one in made], features.rows([one.image for one in made]), features)
    return captions, [one.concept for one in made]


def _emoji(data: Path) -> Iterator[MadeCaption]:
    """For each drawing: the name with the emoji's group, and the name with the keywords, a few at a time.

    Keywords are in a random order of its own for each drawing, so that the three drawings of an emoji group them
    differently.
    """
    said = {one.emoji: one for one in emoji_annotations(data, "en")}
    table = read_table(existing(data / GROUPS))
    group = dict(zip(table.column("emoji"), table.column("subcategory"), strict=True))
    random = np.random.default_rng(0)
    for image, emoji in concepts(data, *EMOJI_SOURCES).items():
        yield MadeCaption(image, emoji, f"{said[emoji].name}: {group[emoji].replace('-', ' ')}")
        for caption in _with_keywords(said[emoji], random):
            yield MadeCaption(image, emoji, caption)


def _with_keywords(about: EmojiAnnotation, random: np.random.Generator) -> Iterator[str]:
    """The name alone, where it has several words, and the name with each few of the keywords that it does not have."""
    if " " in about.name:
        yield about.name
    words = about.name.lower().split()
    others = [keyword for keyword in about.keywords if keyword.lower() not in (*words, about.name.lower())]
    order = random.permutation(len(others))
    for start in range(0, len(others), KEYWORDS):
        yield " ".join([about.name, *(others[i] for i in order[start : start + KEYWORDS])])


def _photographs(data: Path) -> Iterator[MadeCaption]:
    """For each photograph all captions of its synset."""
    wordnet = WordNet(data / "nltk_data")
    synsets = concepts(data, *PHOTOGRAPHS)
    captions = {name: list(_of_synset(wordnet.synset(name))) for name in dict.fromkeys(synsets.values())}
    for image, name in synsets.items():
        for caption in captions[name]:
            yield MadeCaption(image, name, caption)


def _of_synset(synset: Any) -> Iterator[str]:
    """Words and gloss, examples, and for each of the levels above the synset's name with its words and gloss."""
    name = synset.lemma_names()[0].replace("_", " ")
    yield caption_of_synset(synset)
    yield from synset.examples()
    for _ in range(LEVELS):
        above = hypernyms(synset)
        if not above:
            return
        synset = above[0]
        yield f"{name}, {caption_of_synset(synset)}"


def _stamps(data: Path) -> Iterator[MadeCaption]:
    """For each stamp its English caption."""
    for image, _, caption in stamp_captions(data, "en"):
        yield MadeCaption(image, image, caption)
