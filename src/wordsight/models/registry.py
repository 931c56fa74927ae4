"""The registry of models: finds a model by its name.

The command line, the documentation's tables and the conformance tests iterate it.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from wordsight.errors import DataError, unknown_name
from wordsight.extras import registered

if TYPE_CHECKING:
    from wordsight.models.base import Model

MODELS = {
    "sgns": "wordsight.models.sgns:SGNS",
    "cbow": "wordsight.models.cbow:CBOW",
    "cnn": "wordsight.models.cnn:CNN",
    "vae": "wordsight.models.visual_vae:VisualVAE",
    "cnnsgns": "wordsight.models.cnn_sgns:CNNSGNS",
    "vaesgns": "wordsight.models.vae_sgns:VAESGNS",
    "vsgns": "wordsight.models.vsgns:VSGNS",
    "ivsgns": "wordsight.models.ivsgns:IVSGNS",
    "pixie": "wordsight.models.pixie:PIXIE",
    "wield": "wordsight.models.wield:WIELD",
    "wieldinput": "wordsight.models.wield_input:WIELDInput",
    "iesg": "wordsight.models.iesg:IESG",
    "l2projection": "wordsight.models.l2_projection:L2Projection",
    "imagevec": "wordsight.models.imagevec:ImageVec",
    "imagevecmultitask": "wordsight.models.imagevec_multitask:ImageVecMultitask",
    "multiskip": "wordsight.models.multiskip:MultiSkip",
    "muse": "wordsight.models.muse:MUSE",
}
"""Registry name → module and class. Listing the models imports neither them nor NumPy."""


def normalised(name: str) -> str:
    """Letters and digits of a name in lower case: ``"V-SGNS"`` → ``"vsgns"``."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def model_class(name: str) -> type[Model]:
    """The class of a model, by its name in any spelling (case, hyphens and spaces do not matter).

    Raises:
        UnknownNameError: no such model; the message suggests near ones.
    """
    location = MODELS.get(normalised(name))
    if location is None:
        raise unknown_name("model", name, MODELS, hint=f"there are: {', '.join(MODELS)}")
    cls: type[Model] = registered(location)
    return cls


def load(directory: str | os.PathLike[str]) -> Model:
    """Restores a fitted model of any class from its directory.

    Raises:
        DataError: the directory is missing, damaged, or holds vectors without a model.
    """
    from wordsight.storage.config import read_config
    from wordsight.vectors.formats import native

    config = read_config(directory, native.KIND, version=native.FORMAT_VERSION)
    if "model" not in config:
        raise DataError(f"{directory} holds vectors without a model; use WordVectors.load")
    return model_class(config["model"]).load(directory)
