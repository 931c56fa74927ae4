"""How the network of the retrieval task is trained."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from wordsight.errors import ParameterError, unknown_name

NEGATIVES = ("all", "hardest")


@dataclass(frozen=True)
class RetrievalSettings:
    """How the network is trained; the defaults are the paper's, as far as it tells.

    Attributes:
        hidden: length of the sentence and image vectors.
        margin: margin of the triplet loss, as cosine.
        negatives: which negatives of a batch count: ``"all"`` (Kiros et al. 2014) or ``"hardest"`` (VSE++).
        epochs: passes over the training captions, at most.
        learning_rate: Adam's learning rate at first.
        decay_every: epochs after each of which the learning rate is divided by 10.
        batch_size: captions a step.
        patience: epochs without better recall on validation after which training ends.
        word_norm: mean length that the frozen vectors are scaled to, all by the same number, since models and formats
            differ in it by chance and a GRU learns little from short ones; None leaves them as they are.
        transform: chain of transforms of the image features, fitted on all images of the features.
        seed: seed of the initial weights and of the order of the captions.
        device: ``"cpu"``, ``"cuda"`` or ``"auto"``.
        workers: threads; None for one a core.
    """

    hidden: int = 1024
    margin: float = 0.2
    negatives: str = "all"
    epochs: int = 30
    learning_rate: float = 2e-4
    decay_every: int = 15
    batch_size: int = 128
    patience: int = 10
    word_norm: float | None = 10.0
    transform: str = "centre l2"
    seed: int = 0
    device: str = "auto"
    workers: int | None = None

    def __post_init__(self) -> None:
        for name in ("hidden", "epochs", "decay_every", "batch_size", "patience"):
            value = getattr(self, name)
            if not isinstance(value, int) or value < 1:
                raise ParameterError(f"{name} is {value!r}; it must be a whole number, at least 1")
        for name in ("margin", "learning_rate"):
            value = getattr(self, name)
            if not isinstance(value, int | float) or not 0 < value < math.inf:
                raise ParameterError(f"{name} is {value!r}; it must be a positive number")
        if self.negatives not in NEGATIVES:
            hint = f"there are: {', '.join(NEGATIVES)}"
            raise unknown_name("kind of negatives", self.negatives, NEGATIVES, hint=hint)


def read_settings(settings: RetrievalSettings | Mapping[str, Any] | None) -> RetrievalSettings:
    """Settings from what a user gives: such settings, some of them by name, or None for the paper's.

    Raises:
        UnknownNameError: there is no such setting; the message suggests near ones.
        ParameterError: a value makes no sense.
    """
    if isinstance(settings, RetrievalSettings):
        return settings
    known = {field.name: field.type for field in fields(RetrievalSettings)}
    for name in settings or ():
        if name not in known:
            raise unknown_name("setting of retrieval", name, known, hint=f"there are: {', '.join(known)}")
    return RetrievalSettings(**(settings or {}))
