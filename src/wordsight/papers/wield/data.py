"""The captions of WIELD: those of the standard benchmark, or Conceptual Captions in the user's folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from wordsight.grounding.caption_files import conceptual_captions
from wordsight.grounding.captions import ImageCaptions
from wordsight.images.features import ImageFeatures
from wordsight.papers.standard_data import STANDARD, standard_captions


def captions_of(data: Path, settings: Mapping[str, Any]) -> ImageCaptions:
    """The captions that a recipe's settings name."""
    if settings["captions"] == STANDARD:
        return standard_captions(data, settings["encoder"])
    features = ImageFeatures.load(data / settings["features"])
    return conceptual_captions(data / settings["captions"], data / settings["shards"], features)


def drawn(captions: ImageCaptions, n: int) -> ImageCaptions:
    """A fixed random sample of ``n`` captions; all captions if ``n`` is 0 or at least their number."""
    if not 0 < n < len(captions):
        return captions
    return captions.subset(np.sort(np.random.default_rng(0).choice(len(captions), n, replace=False)))
