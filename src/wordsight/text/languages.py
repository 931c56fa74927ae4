"""Joins texts of several languages into one corpus, in which each language's words stand together."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

import numpy as np

from wordsight.errors import DataError, ParameterError
from wordsight.text.corpus import Corpus
from wordsight.text.language_tags import language_of
from wordsight.text.vocabulary import Vocabulary


class Block(NamedTuple):
    """The words of one language: the ids from ``first`` up to, but not including, ``last``."""

    language: str
    first: int
    last: int


def join_languages(corpora: Iterable[Corpus]) -> Corpus:
    """Makes one corpus of several, one after another; each keeps its own words, by falling count.

    Args:
        corpora: in different languages, with tagged words (``Corpus.from_text(…, language="en")``).

    Raises:
        ParameterError: there is no corpus.
        DataError: two have a word in common, or a word has no language tag.
    """
    corpora = list(corpora)
    if not corpora:
        raise ParameterError("there is no corpus; give one for each language")
    sizes = [len(corpus.vocabulary) for corpus in corpora]
    words = [word for corpus in corpora for word in corpus.vocabulary.words]
    vocabulary = Vocabulary(words, np.concatenate([corpus.vocabulary.counts for corpus in corpora]))
    blocks(vocabulary)
    first_words, first_tokens = (np.cumsum([0, *lengths]) for lengths in (sizes, map(len, corpora)))
    ids = [np.asarray(corpus.ids) + np.int32(first) for corpus, first in zip(corpora, first_words, strict=False)]
    ends = [np.asarray(corpus.offsets)[1:] + first for corpus, first in zip(corpora, first_tokens, strict=False)]
    return Corpus(vocabulary, np.concatenate(ids).astype(np.int32), np.concatenate([[0], *ends]).astype(np.int64))


def blocks(vocabulary: Vocabulary) -> list[Block]:
    """Finds where each language's words stand.

    Raises:
        DataError: a word has no language tag, or a language's words do not stand together.
    """
    found: list[Block] = []
    first = 0
    for language, words in groupby(vocabulary.words, key=language_of):
        last = first + sum(1 for _ in words)
        if not language:
            raise DataError(f"the word {vocabulary.words[first]!r} has no language tag as in 'en:cat'; give language=")
        found.append(Block(language, first, last))
        first = last
    if len({block.language for block in found}) < len(found):
        raise DataError("the words of a language do not stand together; make the corpus with wordsight.join_languages")
    return found
