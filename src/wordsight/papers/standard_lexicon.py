"""The standard benchmark's data, put together from the folder that WORDSIGHT_DATA points to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from wordsight.grounding.caption_words import words_of
from wordsight.grounding.emoji import read_annotations
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.wordnet import WordNet
from wordsight.images.features import ImageFeatures
from wordsight.storage.tables import read_table

EMOJI_SOURCES = ("emoji-noto", "emoji-twitter", "emoji-fluent")


def standard_features(data: Path) -> ImageFeatures:
    """EfficientNet-Lite0 features of the 10,247 images; sources are imagenet, tiny, stamps and one per emoji vendor."""
    matrix, index = data / "features/efficientnet_lite0.npy", data / "images/index.csv"
    return ImageFeatures.from_npy(matrix, index, encoder="efficientnet-lite0")


def concepts(data: Path, *sources: str) -> dict[str, str]:
    """Image → what it shows (a synset, an emoji or a stamp's name), for the images of these sources."""
    index = read_table(data / "images/index.csv")
    rows = zip(index.column("path"), index.column("source"), index.column("concept"), strict=True)
    return {path: concept for path, source, concept in rows if source in sources}


def standard_lexicon(data: Path, features: ImageFeatures | None = None) -> VisualLexicon:
    """The visual lexicon of protocol S (word similarity); its words are not yet restricted to a vocabulary."""
    features = features or standard_features(data)
    annotations = read_annotations(data / "labels/emoji_annotations.tsv", ["en"])
    return VisualLexicon.concat(
        [
            VisualLexicon.from_emoji(annotations, concepts(data, *EMOJI_SOURCES), features),
            VisualLexicon.from_wordnet(features, concepts(data, "imagenet", "tiny"), wordnet_dir=data / "nltk_data"),
            VisualLexicon.from_pairs(stamp_pairs(data), features),
        ]
    )


def stamp_pairs(data: Path) -> Iterator[tuple[str, str]]:
    """(word, image) for the nouns of each stamp's English caption.

    A word, as written but in lower case, counts as a noun when WordNet knows it, or its singular, as a noun and it
    is not a stop word.
    """
    wordnet = WordNet(data / "nltk_data")
    table = read_table(data / "labels/stamp_captions.tsv")
    for image, language, caption in zip(*(table.column(c) for c in ("path", "lang", "caption")), strict=True):
        if language == "en":
            yield from ((word, image) for word in dict.fromkeys(words_of(caption)) if wordnet.is_noun(word))
