"""The captions of WIELD: many for the standard benchmark's images, or Conceptual Captions in the user's folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from wordsight.grounding.caption_files import conceptual_captions
from wordsight.grounding.captions import ImageCaptions
from wordsight.grounding.parts import part_of
from wordsight.images.features import ImageFeatures
from wordsight.papers.standard_data import STANDARD, captions_fingerprint
from wordsight.papers.wield.made_captions import GROUPS, made_captions
from wordsight.storage.hashes import fingerprint
from wordsight.storage.streams import existing


def captions_of(data: Path, settings: Mapping[str, Any]) -> tuple[ImageCaptions, ImageCaptions]:
    """The captions that a recipe's settings name: those to learn from, and those held out.

    One sixteenth of what the images show is held out (:func:`~wordsight.grounding.parts.part_of`): of the concepts in
    the standard benchmark, of the images in Conceptual Captions.
    """
    if settings["captions"] == STANDARD:
        captions, concepts = made_captions(data, settings["encoder"])
    else:
        features = ImageFeatures.load(data / settings["features"])
        captions = conceptual_captions(data / settings["captions"], data / settings["shards"], features)
        concepts = [features.ids[row] for row in captions.image_rows]
    held_out = np.array([part_of(concept) == "validation" for concept in concepts])
    return captions.subset(~held_out), captions.subset(held_out)


def fingerprint_of(data: Path, settings: Mapping[str, Any]) -> str:
    """A short hash of the files of a recipe's captions and image features."""
    files = captions_fingerprint(data, settings)
    groups = existing(data / GROUPS).read_bytes() if settings["captions"] == STANDARD else b""
    return fingerprint(files, groups)


def drawn(captions: ImageCaptions, n: int) -> ImageCaptions:
    """A fixed random sample of ``n`` captions; all captions if ``n`` is 0 or at least their number."""
    if not 0 < n < len(captions):
        return captions
    return captions.subset(np.sort(np.random.default_rng(0).choice(len(captions), n, replace=False)))
