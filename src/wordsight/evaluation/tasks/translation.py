"""Word translation: the nearest word of another language, checked against a bilingual dictionary.

Conneau, Lample, Ranzato, Denoyer, Jégou: Word Translation Without Parallel Data. ICLR 2018 (section 2.3: CSLS).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import numpy as np

from wordsight.errors import ParameterError, unknown_name
from wordsight.evaluation.coverage import warn_of_little
from wordsight.evaluation.data.dictionaries import read_dictionary
from wordsight.evaluation.metrics.precision import precision_result
from wordsight.evaluation.result import Results
from wordsight.evaluation.task_inputs import Given, Resamples, Seed
from wordsight.text.normal_form import lower
from wordsight.vectors.csls import hubness, ranked
from wordsight.vectors.word_vectors import WordVectors

RANKS = (1, 5, 10)

Pairs = Iterable[tuple[str, str]]
Retrieve = Callable[[WordVectors, Sequence[str], str, str], np.ndarray]


def translation(
    vectors: WordVectors,
    dictionary: Annotated[str | os.PathLike[str] | Pairs, Given("FILE", Path)],
    *,
    source: Annotated[str, Given("CODE")],
    target: Annotated[str, Given("CODE")],
    retrieval: Annotated[str, Given("NAME")] = "nearest",
    name: str | None = None,
    resamples: Resamples = 1000,
    seed: Seed = 0,
) -> Results:
    """Word translation: how often a right translation is the nearest of all target words (P@1, P@5, P@10).

    A source word counts once, and is right when any of its translations is found. Source words without a vector, and
    those none of whose translations has one, are left out; coverage is the share of the others.

    Args:
        vectors: words tagged with their language (``en:cat``).
        dictionary: a file with lines ``source target``, or such pairs; words are untagged, upper case counts as lower.
        source: language tag of the words that are translated.
        target: language tag of the words that are found.
        retrieval: ``"nearest"`` (cosine) or ``"csls"``, which corrects for words that are near to everything.
        name: name of the data set; None for the file's name.
        resamples: number of bootstrap samples.
        seed: seed of the bootstrap.

    Raises:
        DataError: the file is missing or has a line that is no pair; the message names it.
        UnknownNameError: no such language or retrieval.
    """
    if retrieval not in RETRIEVALS:
        raise unknown_name("retrieval", retrieval, RETRIEVALS, hint=f"there are: {', '.join(RETRIEVALS)}")
    if isinstance(dictionary, str | os.PathLike):
        path = Path(dictionary)
        dictionary, name = read_dictionary(path), name or path.stem
    words, asked, right = _questions(vectors, dictionary, source, target)
    name = name or f"{source}-{target}"
    warn_of_little(name, len(asked), len(words), words, vectors)
    found = RETRIEVALS[retrieval](vectors, asked, source, target)
    result = precision_result(
        "translation",
        name,
        found,
        right,
        n_candidates=len(vectors.restricted(target)),
        total=len(words),
        ranks=RANKS,
        resamples=resamples,
        seed=seed,
        details={"retrieval": retrieval, "missing_words": "source words left out"},
    )
    return Results([result])


def _questions(
    vectors: WordVectors, pairs: Pairs, source: str, target: str
) -> tuple[list[str], list[str], list[set[int]]]:
    """The tagged source words, those of them that can be asked, and the rows of the translations of these."""
    translations: dict[str, set[str]] = {}
    for word, other in pairs:
        translations.setdefault(f"{source}:{lower(word, source)}", set()).add(f"{target}:{lower(other, target)}")
    if not translations:
        raise ParameterError("translation needs at least one pair of words")
    rows = {word: set(vectors.rows(sorted(others)).tolist()) - {-1} for word, others in translations.items()}
    asked = [word for word in translations if word in vectors and rows[word]]
    return list(translations), asked, [rows[word] for word in asked]


def nearest(vectors: WordVectors, words: Sequence[str], source: str, target: str) -> np.ndarray:
    """Rows of the target words with the highest cosine, int64 [n_words, ≤ 10], best first."""
    if not words:
        return np.empty((0, max(RANKS)), dtype=np.int64)
    return vectors.nearest(words, max(RANKS), language=target)[0]


def csls(vectors: WordVectors, words: Sequence[str], source: str, target: str) -> np.ndarray:
    """Rows of the target words with the highest CSLS, int64 [n_words, ≤ 10], best first.

    Hubness is measured between the words of the two languages, see :mod:`wordsight.vectors.csls`.
    """
    candidates, sources = vectors.restricted(target), vectors.restricted(source)
    r_candidates = hubness(candidates.unit, sources.unit)
    found = ranked(vectors.unit[vectors.rows(words)], candidates.unit, r_candidates, max(RANKS))
    rows: np.ndarray = vectors.rows(candidates.words)[found]
    return rows


RETRIEVALS: Mapping[str, Retrieve] = {"nearest": nearest, "csls": csls}
"""Name → how the answers are found."""
