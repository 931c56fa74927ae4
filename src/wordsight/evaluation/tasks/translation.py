"""Word translation: the nearest word of another language, checked against a bilingual dictionary.

Conneau, Lample, Ranzato, Denoyer, Jégou: Word Translation Without Parallel Data. ICLR 2018 (section 2.3: CSLS).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from wordsight.errors import DataError, ParameterError, unknown_name
from wordsight.evaluation.metrics.precision import precision_result
from wordsight.evaluation.result import Results
from wordsight.storage.plain_text import read_text
from wordsight.text.tokenize import tokenizer
from wordsight.vectors.search import top
from wordsight.vectors.word_vectors import WordVectors

RANKS = (1, 5, 10)
CSLS_NEIGHBOURS = 10
_BLOCK = 2**22  # scores held at a time

Pairs = Iterable[tuple[str, str]]
Retrieve = Callable[[WordVectors, Sequence[str], str, str], np.ndarray]


def translation(
    vectors: WordVectors,
    dictionary: str | os.PathLike[str] | Pairs,
    *,
    source: str,
    target: str,
    retrieval: str = "nearest",
    name: str | None = None,
    resamples: int = 1000,
    seed: int = 0,
) -> Results:
    """How often a right translation of a word is the nearest (P@1; P@5 and P@10 in the details) of all target words.

    A source word counts once, and is right when any of its translations is found. Source words without a vector, and
    those none of whose translations has one, are left out; coverage is the share of the others.

    Args:
        vectors: words tagged with their language (``en:cat``).
        dictionary: a file with lines ``source target``, or such pairs; words are untagged, upper case counts as lower.
        source: language tag of the words that are translated.
        target: language tag of the words that are found.
        retrieval: ``"nearest"`` (cosine) or ``"csls"``, which corrects for words that are near to everything.
        name: of the data set; None for the file's name.
        resamples: of the bootstrap.
        seed: of the bootstrap.

    Raises:
        DataError: the file is missing or has a line that is no pair; the message names it.
        UnknownNameError: no such language or retrieval.
    """
    if retrieval not in RETRIEVALS:
        raise unknown_name("retrieval", retrieval, RETRIEVALS, hint=f"there are: {', '.join(RETRIEVALS)}")
    if isinstance(dictionary, str | os.PathLike):
        path = Path(dictionary)
        dictionary, name = read_dictionary(path), name or path.stem
    asked, right, total = _questions(vectors, dictionary, source, target)
    found = RETRIEVALS[retrieval](vectors, asked, source, target)
    result = precision_result(
        "translation",
        name or f"{source}-{target}",
        found,
        right,
        n_candidates=len(vectors.restricted(target)),
        total=total,
        ranks=RANKS,
        resamples=resamples,
        seed=seed,
        details={"retrieval": retrieval, "missing_words": "source words left out"},
    )
    return Results([result])


def _questions(vectors: WordVectors, pairs: Pairs, source: str, target: str) -> tuple[list[str], list[set[int]], int]:
    """The tagged words that can be asked, the rows of their translations, and how many source words there are."""
    translations: dict[str, set[str]] = {}
    for word, other in pairs:
        translations.setdefault(f"{source}:{word.lower()}", set()).add(f"{target}:{other.lower()}")
    if not translations:
        raise ParameterError("translation needs at least one pair of words")
    rows = {word: set(vectors.rows(sorted(others)).tolist()) - {-1} for word, others in translations.items()}
    asked = [word for word in translations if word in vectors and rows[word]]
    return asked, [rows[word] for word in asked], len(translations)


def nearest(vectors: WordVectors, words: Sequence[str], source: str, target: str) -> np.ndarray:
    """Rows of the target words with the highest cosine, int64 [n_words, ≤ 10], best first."""
    if not words:
        return np.empty((0, max(RANKS)), dtype=np.int64)
    return vectors.nearest(words, max(RANKS), language=target)[0]


def csls(vectors: WordVectors, words: Sequence[str], source: str, target: str) -> np.ndarray:
    """Rows of the target words with the highest CSLS, int64 [n_words, ≤ 10], best first.

    CSLS(x, y) = 2 cos(x, y) − r(x) − r(y), with r the mean cosine to the ten nearest words of the other language; r(x)
    is left out, since it is the same for all answers to one word.
    """
    candidates = vectors.restricted(target)
    hubness = vectors.nearest(candidates.matrix, CSLS_NEIGHBOURS, language=source)[1].mean(axis=1, dtype=np.float64)
    rows = vectors.rows(candidates.words)
    queries = vectors.unit[vectors.rows(words)]
    found = np.empty((len(words), min(max(RANKS), len(candidates))), dtype=np.int64)
    step = max(1, _BLOCK // len(candidates))
    for start in range(0, len(words), step):
        block = slice(start, start + step)
        found[block] = rows[top(2 * (queries[block] @ candidates.unit.T) - hubness, max(RANKS))]
    return found


RETRIEVALS: Mapping[str, Retrieve] = {"nearest": nearest, "csls": csls}
"""Name → how the answers are found."""


def read_dictionary(path: str | os.PathLike[str]) -> list[tuple[str, str]]:
    """Reads a bilingual dictionary: lines ``source target``, separated by a tab or blanks, as MUSE's.

    Raises:
        DataError: missing, empty, not UTF-8, or a line that is no pair; the message names the line.
    """
    pairs = []
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        fields = line.split("\t") if "\t" in line else line.split()
        if len(fields) == 2 and all(field.strip() for field in fields):
            pairs.append((fields[0].strip(), fields[1].strip()))
        elif fields and line.strip():
            raise DataError(f"{path}, line {number}: {len(fields)} fields, but a line is 'source target'")
    if not pairs:
        raise DataError(f"{path} has no pairs; lines 'source target' are needed")
    return pairs


def name_pairs(source: Mapping[str, str], target: Mapping[str, str]) -> list[tuple[str, str]]:
    """Translations through things that both languages name with one word each, such as emoji.

    Args:
        source: thing → its name in the source language.
        target: thing → its name in the target language.
    """
    words, others = one_word_names(source), one_word_names(target)
    return [(word, others[thing]) for thing, word in words.items() if thing in others]


def one_word_names(names: Mapping[str, str]) -> dict[str, str]:
    """Thing → its name in lower case, for the things whose name is one word (as the tokenizer "words" sees it)."""
    split = {thing: tokenizer("words").tokens(name) for thing, name in names.items()}
    return {thing: words[0] for thing, words in split.items() if len(words) == 1}
