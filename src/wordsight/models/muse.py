"""MUSE: the vectors of several languages brought into one space, by a dictionary or by nothing.

Conneau, Lample, Ranzato, Denoyer, Jégou: Word Translation Without Parallel Data. ICLR 2018.

============================== ===================================================================
paper                          here
============================== ===================================================================
X, Y (source, target)          a language's vectors, those of the first language
W, orthogonal                  ``mappings_``, one for each language but the first
Procrustes (equation 2)        :func:`~wordsight.modules.procrustes.procrustes`
discriminator, losses (3), (4) :mod:`wordsight.models._muse_adversary`
refinement (section 2.2)       ``refinements`` rounds of mutual neighbours and Procrustes
CSLS (section 2.3)             :mod:`wordsight.vectors.csls`
criterion (section 3.5)        ``criteria_``; of all mappings met, the best is kept
============================== ===================================================================
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np

from wordsight.devices import device, threads
from wordsight.errors import DataError, ParameterError
from wordsight.models._muse_adversary import AdversarySettings, adversarial_start
from wordsight.models.base import Model
from wordsight.modules.procrustes import procrustes
from wordsight.vectors.csls import mutual
from wordsight.vectors.search import unit_rows
from wordsight.vectors.word_vectors import WordVectors

Dictionary = Sequence[tuple[str, str]]
"""Pairs of tagged words, one of the first language and one of another, in either order."""


class MUSE(Model):
    """One space of several languages' vectors, each rotated onto the first's: by a dictionary, or without any.

    Without a dictionary an adversary starts it: a rotation after which a discriminator cannot tell the languages apart.
    Then words that are each other's nearest make a dictionary, which makes a better rotation, and so on; the best by a
    measure that needs no dictionary is kept. Vectors are centred and scaled to unit length first.

    Args:
        refinements: rounds of mutual neighbours and Procrustes.
        frequent: how many of each language's first words (the most frequent) take part in learning the rotation.
        epochs: of the adversarial start.
        steps: mapping updates an epoch.
        discriminator_steps: of the discriminator for each of the mapping.
        hidden: units in each of the discriminator's two layers (2,048 in the paper).
        batch_size: words of each language a step.
        learning_rate: of both, by gradient descent; it falls by 5 % an epoch.
        smoothing: by which the labels are softened.
        orthogonality: β of equation 7, which keeps the mapping near to a rotation.
        seed: of the words drawn and the discriminator.
        device: ``"cpu"``, ``"cuda"``, or ``"auto"``: CUDA where there is one.
        workers: threads; None: as many as torch chooses.

    Attributes:
        mappings_: for each language but the first, in order, float32 [dim, dim]: ``x @ mapping`` is in the space.
        criteria_: for each of these the mean CSLS of the words' nearest words in the first language, the measure.
    """

    name = "muse"
    title = "MUSE"
    citation = "Conneau, Lample, Ranzato, Denoyer, Jégou: Word Translation Without Parallel Data. ICLR 2018."
    inputs = ("spaces",)
    mappings_: list[np.ndarray]
    criteria_: list[float]

    def __init__(
        self,
        refinements: int = 5,
        frequent: int = 5000,
        epochs: int = 5,
        steps: int = 1000,
        discriminator_steps: int = 5,
        hidden: int = 512,
        batch_size: int = 32,
        learning_rate: float = 0.1,
        smoothing: float = 0.2,
        orthogonality: float = 0.01,
        seed: int = 0,
        device: str = "auto",
        workers: int | None = 1,
    ) -> None:
        self.refinements = refinements
        self.frequent = frequent
        self.epochs = epochs
        self.steps = steps
        self.discriminator_steps = discriminator_steps
        self.hidden = hidden
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.smoothing = smoothing
        self.orthogonality = orthogonality
        self.seed = seed
        self.device = device
        self.workers = workers

    def fit(self, spaces: Sequence[WordVectors], dictionary: Dictionary | None = None) -> Self:
        """Learns a rotation for each space but the first.

        Args:
            spaces: one a language, words tagged with it, the most frequent first; all of one dim.
            dictionary: known translations; None: none are known.

        Raises:
            ParameterError: a hyperparameter makes no sense, or there are fewer than two spaces.
            DataError: the spaces do not fit together, or the dictionary has no pair of a language.
        """
        self._check(spaces)
        pivot, *others = spaces
        target, *sources = map(_centred, spaces)
        self.mappings_, self.criteria_, self.history_, self.interrupted_ = [], [], [], False
        with threads(self.workers):
            for space, source in zip(others, sources, strict=True):
                known = None if dictionary is None else known_pairs(pivot, space, dictionary)
                mapping, criterion = self._mapping(target, source, known, space.languages[0])
                self.mappings_.append(mapping)
                self.criteria_.append(criterion)
        rotated = [source @ mapping for source, mapping in zip(sources, self.mappings_, strict=True)]
        self.vectors_ = WordVectors([word for space in spaces for word in space.words], np.vstack([target, *rotated]))
        return self

    def _check(self, spaces: Sequence[WordVectors]) -> None:
        if len(spaces) < 2:
            raise ParameterError(f"MUSE needs the vectors of at least two languages, not {len(spaces)}")
        for name in ("frequent", "epochs", "steps", "discriminator_steps", "hidden", "batch_size"):
            if getattr(self, name) < 1:
                raise ParameterError(f"{name} is {getattr(self, name)}; it must be at least 1")
        if not self.learning_rate > 0:
            raise ParameterError(f"learning_rate is {self.learning_rate}; it must be positive")
        if not 0 <= self.smoothing < 0.5 or self.refinements < 0 or not 0 <= self.orthogonality < 1:
            raise ParameterError("smoothing must be in 0 … 0.5, orthogonality in 0 … 1, refinements not negative")
        device(self.device)
        tags = [space.languages for space in spaces]
        if any(len(tag) != 1 for tag in tags) or len({tag[0] for tag in tags}) < len(tags):
            raise DataError(f"each space needs words of one language of its own, tagged as in 'en:cat', not {tags}")
        if len({space.dim for space in spaces}) > 1:
            raise DataError(f"the spaces are of dims {[space.dim for space in spaces]}; they must be the same")

    def _mapping(
        self, target: np.ndarray, source: np.ndarray, known: np.ndarray | None, language: str
    ) -> tuple[np.ndarray, float]:
        """The best rotation met, and its criterion; ``known`` are rows [n, 2] of target and source."""
        few_targets, few_sources = target[: self.frequent], source[: self.frequent]
        if known is not None:
            mapping = procrustes(source[known[:, 1]], target[known[:, 0]])
        else:
            settings = AdversarySettings(**{name: getattr(self, name) for name in AdversarySettings._fields})
            mapping, training = adversarial_start(settings, few_targets, few_sources, f"{self.title} {language}")
            self.history_ += training.history
            self.interrupted_ = self.interrupted_ or training.interrupted
        best, criterion = mapping, -np.inf
        for round_ in range(self.refinements + 1):
            pairs, found = mutual((few_sources @ mapping).astype(np.float32), few_targets)
            # A dictionary that people made is believed; what was guessed must prove itself.
            if found > criterion or (known is not None and round_ <= 1):
                best, criterion = mapping, found
            if len(pairs) == 0:
                break
            mapping = procrustes(few_sources[pairs[:, 0]], few_targets[pairs[:, 1]])
        return best, criterion

    def _tensors(self) -> dict[str, np.ndarray]:
        return {"mappings": np.stack(self.mappings_), "criteria": np.array(self.criteria_)}

    def _restore(self, tensors: Mapping[str, np.ndarray]) -> None:
        self.mappings_ = list(np.array(tensors["mappings"]))
        self.criteria_ = tensors["criteria"].tolist()


def _centred(space: WordVectors) -> np.ndarray:
    """Unit rows less their mean, made unit rows again."""
    return unit_rows(space.unit - space.unit.mean(axis=0, dtype=np.float64).astype(np.float32))


def known_pairs(pivot: WordVectors, space: WordVectors, dictionary: Dictionary) -> np.ndarray:
    """Rows of the pivot's and the space's words of each pair that both have, int64 [n, 2].

    Raises:
        DataError: there is no such pair.
    """
    start = f"{pivot.languages[0]}:"
    ordered = [pair if pair[0].startswith(start) else pair[::-1] for pair in dictionary]
    rows = np.stack([pivot.rows(first for first, _ in ordered), space.rows(second for _, second in ordered)], axis=1)
    rows = rows[(rows >= 0).all(axis=1)]
    if not len(rows):
        raise DataError(f"the dictionary has no pair of words that {start[:-1]} and {space.languages[0]} both know")
    return rows
