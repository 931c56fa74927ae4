"""The kinds of errors when an image gets the wrong word (Luo 2018, figure 2)."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from wordsight.evaluation.data.candidates import Candidates
from wordsight.grounding.lexicon import VisualLexicon
from wordsight.grounding.wordnet import WordNet
from wordsight.images.transforms import Chain
from wordsight.text.vocabulary import Vocabulary
from wordsight.vectors.search import unit_rows

KINDS = ("Sparsity", "Synonym", "Confusion", "Other")


class ErrorKinds:
    """Classifies wrong answers from image to word; the first kind that applies counts.

    - Sparsity: the right word is rare in the text.
    - Synonym: noun synsets of the right and the chosen word are close in WordNet.
    - Confusion: the image looks more like images of the chosen word.

    Args:
        candidates: the questions.
        training: the lexicon of the training images.
        vocabulary: vocabulary of the text.
        wordnet: folder of NLTK's data.
        rare_below: words with fewer occurrences are rare.
        synonym_distance: greatest number of steps between close synsets; 0: the words share one.
    """

    def __init__(
        self,
        candidates: Candidates,
        training: VisualLexicon,
        vocabulary: Vocabulary,
        wordnet: Path,
        *,
        rare_below: int,
        synonym_distance: int,
    ) -> None:
        self._candidates, self._training, self._vocabulary = candidates, training, vocabulary
        self._rare_below, self._synonym_distance = rare_below, synonym_distance
        self._nouns = functools.cache(WordNet(wordnet).nouns)

    def shares(self, transform: Chain, cosines: np.ndarray) -> Iterator[dict[str, Any]]:
        """The share of each kind among the errors.

        Args:
            transform: fitted transform of the features, in whose space images are compared.
            cosines: float [n_questions, n_candidates], the right answer last.
        """
        wrong = self._wrong(cosines)
        kinds = [self._kind(*words, looks) for words, looks in zip(*self._look(transform, wrong), strict=True)]
        for kind in KINDS:
            n = kinds.count(kind)
            yield {"kind": kind, "share": n / max(len(kinds), 1), "n": n, "errors": len(kinds), "total": len(cosines)}

    def _wrong(self, cosines: np.ndarray) -> list[tuple[int, int]]:
        """The wrong answers, as (question, index of the chosen word)."""
        others = np.nan_to_num(cosines[:, :-1], nan=-np.inf)
        best = others.argmax(axis=1)
        wrong = np.flatnonzero(others.max(axis=1) >= cosines[:, -1])
        return [(int(i), int(self._candidates.other_words[i, best[i]])) for i in wrong]

    def _look(self, transform: Chain, wrong: list[tuple[int, int]]) -> tuple[list[tuple[str, str]], list[bool]]:
        """The right and the chosen word of each error, and whether the image looks more like images of the latter."""
        features = self._training.features.transformed(transform)
        means = unit_rows(self._training.with_features(features).mean_features())
        rows = {word: row for row, word in enumerate(self._training.words)}
        images = unit_rows(features.matrix[features.rows(self._candidates.image_ids)])
        words, looks = [], []
        for question, chosen in wrong:
            pair = self._candidates.words[self._candidates.right_words[question]], self._candidates.words[chosen]
            likeness = [float(images[question] @ means[rows[w]]) if w in rows else -np.inf for w in pair]
            words.append(pair)
            looks.append(likeness[1] > likeness[0])
        return words, looks

    def _kind(self, right: str, chosen: str, looks_like_chosen: bool) -> str:
        if self._vocabulary.counts[self._vocabulary.id(right)] < self._rare_below:
            return "Sparsity"
        if self._distance(right, chosen) <= self._synonym_distance:
            return "Synonym"
        return "Confusion" if looks_like_chosen else "Other"

    def _distance(self, a: str, b: str) -> float:
        """The number of steps between the nearest noun synsets of two words."""
        steps = [x.shortest_path_distance(y) for x in self._nouns(a) for y in self._nouns(b)]
        return min((s for s in steps if s is not None), default=float("inf"))
