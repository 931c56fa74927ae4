"""Saving what a verb has trained, with care for what is there already."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wordsight.models.base import Model

log = logging.getLogger(__name__)


def save_model(model: Model, output: Path, data: Mapping[str, Any]) -> Path:
    """Saves a model; one that was stopped early never replaces a finished one but goes into the unfinished folder.

    Args:
        model: a fitted one.
        output: where to.
        data: what it was trained on, for ``config.json``.

    Returns:
        Where it is.

    Raises:
        WriteError: it cannot be written.
    """
    from wordsight.storage.outputs import is_finished, unfinished_folder
    from wordsight.storage.unfinished import interrupted_model

    place = output
    if model.interrupted_ and is_finished(output):
        place = interrupted_model(unfinished_folder(output))
        log.warning("%s stays as it was; what was learned until it was stopped is in %s", output, place)
    model.save(place, data=data)
    return place
