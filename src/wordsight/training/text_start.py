"""What passes over a text begin with: random vectors, or those of an earlier training."""

from __future__ import annotations

from typing import NamedTuple, Self

import numpy as np

from wordsight.kernels.vector_tables import VectorTables
from wordsight.text.corpus import Corpus
from wordsight.text.following import following
from wordsight.text.vocabulary import Vocabulary


class EarlierText(NamedTuple):
    """What an earlier training learned from a text.

    Attributes:
        vocabulary: its words; counts of 0 where they are not known.
        inputs: input vectors, float32 [n_words, dim].
        outputs: output vectors, float32 [n_words, dim]; zeros where they are not known, as at word2vec's start.
    """

    vocabulary: Vocabulary
    inputs: np.ndarray
    outputs: np.ndarray


class TextStart(NamedTuple):
    """A text, and the vectors of those of its words that have some already.

    Attributes:
        corpus: the text; its vocabulary has all words, with a count of 0 for those that the text lacks.
        frequencies: the same words with the counts of this text and the earlier one.
        known: int32 [n_known], the words that have vectors already.
        inputs: their input vectors, float32 [n_known, dim].
        outputs: their output vectors, float32 [n_known, dim].
    """

    corpus: Corpus
    frequencies: Vocabulary
    known: np.ndarray
    inputs: np.ndarray
    outputs: np.ndarray

    @classmethod
    def after(cls, earlier: EarlierText | None, corpus: Corpus) -> Self:
        """The start of passes over a text, after an earlier one or after none."""
        if earlier is None:
            none = np.zeros((0, 0), dtype=np.float32)
            return cls(corpus, corpus.vocabulary, np.zeros(0, dtype=np.int32), none, none)
        text = following(corpus, earlier.vocabulary)
        return cls(*text, text.frequencies.ids(earlier.vocabulary.words), earlier.inputs, earlier.outputs)

    def with_vectors(self, inputs: np.ndarray, outputs: np.ndarray) -> Self:
        """The same text, with vectors of all words, float32 [n_words, dim], that were learned from it."""
        return self._replace(known=np.arange(len(self.words), dtype=np.int32), inputs=inputs, outputs=outputs)

    @property
    def follows(self) -> bool:
        """Tells whether there was an earlier text."""
        return self.frequencies is not self.corpus.vocabulary

    @property
    def words(self) -> list[str]:
        """All words, by falling frequency."""
        return self.frequencies.words

    def fill(self, tables: VectorTables, dim: int) -> None:
        """Sets the vectors of known words; the other rows stay as they are."""
        if len(self.known):
            tables.inputs[self.known, :dim] = self.inputs
            tables.outputs[self.known, :dim] = self.outputs

    def settle(self, tables: VectorTables, dim: int) -> None:
        """Moves the trained vectors of known words back towards the old ones, in place.

        A word ends between both, in proportion to its occurrences in the two texts, so that the second text does not
        make the model forget the first. A word that the text lacks ends at its old vectors, bit for bit.
        """
        if not len(self.known):
            return
        new, both = (v.counts[self.known] for v in (self.corpus.vocabulary, self.frequencies))
        share = (new / np.maximum(both, 1)).astype(np.float32)[:, None]
        for table, old in ((tables.inputs, self.inputs), (tables.outputs, self.outputs)):
            table[self.known, :dim] = (1 - share) * old + share * table[self.known, :dim]

    def __str__(self) -> str:
        counts = self.corpus.vocabulary.counts
        absent = int((counts[self.known] == 0).sum())
        new = len(counts) - len(self.known)
        return f"going on from {len(self.known):,} words: {new:,} are new, {absent:,} are not in the text and stay"
