"""What kind of error it is when an image gets the wrong word (Luo 2018, figure 2)."""

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
    """Sorts the questions from image to word that are answered wrongly; the first kind that holds counts.

    Args:
        candidates: the questions.
        training: the images that the models saw, by word.
        vocabulary: that of the text.
        wordnet: NLTK's data folder.
        rare_below: Sparsity: the right word occurs less often in the text.
        synonym_distance: Synonym: so few steps up or down lead from a noun synset of the right word to one of the
            chosen word (0: they share one).
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
            transform: fitted; it says what is near in feature space.
            cosines: [n_questions, n_candidates], the right answer last.
        """
        wrong = self._wrong(cosines)
        kinds = [self._kind(*words, looks) for words, looks in zip(*self._look(transform, wrong), strict=True)]
        for kind in KINDS:
            n = kinds.count(kind)
            yield {"kind": kind, "share": n / max(len(kinds), 1), "n": n, "errors": len(kinds), "total": len(cosines)}

    def _wrong(self, cosines: np.ndarray) -> list[tuple[int, int]]:
        """(question, index of the word that is nearest instead of the right one)."""
        others = np.nan_to_num(cosines[:, :-1], nan=-np.inf)
        best = others.argmax(axis=1)
        wrong = np.flatnonzero(others.max(axis=1) >= cosines[:, -1])
        return [(int(i), int(self._candidates.other_words[i, best[i]])) for i in wrong]

    def _look(self, transform: Chain, wrong: list[tuple[int, int]]) -> tuple[list[tuple[str, str]], list[bool]]:
        """Right and chosen word of each error, and whether the image looks more like the chosen word's images."""
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
        """Steps between the nearest noun synsets of two words."""
        steps = [x.shortest_path_distance(y) for x in self._nouns(a) for y in self._nouns(b)]
        return min((s for s in steps if s is not None), default=float("inf"))
