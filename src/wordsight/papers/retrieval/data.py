"""The data of image and caption retrieval: text, lexicon, and captions in parts that share no concept."""

from __future__ import annotations

import functools
from functools import cached_property
from typing import NamedTuple

import numpy as np

from wordsight.grounding.caption_files import karpathy_features
from wordsight.grounding.caption_splits import CaptionSplits
from wordsight.grounding.caption_words import words_of
from wordsight.grounding.captions import ImageCaptions
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.lexicon_subsets import with_images
from wordsight.grounding.parts import part_of_concepts
from wordsight.papers.standard_data import EMOJI_SOURCES, STANDARD, captions_fingerprint, name_captions
from wordsight.papers.word_data import WordData
from wordsight.storage.hashes import fingerprint
from wordsight.storage.streams import existing

TEST_VENDOR = "emoji-fluent"
"""The vendor whose drawings are for testing alone; the others' are for training and validation alone."""


class Parts(NamedTuple):
    """The captions of one seed.

    Attributes:
        splits: training, validation and test.
        concepts: row of the features → concept of the image, for images with captions.
    """

    splits: CaptionSplits
    concepts: dict[int, str]


class RetrievalData(WordData):
    """The data of one scale, see :class:`~wordsight.papers.word_data.WordData`."""

    @cached_property
    def fingerprint(self) -> str:
        """A short hash of the text, the captions and the images."""
        return fingerprint(super().fingerprint, captions_fingerprint(self.folder, self.settings))

    @functools.lru_cache(1)  # noqa: B019 (the data live as long as the program)
    def parts(self, seed: int) -> Parts:
        """Emoji names and stamps, split by concept; or the parts of Karpathy's file, the same for all seeds."""
        if self.settings["captions"] == STANDARD:
            return self._by_concept(self._captions, seed)
        path = existing(self.folder / self.settings["captions"])
        features = karpathy_features(existing(self.folder / self.settings["image_features"]), path)
        splits = CaptionSplits.from_karpathy(path, features)
        return Parts(splits, dict(enumerate(features.ids)))

    @cached_property
    def _captions(self) -> ImageCaptions:
        return name_captions(self.folder, self.settings["encoder"])

    def _by_concept(self, captions: ImageCaptions, seed: int) -> Parts:
        shown = [concept_of(caption) for caption in captions.captions]
        shares = {"test": self.settings["test_share"], "validation": self.settings["validation_share"]}
        part_of = part_of_concepts(shown, seed=seed, **shares)
        sources = captions.features.sources or []
        parts: list[str | None] = []
        for concept, row in zip(shown, captions.image_rows, strict=True):
            part = part_of[concept]
            drawing = sources[row] in EMOJI_SOURCES
            parts.append(None if drawing and (sources[row] == TEST_VENDOR) != (part == "test") else part)
        shown_by_image = dict(zip(captions.image_rows.tolist(), shown, strict=True))
        return Parts(CaptionSplits.from_parts(captions, parts), shown_by_image)

    def seen(self, images: str, seed: int) -> VisualLexicon:
        """The lexicon that grounded models learn from.

        Args:
            images: ``"training"``: all except captioned images outside the training part; ``"all"``: all.
            seed: seed of the parts.
        """
        if images == "all" or self.settings["captions"] != STANDARD:
            return self.lexicon
        chosen = np.ones(len(self.lexicon.features), dtype=bool)
        chosen[self._captions.image_rows] = False
        chosen[self.parts(seed).splits.training.image_rows] = True
        return with_images(self.lexicon, chosen)


def concept_of(caption: str) -> str:
    """The concept of a caption: its sorted content words."""
    return " ".join(sorted(set(words_of(caption)))) or caption
