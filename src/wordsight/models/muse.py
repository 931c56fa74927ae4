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
"""Pairs of tagged words, one of the first language and one of another, in either order."""


@hyperparameters
class MUSE(NetworkModel):
    """One space of several languages' vectors, each rotated onto the first's: by a dictionary, or without any.

    Without a dictionary an adversary starts it: a rotation after which a discriminator cannot tell the languages apart.
    Then words that are each other's nearest make a dictionary, which makes a better rotation, and so on; the best by a
    measure that needs no dictionary is kept. Vectors are centred and scaled to unit length first.

    Attributes:
        mappings_: for each language but the first, in order, float32 [dim, dim]: ``x @ mapping`` is in the space.
        criteria_: for each of these the mean CSLS of the words' nearest words in the first language, the measure.
    """

    name = "muse"
    title = "MUSE"
    citation = "Conneau, Lample, Ranzato, Denoyer, Jégou: Word Translation Without Parallel Data. ICLR 2018."
    inputs = ("spaces",)

    refinements: int = parameter(5, "rounds of mutual neighbours and Procrustes", at_least=0, at_most=MOST_ROUNDS)
    frequent: int = parameter(
        5000, "each language's first words, the most frequent, that take part in learning the rotation", at_least=1
    )
    epochs: int = parameter(5, "epochs of the adversarial start", at_least=1, at_most=MOST_ROUNDS)
    steps: int = parameter(1000, "steps of the mapping in an epoch", at_least=1, at_most=MOST_ROUNDS)
    discriminator_steps: int = parameter(
        5, "steps of the discriminator for each of the mapping", at_least=1, at_most=MOST_ROUNDS
    )
    hidden: int = parameter(512, "units in each of the discriminator's two layers; 2,048 in the paper", at_least=1)
    batch_size: int = parameter(32, "words of each language a step", at_least=1)
    learning_rate: float = parameter(
        0.1, "first learning rate of mapping and discriminator; it falls by 5 % an epoch", above=0
    )
    smoothing: float = parameter(0.2, "by how much the discriminator's labels are softened", at_least=0, below=0.5)
    orthogonality: float = parameter(
        0.01, "β of equation 7, which keeps the mapping near to a rotation", at_least=0, below=1
    )

    mappings_: list[np.ndarray] = learned()
    criteria_: list[float] = learned()

    def fit(self, spaces: Sequence[WordVectors], dictionary: Dictionary | None = None) -> Self:
        """Learns a rotation for each space but the first.

        Args:
            spaces: one a language, words tagged with it, the most frequent first; all of one dim.
            dictionary: known translations; None: none are known.

        Raises:
            ParameterError: a hyperparameter makes no sense, or there are fewer than two spaces.
            DataError: the spaces do not fit together, or the dictionary has no pair of a language.
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


def _check(spaces: Sequence[WordVectors]) -> None:
    """Does nothing where the spaces are of several languages and fit together."""
    if len(spaces) < 2:
        raise ParameterError(f"MUSE needs the vectors of at least two languages, not {len(spaces)}")
    tags = [space.languages for space in spaces]
    if any(len(tag) != 1 for tag in tags) or len({tag[0] for tag in tags}) < len(tags):
        raise DataError(f"each space needs words of one language of its own, tagged as in 'en:cat', not {tags}")
    if len({space.dim for space in spaces}) > 1:
        raise DataError(f"the spaces are of dims {[space.dim for space in spaces]}; they must be the same")


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
