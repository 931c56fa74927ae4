"""WordVectors: words and their vectors, immutable; neighbours, similarities, and the way to and from files.

A multilingual space tags every word with its language, as in ``en:cat``; queries can be restricted to one.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from wordsight.errors import DataError, ParameterError, check_at_least_1, refuse_string
from wordsight.storage.hashes import fingerprint
from wordsight.storage.streams import existing
from wordsight.vectors import search
from wordsight.vectors._sample_html import sample_html
from wordsight.vectors._word_index import WordIndex
from wordsight.vectors.buckets import Buckets
from wordsight.vectors.formats import registry
from wordsight.vectors.formats.base import Contents, Facts
from wordsight.vectors.neighbor_list import Neighbors
from wordsight.vectors.search import Query, Term
from wordsight.vectors.subwords import Subwords

PathLike = str | os.PathLike[str]


class WordVectors:
    """Words and a matrix with one row a word.

    Iterating gives the words; ``numpy.asarray(vectors)`` is the matrix.

    Args:
        words: the words, all different.
        matrix: ``[n_words, dim]``, any floating type; kept without a copy where it is float32 already, so do not
            change it afterwards. A memory-mapped matrix is not read here.
        buckets: vectors for other words, by hash or n-grams; these can be queried, but are nobody's neighbours.

    Raises:
        DataError: no words, rows that do not match them, a word twice, or (unless memory-mapped) a row not finite.
    """

    def __init__(self, words: Iterable[str], matrix: npt.ArrayLike, buckets: Buckets | Subwords | None = None) -> None:
        refuse_string(words, "words")
        words = list(words)
        mapped = isinstance(matrix, np.memmap)
        matrix = np.ascontiguousarray(matrix, dtype=np.float32).view()
        if matrix.ndim != 2 or len(matrix) != len(words):
            raise DataError(f"{len(words)} words need a matrix [{len(words)}, dim], not {list(matrix.shape)}")
        if not matrix.size:
            raise DataError("there are no words or no dimensions; word vectors need at least one of each")
        matrix.flags.writeable = False
        self.buckets = buckets
        self._matrix = matrix
        self._index = WordIndex(words)
        if not mapped:
            self.scales  # noqa: B018  (checks that all rows are finite)

    @property
    def words(self) -> list[str]:
        """The words, in the order of the rows."""
        return self._index.words

    @property
    def matrix(self) -> np.ndarray:
        """The vectors, float32 ``[n_words, dim]``, read-only, perhaps memory-mapped."""
        return self._matrix

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self._matrix.shape[1])

    @functools.cached_property
    def fingerprint(self) -> str:
        """A short stable hash of the words and their vectors."""
        return fingerprint("\n".join(self.words), self._matrix)

    @functools.cached_property
    def scales(self) -> np.ndarray:
        """1 / norm of each row (0 for zero rows), float32 ``[n_words]``; queries need it rather than a unit copy.

        Raises:
            DataError: a row is not finite.
        """
        scales = search.row_scales(self._matrix)
        if not np.isfinite(scales).all():
            word = self.words[int(np.flatnonzero(~np.isfinite(scales))[0])]
            raise DataError(f"the vector of {word!r} is not finite (NaN or infinite); training may have diverged")
        return scales

    @functools.cached_property
    def unit(self) -> np.ndarray:
        """The rows divided by their norms, float32 ``[n_words, dim]``, computed once; zero rows stay zero."""
        unit: np.ndarray = self._matrix * self.scales[:, None]
        unit.flags.writeable = False
        return unit

    @property
    def languages(self) -> list[str]:
        """The language tags, sorted; empty unless every word has one."""
        return self._index.languages

    def __len__(self) -> int:
        return len(self.words)

    def __iter__(self) -> Iterator[str]:
        return iter(self.words)

    def __array__(self, dtype: npt.DTypeLike | None = None, copy: bool | None = None) -> np.ndarray:
        """The matrix, read-only unless it is copied."""
        return np.array(self._matrix, dtype=dtype, copy=copy)

    def __deepcopy__(self, memo: object) -> Self:
        return self  # immutable; scikit-learn copies what its estimators are made with

    def __contains__(self, word: object) -> bool:
        return word in self._index

    def __repr__(self) -> str:
        return f"<WordVectors: {len(self)} words, dim {self.dim}>"

    def _repr_html_(self) -> str:
        return sample_html(self.words, self.matrix, self.scales, self.languages)

    def __getitem__(self, words: str | Sequence[str]) -> np.ndarray:
        """The vector ``[dim]`` of a word, or the vectors ``[n, dim]`` of several, by their names.

        Raises:
            UnknownNameError: a word is not there; the message suggests near ones.
        """
        if isinstance(words, str):
            return self._vector(words)
        if self.buckets is not None:
            return np.stack([self._vector(word) for word in words])
        return self._matrix[[self._index.row(word) for word in words]]

    def _vector(self, word: str) -> np.ndarray:
        """The vector ``[dim]`` of a word, or of its bucket where the vocabulary lacks it."""
        vector = self.buckets.get(word) if self.buckets is not None and word not in self._index else None
        return self._matrix[self._index.row(word)] if vector is None else vector

    def rows(self, words: Iterable[str]) -> np.ndarray:
        """The row of each word, int64 ``[n]``; -1 for words that are not there."""
        refuse_string(words, "words")
        return self._index.rows(words)

    def rows_of_language(self, language: str | None) -> np.ndarray:
        """The ascending rows of a language's words, int64 ``[n]``; all rows for None.

        Raises:
            UnknownNameError: no word carries this tag.
        """
        return self._index.rows_of_language(language)

    def most_frequent(self, n: int) -> np.ndarray:
        """The first rows of each language, as many of each as fit into ``n``, int64, ascending."""
        return self._index.most_frequent(n)

    def restricted(self, language: str) -> WordVectors:
        """The words of one language; they keep their tags.

        Raises:
            UnknownNameError: no word carries this tag.
        """
        rows = self.rows_of_language(language)
        return WordVectors([self.words[row] for row in rows], self._matrix[search.as_slice(rows)])

    # Queries

    def _unit_query(self, query: Term) -> np.ndarray:
        """The unit vector of a word or of any vector, float32 ``[dim]``."""
        vector = self[query] if isinstance(query, str) else np.asarray(query, dtype=np.float32)
        if vector.shape != (self.dim,) or not np.isfinite(vector).all():
            raise DataError(f"a query needs {self.dim} finite numbers; this one has the shape {list(vector.shape)}")
        unit: np.ndarray = search.unit_rows(vector[None])[0]
        return unit

    def similarity(self, a: Term, b: Term) -> float:
        """Cosine of two words or vectors; 0 where one is a zero vector.

        Raises:
            UnknownNameError: a word is not there.
        """
        return float(np.dot(self._unit_query(a), self._unit_query(b)))

    def most_similar(
        self, positive: Query, negative: Query = (), *, topn: int = 10, language: str | None = None
    ) -> Neighbors:
        """Finds the words nearest to the mean of unit vectors, those of ``negative`` with a minus sign.

        Args:
            positive: a word, a vector ``[dim]``, or several of them.
            negative: the same, to move away from.
            topn: how many words; the query's own words are left out.
            language: only words with this tag.

        Returns:
            Pairs of word and cosine, best first: a list that a notebook shows as a table.

        Raises:
            UnknownNameError: a word or the language is not there; the message suggests near ones.
        """
        search.check_topn(topn)
        plus, minus = search.as_list(positive), search.as_list(negative)
        if not plus and not minus:
            raise ParameterError("most_similar needs a word or vector to start from")
        terms = np.stack([self._unit_query(query) for query in (*plus, *minus)])
        signs = np.repeat(np.array([1, -1], dtype=np.float32), [len(plus), len(minus)])
        scores = self._matrix @ search.unit_rows((signs @ terms)[None])[0]
        scores *= self.scales
        own = self.rows(query for query in (*plus, *minus) if isinstance(query, str))
        scores[own[own >= 0]] = -np.inf
        rows = self.rows_of_language(language)
        best = rows[search.top(scores[search.as_slice(rows)], topn)]
        return Neighbors((self.words[row], float(scores[row])) for row in best if scores[row] > -np.inf)

    def nearest(
        self, queries: Iterable[str] | np.ndarray, topn: int = 10, *, language: str | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Finds the rows with the highest cosine for many queries at once; memory stays bounded.

        Args:
            queries: words or vectors ``[n, dim]``. Unlike in :meth:`most_similar`, a word finds itself too.
            topn: how many rows a query.
            language: only rows of words with this tag.

        Returns:
            Rows of :attr:`matrix` (int64) and cosines (float32), both ``[n, min(topn, n_words)]``, best first.

        Raises:
            UnknownNameError: a word or the language is not there; the message suggests near ones.
            DataError: vectors of another length, or not finite.
        """
        search.check_topn(topn)
        refuse_string(queries, "queries")
        vectors = np.asarray(queries if isinstance(queries, np.ndarray) else self[list(queries)], dtype=np.float32)
        if vectors.ndim != 2 or vectors.shape[1] != self.dim:
            raise DataError(f"queries need the shape [n, {self.dim}], not {list(vectors.shape)}")
        unit = search.unit_rows(vectors)
        if not np.isfinite(unit).all():
            raise DataError(f"query {int(np.flatnonzero(~np.isfinite(unit).all(axis=1))[0])} is not finite")
        rows = self.rows_of_language(language)
        candidates = search.as_slice(rows)
        found, cosines = search.nearest(unit, self._matrix[candidates], self.scales[candidates], topn)
        return rows[found], cosines

    def doesnt_match(self, words: Iterable[str]) -> str:
        """The word that is furthest from the mean of the words' unit vectors.

        Raises:
            UnknownNameError: a word is not there.
            ParameterError: fewer than three words.
        """
        refuse_string(words, "words")
        words = list(words)
        if len(words) < 3:
            raise ParameterError(f"doesnt_match needs at least three words, not {len(words)}")
        unit = search.unit_rows(self[words])
        return words[int(np.argmin(unit @ unit.mean(axis=0)))]

    # Files

    def contents(self, facts: Facts | None = None) -> Contents:
        """Returns what a file format writes: these vectors, with facts about them such as their model."""
        return Contents(self.words, self._matrix, self.buckets, facts or {})

    def save(
        self, path: PathLike, config: Facts | None = None, *, format: str | None = None, overwrite: bool = False
    ) -> None:
        """Writes a directory or a file in any of the known formats.

        Args:
            path: where to; the ending says the format. Without one it is wordsight's own directory, which keeps
                everything; ``.txt`` and ``.bin`` are word2vec's formats. docs/formats.md lists all.
            config: facts to keep in a directory's ``config.json`` and to show in its model card.
            format: a format's name, such as ``"glove"``; None: that of the ending.
            overwrite: replace any file that is there; of directories, those of vectors by wordsight always are.

        Raises:
            DataError: the format cannot hold a word, such as one with a blank in it.
            ParameterError: the ending stands for no format.
            WriteError: it cannot be written, or something is there; nothing half-written is left.
        """
        registry.write(Path(path), self.contents(config), format, overwrite=overwrite)

    @classmethod
    def load(cls, path: PathLike, *, limit: int | None = None, mmap: bool = True, format: str | None = None) -> Self:
        """Loads vectors that wordsight or another program wrote, in any of the known formats.

        Args:
            path: a directory or file; plain, .gz, .xz or .bz2.
            limit: load only that many words from the beginning, the most frequent ones in most files.
            mmap: map a directory's matrix into memory instead of reading it, so that loading takes no time.
            format: a format's name; None: it is found from the content.

        Raises:
            DataError: missing, damaged, cut off or in no known format; the message says where.
        """
        if limit is not None:
            check_at_least_1(limit=limit)
        path = existing(path, what="vectors")
        chosen = registry.to_read(path) if format is None else registry.by_name(format)
        contents = chosen.read(path, limit=limit, mmap=mmap)
        return cls(contents.words, contents.matrix, contents.buckets)
