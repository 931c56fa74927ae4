"""VisualLexicon: which images show what a word means."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np
from scipy import sparse

from wordsight.errors import DataError
from wordsight.grounding._common_features import common_features
from wordsight.grounding._lexicon_html import lexicon_html
from wordsight.grounding._table_images import image_rows
from wordsight.images.features import ImageFeatures
from wordsight.progress import progress
from wordsight.storage.hashes import fingerprint
from wordsight.storage.tables import IMAGE_COLUMNS, read_table
from wordsight.text.near_words import unknown_word
from wordsight.text.normal_form import composed

if TYPE_CHECKING:
    from wordsight.grounding.emoji import EmojiAnnotation
    from wordsight.grounding.wordnet import WordNetRule

BLOCK = 4096
"""How many image rows are converted to float64 at a time when features are averaged."""

COLUMNS = (("word",), IMAGE_COLUMNS)
"""The columns that a table of words and images must have, each under one of its names."""


class VisualLexicon:
    """Words, and for each word the rows of the images that show it, with weights (compressed sparse rows).

    The images of word ``i`` are ``image_rows[indptr[i]:indptr[i + 1]]``; every word has at least one.

    Args:
        words: n_words different words.
        indptr: int64 [n_words + 1], where each word's images begin and end.
        image_rows: int64 [n_pairs], rows of ``features``.
        weights: float32 [n_pairs], positive; only their ratios within a word count.
        features: the images.

    Raises:
        DataError: the parts do not fit together.
    """

    def __init__(
        self,
        words: Sequence[str],
        indptr: np.ndarray,
        image_rows: np.ndarray,
        weights: np.ndarray,
        features: ImageFeatures,
    ) -> None:
        self.words = list(words)
        self.indptr = np.asarray(indptr, dtype=np.int64)
        self.image_rows = np.asarray(image_rows, dtype=np.int64)
        self.weights = np.asarray(weights, dtype=np.float32)
        self.features = features
        self._ids = {word: i for i, word in enumerate(self.words)}
        self._check()

    def _check(self) -> None:
        n_pairs = len(self.image_rows)
        bad = next((word for word in self.words if not word or "\n" in word), None)
        if bad is not None:
            raise DataError(f"the word {bad!r} of the visual lexicon is empty or has a line end in it; correct it")
        if not self.words:
            raise DataError("the visual lexicon is empty: no word has an image; check the words and the image ids")
        if len(self._ids) != len(self.words):
            twice = next(w for i, w in enumerate(self.words) if self._ids[w] != i)
            raise DataError(f"the word {twice!r} is in the visual lexicon twice; words must differ")
        if len(self.indptr) != len(self.words) + 1 or self.indptr[0] != 0 or self.indptr[-1] != n_pairs:
            raise DataError(f"indptr does not divide {n_pairs} images among {len(self.words)} words")
        empty = np.flatnonzero(np.diff(self.indptr) <= 0)
        if len(empty):
            raise DataError(f"the word {self.words[empty[0]]!r} has no image; leave it out of the lexicon")
        if self.image_rows.min() < 0 or self.image_rows.max() >= len(self.features):
            raise DataError(f"an image row is outside 0 … {len(self.features) - 1}, the rows of the features")
        if len(self.weights) != n_pairs or not np.all(np.isfinite(self.weights) & (self.weights > 0)):
            raise DataError("each image of a word needs one weight, finite and above 0")

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self._ids

    def __repr__(self) -> str:
        return f"VisualLexicon({len(self)} words, {len(self.image_rows)} images of words, {len(self.features)} images)"

    def _repr_html_(self) -> str:
        return lexicon_html(self.words, self.indptr, self.image_rows, self.weights, self.features.ids)

    @cached_property
    def fingerprint(self) -> str:
        """A short stable hash of the words, their images with weights, and the images' features."""
        return fingerprint("\n".join(self.words), self.indptr, self.image_rows, self.weights, self.features.fingerprint)

    @classmethod
    def from_pairs(
        cls, pairs: Iterable[tuple[str, str] | tuple[str, str, float]], features: ImageFeatures
    ) -> VisualLexicon:
        """Makes a lexicon of pairs (word, image id) or triples (word, image id, weight); weights of a pair add up.

        Raises:
            DataError: there is no pair, or a weight is not positive.
            UnknownNameError: the features do not have an image.
        """
        words: list[str] = []
        images: list[str] = []
        weights: list[float] = []
        for word, image, *weight in pairs:
            words.append(word)
            images.append(image)
            weights.append(weight[0] if weight else 1.0)
        return cls._gathered(words, features.rows(images), np.asarray(weights), features)

    @classmethod
    def from_table(cls, path: str | os.PathLike[str], features: ImageFeatures) -> VisualLexicon:
        """Reads a table (CSV, TSV or Parquet) with the columns ``word``, ``image`` and, optionally, ``weight``.

        Raises:
            DataError: a column is missing, a word is empty, or a weight is not a positive number (names the line).
            UnknownNameError: an image that the features do not have.
        """
        table = read_table(path)
        words, images = (table.column(*names) for names in COLUMNS)
        weights = np.asarray(table.numbers("weight", default=1.0))
        for row, (word, weight) in enumerate(zip(words, weights, strict=True)):
            if not word:
                raise DataError(f"{table.where(row)}: the word is empty")
            if weight <= 0:
                raise DataError(f"{table.where(row)}: weight is {weight:g}; it must be above 0")
        return cls._gathered(words, image_rows(table, images, features), weights, features)

    @classmethod
    def from_rows(cls, rows: Mapping[str, np.ndarray], features: ImageFeatures) -> VisualLexicon:
        """Makes a lexicon of word → image rows (int64 [n]), all of weight 1; words without rows are left out.

        Raises:
            DataError: no word has a row.
        """
        rows = {word: image_rows for word, image_rows in rows.items() if len(image_rows)}
        sizes = [len(image_rows) for image_rows in rows.values()]
        image_rows = np.concatenate(list(rows.values())) if rows else np.zeros(0, np.int64)
        return cls(list(rows), np.cumsum([0, *sizes]), image_rows, np.ones(len(image_rows)), features)

    @classmethod
    def from_emoji(
        cls,
        annotations: Iterable[EmojiAnnotation],
        depicts: Mapping[str, str],
        features: ImageFeatures,
        *,
        language: str = "en",
    ) -> VisualLexicon:
        """Makes a lexicon of emoji annotations: keywords of one word and the words of names, without stop words.

        Args:
            annotations: names and keywords, e.g. from :func:`wordsight.grounding.emoji.read_annotations`.
            depicts: image id → the emoji that it shows; several images may show one emoji.
            features: the images; there may be others too.
            language: the language of the annotations that count.

        Raises:
            DataError: no annotation is in this language, or no image shows an emoji that has one.
            UnknownNameError: the features do not have an image.
        """
        from wordsight.grounding.emoji import emoji_words

        words = {a.emoji: emoji_words(a) for a in annotations if a.language == language}
        if not words:
            raise DataError(f"no emoji annotation is in the language {language!r}; load it, or take another")
        return cls.from_pairs(((w, image) for image, e in depicts.items() for w in words.get(e, ())), features)

    @classmethod
    def from_wordnet(
        cls,
        features: ImageFeatures,
        synsets: Mapping[str, str] | str | os.PathLike[str] | None = None,
        *,
        rule: WordNetRule | None = None,
        wordnet_dir: str | os.PathLike[str] | None = None,
    ) -> VisualLexicon:
        """Makes a lexicon of images that are sorted by WordNet 3.0 synset, as ImageNet's are.

        Args:
            features: the images; there may be others too.
            synsets: image id → synset such as ``n01443537``, or a table with the columns ``image`` and ``synset``;
                None: the folder names in the image ids.
            rule: which words an image shows: :class:`~wordsight.grounding.wordnet.EveryHypernym` (the default) or
                :class:`~wordsight.grounding.wordnet.OwnSynsets`.
            wordnet_dir: the folder of NLTK's data; None: the folders in the variable NLTK_DATA, then NLTK's own.

        Raises:
            DataError: WordNet is not there or not version 3.0, or it has no such synset.
            MissingExtraError: NLTK is not installed.
        """
        from wordsight.grounding.wordnet import EveryHypernym, WordNet, folder_synsets, table_synsets

        rows: dict[str, list[int]] = {}
        if synsets is None:
            synsets = folder_synsets(features.ids)
        elif not isinstance(synsets, Mapping):
            synsets = table_synsets(synsets)
        for row, synset in zip(features.rows(list(synsets)), synsets.values(), strict=True):
            rows.setdefault(synset, []).append(int(row))
        words = (rule or EveryHypernym())(WordNet(wordnet_dir), {s: np.asarray(r) for s, r in rows.items()})
        return cls.from_rows(words, features)

    @classmethod
    def concat(cls, lexicons: Sequence[VisualLexicon]) -> VisualLexicon:
        """Joins several lexicons over the same images; weights of the same pair add up.

        Raises:
            ParameterError: there is no lexicon, or they are over different images.
        """
        features = common_features([lexicon.features for lexicon in lexicons], "lexicons")
        words = [lexicon.words[i] for lexicon in lexicons for i in lexicon.word_rows]
        rows = np.concatenate([lexicon.image_rows for lexicon in lexicons])
        return cls._gathered(words, rows, np.concatenate([lexicon.weights for lexicon in lexicons]), features)

    @classmethod
    def _gathered(cls, words: list[str], rows: np.ndarray, weights: np.ndarray, features: ImageFeatures) -> Self:
        """Sorts pairs by word (in order of first occurrence) and image row, and adds up those that occur twice."""
        ids: dict[str, int] = {}
        word_ids = np.array([ids.setdefault(composed(word), len(ids)) for word in words], dtype=np.int64)
        pairs, inverse = np.unique(word_ids * len(features) + rows, return_inverse=True)
        counts = np.bincount(pairs // len(features), minlength=len(ids))
        totals = np.bincount(inverse, weights=weights, minlength=len(pairs))
        return cls(list(ids), np.concatenate([[0], np.cumsum(counts)]), pairs % len(features), totals, features)

    def images(self, word: str) -> np.ndarray:
        """The image rows of a word, int64 [n_images of the word].

        Raises:
            UnknownNameError: the lexicon does not have the word.
        """
        if word not in self._ids:
            raise unknown_word("visual word", word, self._ids, "no image shows it")
        start, end = self.indptr[self._ids[word] : self._ids[word] + 2]
        return self.image_rows[start:end]

    def restricted(self, words: Iterable[str]) -> VisualLexicon:
        """Keeps the given words (e.g. a vocabulary's), in their order; those without images are left out.

        Raises:
            DataError: none of them has an image.
        """
        kept = [word for word in dict.fromkeys(words) if word in self._ids]
        spans = [slice(*self.indptr[self._ids[word] : self._ids[word] + 2]) for word in kept]
        if not kept:
            raise DataError("none of these words has an image in the visual lexicon; compare their spelling and case")
        sizes = [span.stop - span.start for span in spans]
        rows = np.concatenate([self.image_rows[span] for span in spans])
        weights = np.concatenate([self.weights[span] for span in spans])
        return VisualLexicon(kept, np.cumsum([0, *sizes]), rows, weights, self.features)

    def with_features(self, features: ImageFeatures) -> VisualLexicon:
        """Takes other features of the same images, e.g. transformed, of another encoder, or a control.

        Raises:
            UnknownNameError: the other features lack an image of a word.
        """
        rows = self.image_rows
        if features.ids != self.features.ids:
            used, inverse = np.unique(rows, return_inverse=True)
            rows = features.rows([self.features.ids[row] for row in used])[inverse]
        return VisualLexicon(self.words, self.indptr, rows, self.weights, features)

    def mean_features(self, matrix: np.ndarray | None = None) -> np.ndarray:
        """Computes the weighted mean of each word's image features, float32 [n_words, n_features].

        Only rows of images that some word has are read, in blocks, so a memory-mapped float16 matrix stays on disk.

        Args:
            matrix: [n_images, n_features], rows as in ``features``; None: ``features.matrix``.

        Raises:
            DataError: the matrix has another number of rows than the features.
        """
        matrix = self.features.matrix if matrix is None else matrix
        if matrix.ndim != 2 or len(matrix) != len(self.features):
            raise DataError(
                f"a matrix of shape {list(matrix.shape)} needs one row for each of the {len(self.features)} images"
            )
        share = self.weights / np.add.reduceat(self.weights, self.indptr[:-1], dtype=np.float64)[self.word_rows]
        used, columns = np.unique(self.image_rows, return_inverse=True)
        shares = sparse.csr_array((share, columns, self.indptr), shape=(len(self), len(used))).tocsc()
        means = np.zeros((len(self), matrix.shape[1]))
        with progress("averaging images", len(used), unit="images") as advance:
            for start in range(0, len(used), BLOCK):
                block = used[start : start + BLOCK]
                means += shares[:, start : start + BLOCK] @ np.asarray(matrix[block], dtype=np.float64)
                advance(len(block))
        return means.astype(np.float32)

    @property
    def word_rows(self) -> np.ndarray:
        """The index of the word of each (word, image) pair, int64 [n_pairs]; ``image_rows`` has its image."""
        return np.repeat(np.arange(len(self)), np.diff(self.indptr))
