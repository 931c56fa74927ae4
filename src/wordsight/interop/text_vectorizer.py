"""scikit-learn: texts as the weighted mean of their words' vectors, in a transformer for pipelines.

Arora, Liang, Ma: A Simple but Tough-to-Beat Baseline for Sentence Embeddings. ICLR 2017 (SIF).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, Self

import numpy as np
from scipy import sparse

from wordsight.errors import DataError, ParameterError, refuse_string
from wordsight.extras import require
from wordsight.text.tokenize import Tokenizer
from wordsight.vectors.word_vectors import WordVectors

require("sklearn.base")  # says which extra is missing
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin  # noqa: E402
from sklearn.utils.validation import check_is_fitted  # noqa: E402

WEIGHTS = ("uniform", "idf", "sif")


class TextVectorizer(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Turns texts into the weighted mean of their words' vectors, ``sum(weight · vector) / number of words``.

    Words that the vectors lack are left out, and a text without any known word becomes zeros.

    Args:
        vectors: the word vectors.
        weights: what a word counts. ``"uniform"``: 1. ``"idf"``: ``ln((1 + n) / (1 + df)) + 1``, as in scikit-learn's
            TfidfVectorizer. ``"sif"``: ``a / (a + p)``, where p is the word's share of all words that were fitted; then
            the first principal component of the fitted texts is taken away.
        a: SIF's constant; Arora et al. have 1e-3 to 1e-4.
        norm: ``"l2"`` brings every text to unit length; None leaves it.
        tokenizer: name of the tokenizer, see docs/words.md.
        language: tag of the texts' words in the vectors, such as ``"en"``; None: words have no tags.

    Attributes:
        n_texts_: how many texts were fitted.
        counts_: word → in how many of these texts it is (for SIF: how often it comes).
        component_: float64 ``[dim]``, SIF's first principal component at unit length; None with other weights.

    Raises:
        MissingExtraError: scikit-learn is not installed (when the module is imported).
    """

    def __init__(
        self,
        vectors: WordVectors,
        *,
        weights: str = "idf",
        a: float = 1e-3,
        norm: str | None = None,
        tokenizer: str = "words",
        language: str | None = None,
    ) -> None:
        self.vectors = vectors
        self.weights = weights
        self.a = a
        self.norm = norm
        self.tokenizer = tokenizer
        self.language = language

    def fit(self, X: Iterable[str], y: object = None) -> Self:
        """Counts the texts' words.

        Args:
            X: the texts.
            y: not used.

        Raises:
            DataError: no texts, or something that is no text.
            ParameterError: a setting has no such value.
        """
        self._check()
        texts = self._tokens(X)
        self.n_texts_ = len(texts)
        self.counts_ = Counter(word for text in texts for word in (text if self.weights == "sif" else set(text)))
        self._n_words = self.counts_.total()
        self.component_ = None
        if self.weights == "sif":
            means = self._means(texts)
            self.component_ = np.linalg.eigh(means.T @ means)[1][:, -1]
        self._n_features_out = self.vectors.dim
        return self

    def transform(self, X: Iterable[str]) -> np.ndarray:
        """Computes the texts' vectors, float32 ``[n_texts, dim]``.

        Raises:
            sklearn.exceptions.NotFittedError: before ``fit``.
            DataError: no texts, or something that is no text.
        """
        check_is_fitted(self, "counts_")
        means = self._means(self._tokens(X))
        if self.component_ is not None:
            means -= np.outer(means @ self.component_, self.component_)
        if self.norm is not None:
            lengths = np.linalg.norm(means, axis=1, keepdims=True)
            means /= np.where(lengths > 0, lengths, 1)
        return means.astype(np.float32)

    def _check(self) -> None:
        if not isinstance(self.vectors, WordVectors):
            raise ParameterError(f"vectors is of the type {type(self.vectors).__name__}; give WordVectors")
        if self.weights not in WEIGHTS:
            raise ParameterError(f"weights is {self.weights!r}; it must be one of {', '.join(WEIGHTS)}")
        if self.norm not in (None, "l2"):
            raise ParameterError(f"norm is {self.norm!r}; it must be 'l2' or None")
        if not self.a > 0:
            raise ParameterError(f"a is {self.a}; it must be greater than 0")

    def _tokens(self, texts: Iterable[str]) -> list[list[str]]:
        refuse_string(texts, "X")
        tokenizer = Tokenizer(self.tokenizer, self.language)
        found = []
        for number, text in enumerate(texts, start=1):
            if not isinstance(text, str):
                raise DataError(f"text {number} is of the type {type(text).__name__}, not a string")
            found.append(tokenizer.tokens(text))
        if not found:
            raise DataError("there is no text; give at least one")
        return found

    def _means(self, texts: list[list[str]]) -> np.ndarray:
        """The weighted means, float64 ``[n_texts, dim]``."""
        words = [word for word in dict.fromkeys(word for text in texts for word in text) if self._is_known(word)]
        if not words:
            return np.zeros((len(texts), self.vectors.dim))
        columns = {word: column for column, word in enumerate(words)}
        bags = [[columns[word] for word in text if word in columns] for text in texts]
        starts = np.cumsum([0, *map(len, bags)])
        found = np.fromiter((column for bag in bags for column in bag), dtype=np.int64)
        weights = np.array([self._weight(word) for word in words])
        chosen = sparse.csr_array((weights[found], found, starts), shape=(len(texts), len(words)))
        sums = chosen @ self.vectors[words].astype(np.float64)
        return np.asarray(sums / np.maximum(np.diff(starts), 1)[:, None])

    def _is_known(self, word: str) -> bool:
        """Whether the vectors have the word, or make a vector of its hash or its n-grams."""
        others = self.vectors.buckets
        return word in self.vectors or (others is not None and others.get(word) is not None)

    def _weight(self, word: str) -> float:
        if self.weights == "idf":
            return float(np.log((1 + self.n_texts_) / (1 + self.counts_[word]))) + 1
        if self.weights == "sif":
            return self.a / (self.a + self.counts_[word] / max(1, self._n_words))
        return 1.0

    def __sklearn_tags__(self) -> Any:
        """Says what input it takes: texts."""
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.transformer_tags.preserves_dtype = []
        return tags
