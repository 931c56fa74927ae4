"""MUSE: rotates the vectors of several languages into one space, with or without a dictionary.

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
criterion (section 3.5)        ``criteria_``; the mapping with the best one is kept
============================== ===================================================================
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np

from wordsight.devices import threads
from wordsight.errors import DataError, ParameterError
from wordsight.models._muse_adversary import AdversarySettings, adversarial_start
from wordsight.models._shared_parameters import NetworkModel
from wordsight.models.parameters import MOST_ROUNDS, hyperparameters, learned, parameter
from wordsight.modules.procrustes import procrustes
from wordsight.vectors.csls import mutual
from wordsight.vectors.search import unit_rows
from wordsight.vectors.word_vectors import WordVectors

Dictionary = Sequence[tuple[str, str]]
"""Pairs of tagged words: one of the first language and one of another, in either order."""


@hyperparameters
class MUSE(NetworkModel):
    """Vectors of several languages, each rotated into the space of the first, with or without a dictionary.

    Vectors are centred and scaled to unit length. The first rotation comes from the dictionary, or, without one, from
    adversarial training: a discriminator must not be able to tell the languages apart. Each round of refinement takes
    the mutual nearest neighbours as a new dictionary. The rotation with the best criterion, which needs no dictionary,
    is kept.

    Attributes:
        mappings_: for each language but the first, in order, float32 [dim, dim]; ``x @ mapping`` is in the space.
        criteria_: for each mapping the criterion: mean CSLS between the words and their nearest words in the first
            language.
    """

    name = "muse"
    title = "MUSE"
    citation = "Conneau, Lample, Ranzato, Denoyer, Jégou: Word Translation Without Parallel Data. ICLR 2018."
    inputs = ("spaces",)

    refinements: int = parameter(5, "rounds of mutual neighbours and Procrustes", at_least=0, at_most=MOST_ROUNDS)
    frequent: int = parameter(
        5000, "most frequent words of each language that the rotation is learned from", at_least=1
    )
    epochs: int = parameter(5, "epochs of the adversarial start", at_least=1, at_most=MOST_ROUNDS)
    steps: int = parameter(1000, "steps of the mapping in an epoch", at_least=1, at_most=MOST_ROUNDS)
    discriminator_steps: int = parameter(
        5, "steps of the discriminator for each of the mapping", at_least=1, at_most=MOST_ROUNDS
    )
    hidden: int = parameter(512, "units in each of the discriminator's two layers; 2,048 in the paper", at_least=1)
    batch_size: int = parameter(32, "words of each language in each step", at_least=1)
    learning_rate: float = parameter(
        0.1, "initial learning rate of mapping and discriminator; it falls by 5 % in each epoch", above=0
    )
    smoothing: float = parameter(
        0.2, "label smoothing of the discriminator: its labels are this and 1 minus this", at_least=0, below=0.5
    )
    orthogonality: float = parameter(
        0.01, "β of equation 7, which keeps the mapping close to a rotation", at_least=0, below=1
    )

    mappings_: list[np.ndarray] = learned()
    criteria_: list[float] = learned()

    def fit(self, spaces: Sequence[WordVectors], dictionary: Dictionary | None = None) -> Self:
        """Learns a rotation for each space but the first.

        Args:
            spaces: the vectors of each language, words tagged with it, most frequent words first; all of one dim.
            dictionary: known translations; None: adversarial start.

        Raises:
            ParameterError: a hyperparameter makes no sense, or there are fewer than two spaces.
            DataError: the spaces' languages or dims do not fit together, or the dictionary has no pair for a language.
        """
        self._begin()
        _check(spaces)
        pivot, *others = spaces
        target, *sources = map(_centred, spaces)
        self.mappings_, self.criteria_, self.history_ = [], [], []
        with threads(self.workers):
            for space, source in zip(others, sources, strict=True):
                known = None if dictionary is None else known_pairs(pivot, space, dictionary)
                mapping, criterion = self._mapping(target, source, known, space.languages[0])
                self.mappings_.append(mapping)
                self.criteria_.append(criterion)
        rotated = [source @ mapping for source, mapping in zip(sources, self.mappings_, strict=True)]
        self.vectors_ = WordVectors([word for space in spaces for word in space.words], np.vstack([target, *rotated]))
        return self

    def _mapping(
        self, target: np.ndarray, source: np.ndarray, known: np.ndarray | None, language: str
    ) -> tuple[np.ndarray, float]:
        """The rotation with the best criterion, and this; ``known`` has rows of target and source, int64 [n, 2]."""
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
            # The rotations from a given dictionary and from its first refinement count, whatever their criterion is.
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


def _check(spaces: Sequence[WordVectors]) -> None:
    """Checks that the spaces are of several languages and of one dim."""
    if len(spaces) < 2:
        raise ParameterError(f"MUSE needs the vectors of at least two languages, not {len(spaces)}")
    tags = [space.languages for space in spaces]
    if any(len(tag) != 1 for tag in tags) or len({tag[0] for tag in tags}) < len(tags):
        raise DataError(
            f"the spaces have languages {tags}; each needs one language of its own, its words tagged as in 'en:cat'"
        )
    if len({space.dim for space in spaces}) > 1:
        raise DataError(f"the spaces have dims {[space.dim for space in spaces]}; they must be the same")


def _centred(space: WordVectors) -> np.ndarray:
    """Unit rows, centred and scaled to unit length again."""
    return unit_rows(space.unit - space.unit.mean(axis=0, dtype=np.float64).astype(np.float32))


def known_pairs(pivot: WordVectors, space: WordVectors, dictionary: Dictionary) -> np.ndarray:
    """Rows in the pivot and in the space of each dictionary pair that both have, int64 [n, 2].

    Raises:
        DataError: there is no such pair.
    """
    start = f"{pivot.languages[0]}:"
    ordered = [pair if pair[0].startswith(start) else pair[::-1] for pair in dictionary]
    rows = np.stack([pivot.rows(first for first, _ in ordered), space.rows(second for _, second in ordered)], axis=1)
    rows = rows[(rows >= 0).all(axis=1)]
    if not len(rows):
        raise DataError(
            f"the dictionary has no pair of a word of {start[:-1]} and one of {space.languages[0]} that have vectors; "
            "add some, or leave the dictionary out"
        )
    return rows
