"""The images of the standard benchmark, with words and captions, from the folder of data (WORDSIGHT_DATA)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from wordsight.errors import unknown_name
from wordsight.grounding.caption_words import words_of
from wordsight.grounding.captions import ImageCaptions
from wordsight.grounding.emoji import EmojiAnnotation, read_annotations
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.wordnet import WordNet
from wordsight.images.encoders.joined import JOINT, joined_name
from wordsight.images.features import ImageFeatures
from wordsight.storage.hashes import fingerprint
from wordsight.storage.streams import existing
from wordsight.storage.tables import read_table

STANDARD = "standard"
"""Value of a recipe's ``lexicon`` or ``captions`` for the data of this module."""
EMOJI_SOURCES = ("emoji-noto", "emoji-twitter", "emoji-fluent")
PHOTOGRAPHS = ("imagenet", "tiny")
STAMPS = "stamps"

ENCODERS = ("efficientnet-lite0", "efficientnet-lite2")
"""The encoders whose features of the images are there."""
BOTH = joined_name(ENCODERS)
"""Value of a recipe's ``encoder`` for the standard features: those of both, side by side."""

_INDEX = "images/index.csv"
_ANNOTATIONS, _STAMP_CAPTIONS = "labels/emoji_annotations.tsv", "labels/stamp_captions.tsv"


def standard_features(data: Path, encoder: str = BOTH) -> ImageFeatures:
    """The features of the 10,247 images; sources are imagenet, tiny, stamps and each emoji vendor.

    Args:
        data: folder of the data.
        encoder: one of :data:`ENCODERS`, or several joined by a plus: each row of each at unit length, side by side.

    Raises:
        UnknownNameError: another encoder.
    """
    names = encoder.split(JOINT)
    parts = [ImageFeatures.from_npy(data / _matrix(name), data / _INDEX, encoder=name) for name in names]
    return ImageFeatures.join(parts) if len(parts) > 1 else parts[0]


def _matrix(encoder: str) -> str:
    """The file of an encoder's features, in the folder of data."""
    if encoder not in ENCODERS:
        known = [*ENCODERS, BOTH]
        raise unknown_name("encoder of the standard features", encoder, known, hint=f"there are: {', '.join(known)}")
    return f"features/{encoder.replace('-', '_')}.npy"


def concepts(data: Path, *sources: str) -> dict[str, str]:
    """Image → concept (synset, emoji or name of a stamp), for the images of some sources."""
    index = read_table(data / _INDEX)
    rows = zip(index.column("path"), index.column("source"), index.column("concept"), strict=True)
    return {path: concept for path, source, concept in rows if source in sources}


class StampCaption(NamedTuple):
    """The caption of a stamp in one language."""

    image: str
    language: str
    caption: str


def stamp_captions(data: Path, *languages: str) -> list[StampCaption]:
    """The captions of the stamps in some languages, without empty ones."""
    table = read_table(data / _STAMP_CAPTIONS)
    rows = zip(*(table.column(name) for name in ("path", "lang", "caption")), strict=True)
    return [StampCaption(*row) for row in rows if row[1] in languages and row[2].strip()]


def emoji_annotations(data: Path, *languages: str) -> list[EmojiAnnotation]:
    """The names and keywords of the emoji in some languages."""
    return read_annotations(data / _ANNOTATIONS, languages)


def standard_lexicon(data: Path, encoder: str = BOTH) -> VisualLexicon:
    """The visual lexicon of protocol S (word similarity), not restricted to a vocabulary."""
    features = standard_features(data, encoder)
    annotations = emoji_annotations(data, "en")
    return VisualLexicon.concat(
        [
            VisualLexicon.from_emoji(annotations, concepts(data, *EMOJI_SOURCES), features),
            VisualLexicon.from_wordnet(features, concepts(data, *PHOTOGRAPHS), wordnet_dir=data / "nltk_data"),
            VisualLexicon.from_pairs(_stamp_pairs(data), features),
        ]
    )


def _stamp_pairs(data: Path) -> Iterator[tuple[str, str]]:
    """The pairs (word, image) for the nouns of each stamp's English caption.

    A word in lower case is a noun if WordNet has it, or its singular, as a noun, and if it is not a stop word.
    """
    wordnet = WordNet(data / "nltk_data")
    for image, _, caption in stamp_captions(data, "en"):
        yield from ((word, image) for word in dict.fromkeys(words_of(caption)) if wordnet.is_noun(word))


def name_captions(data: Path, encoder: str = BOTH) -> ImageCaptions:
    """The English name of the emoji as the caption of each drawing, and the English captions of the stamps."""
    captions = _drawing_captions(data, {a.emoji: a.name for a in emoji_annotations(data, "en")})
    features = standard_features(data, encoder)
    return ImageCaptions(list(captions.values()), features.rows(list(captions)), features)


def _drawing_captions(data: Path, said: Mapping[str, str]) -> dict[str, str]:
    """Image → caption of its emoji for all drawings, and image → English caption for the stamps."""
    captions = {image: said[emoji] for image, emoji in concepts(data, *EMOJI_SOURCES).items()}
    return captions | {image: caption for image, _, caption in stamp_captions(data, "en")}


def captions_fingerprint(data: Path, settings: Mapping[str, Any]) -> str:
    """A short hash of the files of a recipe's captions and image features."""
    if settings["captions"] == STANDARD:
        names = [_INDEX, _ANNOTATIONS, _STAMP_CAPTIONS, *map(_matrix, settings["encoder"].split(JOINT))]
    else:
        names = [settings["captions"]]
        names += [f"{settings['features']}/config.json"] if "features" in settings else []
    return fingerprint(*(existing(data / name).read_bytes() for name in names))
