"""The data of ImageVec and its rivals: emoji in many languages, texts, parallel text, stamps, dictionaries."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from wordsight.datasets.emoji_world import shipped_languages
from wordsight.evaluation.data.dictionaries import read_dictionary
from wordsight.evaluation.data.documents import LabelledDocuments
from wordsight.grounding.captions import ImageCaptions
from wordsight.grounding.emoji import EmojiAnnotation
from wordsight.images.features import ImageFeatures
from wordsight.models.muse import Dictionary
from wordsight.papers.standard_data import (
    EMOJI_SOURCES,
    STAMPS,
    StampCaption,
    captions_fingerprint,
    concepts,
    emoji_annotations,
    stamp_captions,
    standard_features,
)
from wordsight.storage.streams import reading
from wordsight.text.corpus import Corpus
from wordsight.text.languages import join_languages
from wordsight.text.parallel import ParallelText

FEWEST = 10
"""Least number of documents of a label."""


class CrosslingualData:
    """The data of one scale.

    Args:
        folder: folder of the data.
        settings: settings of the recipe.
    """

    def __init__(self, folder: Path, settings: Mapping[str, Any]) -> None:
        self.folder = folder
        self._settings = settings
        self.languages: list[str] = settings["languages"]

    @cached_property
    def fingerprint(self) -> str:
        """A short hash of the files of captions and features."""
        return captions_fingerprint(self.folder, self._settings)

    @cached_property
    def _annotations(self) -> list[EmojiAnnotation]:
        return emoji_annotations(self.folder, *shipped_languages(), *self.languages)

    @functools.cache  # noqa: B019 (the data live as long as the program)
    def names(self, language: str) -> dict[str, str]:
        """Emoji → its name."""
        return {a.emoji: a.name for a in self._annotations if a.language == language}

    @cached_property
    def _features(self) -> ImageFeatures:
        return standard_features(self.folder, self._settings["encoder"])

    def _features_of(self, *sources: str) -> ImageFeatures:
        """The features of the images of some sources."""
        whole = self._features
        rows = [row for row, source in enumerate(whole.sources or ()) if source in sources]
        ids, groups = ([values[row] for row in rows] for values in (whole.ids, whole.sources or ()))
        return ImageFeatures(ids, whole.matrix[rows], sources=groups, encoder=whole.encoder)

    @functools.cache  # noqa: B019
    def captions(self, which: str, images: str, seed: int) -> ImageCaptions:
        """The captions of a run.

        Args:
            which: ``"disjoint"``, ``"all"`` (disjoint, all shipped languages), ``"shared"``, ``"queries"`` (the user's)
                or ``"queries_shared"`` (queries whose image has queries in two languages).
            images: ``"real"``, or ``"random"`` for noise features.
            seed: seed of the noise.
        """
        if which.startswith("queries"):
            features = ImageFeatures.load(self.folder / self._settings["features"])
            captions = ImageCaptions.from_table(self.folder / self._settings["captions"], features)
            return captions.shared() if which == "queries_shared" else captions
        captions = self._shared() if which == "shared" else self._disjoint(all_languages=which == "all")
        if images == "real":
            return captions
        noise = captions.features.control(images, seed)
        return ImageCaptions(captions.captions, captions.image_rows, noise, languages=captions.languages)

    def _disjoint(self, *, all_languages: bool) -> ImageCaptions:
        """Captions for Noto's drawings in the first language, and for Twitter's in the others."""
        features = self._features_of(*EMOJI_SOURCES)
        wanted = shipped_languages() if all_languages else self.languages
        chosen = [a for a in self._annotations if a.language in wanted]
        first = [a for a in chosen if a.language == self.languages[0]]
        others = [a for a in chosen if a.language != self.languages[0]]
        noto, twitter = (concepts(self.folder, f"emoji-{vendor}") for vendor in ("noto", "twitter"))
        parts = ((first, noto), (others, twitter))
        return ImageCaptions.concat([ImageCaptions.from_emoji(*part, features) for part in parts])

    def _shared(self) -> ImageCaptions:
        """Captions for all drawings and stamps in all languages."""
        features = self._features_of(*EMOJI_SOURCES, STAMPS)
        images, languages, captions = zip(*self._stamp_captions(), strict=True)
        stamps = ImageCaptions(captions, features.rows(images), features, languages=languages)
        annotations = [a for a in self._annotations if a.language in self.languages]
        emoji = ImageCaptions.from_emoji(annotations, concepts(self.folder, *EMOJI_SOURCES), features)
        return ImageCaptions.concat([emoji, stamps])

    def _stamp_captions(self) -> list[StampCaption]:
        return stamp_captions(self.folder, *self.languages)

    @cached_property
    def unseen(self) -> dict[str, str]:
        """Emoji → image, for the drawings that no run on disjoint drawings is trained on."""
        return {emoji: image for image, emoji in concepts(self.folder, "emoji-fluent").items()}

    @cached_property
    def corpus(self) -> Corpus:
        """The beginnings of the languages' texts, of equal size."""
        return join_languages([self._text(language) for language in self.languages])

    def _text(self, language: str) -> Corpus:
        name = "en-simplewiki" if language == "en" else language
        with reading(self.folder / f"text/{name}.txt.xz") as stream:
            text = stream.read(self._settings["text_bytes"]).decode(errors="ignore")
        lines = text.split("\n")
        return Corpus.from_documents(lines, min_count=self._settings["min_count"], language=language)

    @cached_property
    def parallel(self) -> ParallelText:
        """Multi30k's training captions."""
        start = self.folder / "parallel"
        paths = {language: start / f"multi30k.train.{language}.txt" for language in self._settings["parallel"]}
        return ParallelText.from_files(paths, min_count=2)

    @cached_property
    def dictionary(self) -> Dictionary:
        """The words 5,000 to 6,500 of MUSE's dictionaries for training; the first 5,000 are for testing."""
        first, *others = self._settings["parallel"]
        return [
            (f"{first}:{word}", f"{other}:{translated}")
            for other in others
            for word, translated in read_dictionary(self.folder / f"dictionaries/{first}-{other}.5000-6500.txt")
        ]

    @cached_property
    def stamps(self) -> LabelledDocuments:
        """Stamp captions, labelled with their kind (animals, food, …); equal English captions are in the same part."""
        kinds = {image: concept.partition("/")[0] for image, concept in concepts(self.folder, STAMPS).items()}
        rows = self._stamp_captions()
        english = {row.image: row.caption for row in rows if row.language == "en"}
        counts = {kind: sum(kinds[image] == kind for image in english) for kind in set(kinds.values())}
        kept = [row for row in rows if row.image in english and counts[kinds[row.image]] >= FEWEST]
        parts = [_part(english[row.image]) for row in kept]
        images, languages, texts = zip(*kept, strict=True)
        return LabelledDocuments(STAMPS, texts, [kinds[image] for image in images], languages, parts)

    def rated(self) -> list[Path]:
        """The files of cross-lingual RG-65 between the languages; their words are tagged."""
        folder = self.folder / "similarity/crosslingual"
        pairs = (f"{first}+{second}.rg65.dev.txt" for first in self.languages for second in self.languages)
        return [folder / pair for pair in pairs if (folder / pair).is_file()]

    def english(self) -> Sequence[Path]:
        """The files of rated pairs of English words."""
        return sorted((self.folder / "similarity/en").glob("*.txt"))


def _part(text: str) -> str:
    """The part of a text, ``"train"`` or ``"test"`` with equal probability, by its hash."""
    return "train" if hashlib.sha1(text.encode()).digest()[0] % 2 else "test"
