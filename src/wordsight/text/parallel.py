"""ParallelText: the same sentences in several languages."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from wordsight.errors import DataError, refuse_string
from wordsight.storage.plain_text import read_text
from wordsight.storage.tables import read_table
from wordsight.text.corpus import Corpus
from wordsight.text.languages import join_languages
from wordsight.text.tokenize import Tokenizer
from wordsight.text.vocabulary import Vocabulary


class Pair(NamedTuple):
    """The lines that two languages have both.

    Attributes:
        first: documents of the corpus, int64 [n].
        second: their translations, int64 [n].
    """

    first: np.ndarray
    second: np.ndarray


class ParallelText:
    """Sentences and their translations.

    Attributes:
        languages: at least two.
        corpus: all sentences, one language after another, a document a line; words are tagged with their language.
        n_lines: the number of lines of each language; line i of language l is document ``l · n_lines + i``.
    """

    def __init__(self, sentences: Mapping[str, Sequence[str]], *, min_count: int = 1, tokenizer: str = "words") -> None:
        """Splits and counts the words.

        Args:
            sentences: language → its sentences, line by line; where a language lacks one, it is empty.
            min_count: words that occur less often in their language are left out.
            tokenizer: a name in :data:`wordsight.text.tokenize.TOKENIZERS`.

        Raises:
            ParameterError: the sentences of a language are one string instead of a list.
            DataError: there are fewer than two languages, no lines, or not as many in each language.
        """
        for language, lines in sentences.items():
            refuse_string(lines, f"the text of {language}")
        lengths = {language: len(lines) for language, lines in sentences.items()}
        if len(lengths) < 2:
            raise DataError(f"parallel text needs at least two languages, not {', '.join(lengths) or 'none'}")
        if len(set(lengths.values())) > 1 or not all(lengths.values()):
            found = ", ".join(f"{language} {n:,}" for language, n in lengths.items())
            raise DataError(f"parallel text needs as many lines in every language, not {found}")
        self.languages = list(sentences)
        self.n_lines = next(iter(lengths.values()))
        splitters = {language: Tokenizer(tokenizer, language) for language in sentences}
        corpora = [_corpus(lines, splitters[language], min_count) for language, lines in sentences.items()]
        self.corpus = join_languages(corpora)

    def __repr__(self) -> str:
        return f"ParallelText({self.n_lines:,} lines in {', '.join(self.languages)}; {len(self.corpus):,} tokens)"

    @property
    def fingerprint(self) -> str:
        """A short stable hash of the words, their counts and the sentences' bounds."""
        return self.corpus.fingerprint

    def pair(self, first: str, second: str) -> Pair:
        """Finds the lines that two languages have both, as documents of the corpus."""
        lengths = np.diff(self.corpus.offsets)
        lines = np.arange(self.n_lines)
        documents = [lines + self.languages.index(language) * self.n_lines for language in (first, second)]
        both = (lengths[documents[0]] > 0) & (lengths[documents[1]] > 0)
        return Pair(documents[0][both], documents[1][both])

    @classmethod
    def from_files(cls, paths: Mapping[str, str | os.PathLike[str]], *, min_count: int = 1) -> ParallelText:
        """Reads one file a language (plain, .gz, .xz or .bz2), a sentence a line.

        Raises:
            DataError: a file cannot be read, or the files have different numbers of lines.
        """
        texts = {language: read_text(Path(path)) for language, path in paths.items()}
        return cls({lang: text.removesuffix("\n").split("\n") for lang, text in texts.items()}, min_count=min_count)

    @classmethod
    def from_table(cls, path: str | os.PathLike[str], *, min_count: int = 1) -> ParallelText:
        """Reads a table with one column a language, named by its code (``en``, ``de``, …).

        Raises:
            DataError: the table cannot be read or has fewer than two columns.
        """
        return cls(read_table(path).columns, min_count=min_count)


def _corpus(lines: Sequence[str], splitter: Tokenizer, min_count: int) -> Corpus:
    """Makes lines into the documents of a corpus in memory, empty ones included."""
    texts = [splitter.tokens(line) for line in lines]
    counts = Counter(word for words in texts for word in words)
    vocabulary = Vocabulary.from_counts(counts, min_count, source=f"the language {splitter.language}")
    ids = vocabulary.ids(word for words in texts for word in words)
    ends = np.concatenate([[0], np.cumsum(ids >= 0)])[np.cumsum([0, *map(len, texts)])]
    return Corpus(vocabulary, ids[ids >= 0], ends)
