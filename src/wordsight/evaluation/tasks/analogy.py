"""Analogies: a is to b as c is to which word?

3CosAdd: Mikolov, Yih, Zweig: Linguistic Regularities in Continuous Space Word Representations. NAACL 2013.
3CosMul: Levy, Goldberg: Linguistic Regularities in Sparse and Explicit Word Representations. CoNLL 2014, equation 4.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np

from wordsight.errors import ParameterError, check_at_least_1, unknown_name
from wordsight.evaluation.coverage import warn_of_little
from wordsight.evaluation.data.analogies import AnalogySection, read_analogies
from wordsight.evaluation.metrics.precision import precision_result
from wordsight.evaluation.result import Results
from wordsight.evaluation.task_inputs import Given, LanguageTag, Resamples, Seed
from wordsight.evaluation.tasks.similarity import rows_in_any_case, tagged
from wordsight.progress import progress
from wordsight.vectors.search import top, unit_rows
from wordsight.vectors.word_vectors import WordVectors

RANKS = (1, 5, 10)
EPSILON = 0.001
"""3CosMul's ε, against division by zero."""
_BLOCK = 2**24  # cosines held at a time, 64 MiB of float32

Source = str | os.PathLike[str]
Method = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Unit vectors of a, b and c, float32 [3, n, dim], and of the candidates [n_candidates, dim] → scores [n,
n_candidates]."""


def analogy(
    vectors: WordVectors,
    files: Annotated[Source | Sequence[Source], Given("FILE", list[Path])],
    *,
    method: Annotated[str, Given("NAME")] = "3cosadd",
    language: LanguageTag = None,
    limit: Annotated[int | None, Given("N", int)] = None,
    resamples: Resamples = 1000,
    seed: Seed = 0,
) -> Results:
    """Analogies: how often the fourth word is found (P@1, P@5, P@10), by section, by kind, and in total.

    A question's own three words are no answers. Questions that have a word without a vector, or no answer with one,
    are left out; coverage is the share of the others. A word is looked up as the file has it, else in lower case.

    Args:
        vectors: what to evaluate.
        files: Google's questions-words.txt, the folder of BATS, or files of these layouts.
        method: ``"3cosadd"``: the word nearest to b - a + c; ``"3cosmul"``: that of the highest cos(b)·cos(c)/cos(a),
            with cosines moved to 0 … 1.
        language: tag that the files' words have in the vectors, such as ``en``; only words with it are answers.
        limit: only so many words from the beginning of the vectors, the most frequent ones, are asked and are answers;
            None: all.
        resamples: number of bootstrap samples.
        seed: seed of the bootstrap.

    Raises:
        DataError: a file cannot be read; the message says where.
        UnknownNameError: no such method or language.
        ParameterError: there is no file, or ``limit`` is less than 1.
    """
    if method not in METHODS:
        raise unknown_name("method", method, METHODS, hint=f"there are: {', '.join(METHODS)}")
    if limit is not None:
        check_at_least_1(limit=limit)
    paths = [files] if isinstance(files, str | os.PathLike) else list(files)
    if not paths:
        raise ParameterError("analogy needs at least one file of questions")
    sections = [section for path in paths for section in read_analogies(path)]
    space = vectors.restricted(language) if language and vectors.languages else vectors
    space = WordVectors(space.words[:limit], space.matrix[:limit]) if limit else space
    parts = [_answered(space, section, language, METHODS[method]) for section in _shown(sections)]
    groups = [(group, [p for p in parts if p.group == group]) for group in dict.fromkeys(p.group for p in parts)]
    named = [(part.name, [part]) for part in parts] + [(name, own) for name, own in groups if name] + [("total", parts)]
    words = [word for section in sections for question in section.questions for word in question[:3]]
    n = sum(len(part.found) for part in parts)
    warn_of_little("analogy", n, sum(p.total for p in parts), tagged(words, vectors, language), vectors)
    return Results(
        precision_result(
            "analogy",
            name,
            np.concatenate([part.found for part in own]),
            [answers for part in own for answers in part.right],
            n_candidates=max(1, len(space) - 3),
            total=sum(part.total for part in own),
            ranks=RANKS,
            resamples=resamples,
            seed=seed,
            details={"method": method, "missing_words": "questions left out"},
        )
        for name, own in named
    )


class _Answered(NamedTuple):
    """A section's questions that can be asked: rows found, best first, and rows that are right."""

    name: str
    group: str
    total: int
    found: np.ndarray
    right: list[set[int]]


def _shown(sections: Sequence[AnalogySection]) -> Iterator[AnalogySection]:
    """The sections, with a progress bar over their questions."""
    with progress("analogies", sum(len(section.questions) for section in sections), unit="questions") as advance:
        for section in sections:
            yield section
            advance(len(section.questions))


def _answered(space: WordVectors, section: AnalogySection, language: str | None, method: Method) -> _Answered:
    """Asks those questions of a section whose words, and one answer at least, have vectors."""
    words = [tagged(question[:3], space, language) for question in section.questions]
    own = rows_in_any_case(space, [word for three in words for word in three]).reshape(-1, 3)
    right = _right_rows(space, [tagged(question.answers, space, language) for question in section.questions])
    known = [i for i, answers in enumerate(right) if answers and (own[i] >= 0).all()]
    found = found_answers(space.unit, own[known], method)
    return _Answered(section.name, section.group, len(right), found, [right[i] for i in known])


def _right_rows(space: WordVectors, answers: Sequence[Sequence[str]]) -> list[set[int]]:
    """The rows of each question's answers, those without a vector left out."""
    rows = iter(rows_in_any_case(space, [word for several in answers for word in several]).tolist())
    return [{row for row in islice(rows, len(several)) if row >= 0} for several in answers]


def found_answers(unit: np.ndarray, questions: np.ndarray, method: Method) -> np.ndarray:
    """The best rows for each question, its own three left out.

    Args:
        unit: float32 [n_words, dim], unit rows.
        questions: int64 [n, 3], the rows of a, b and c.
        method: of scoring.

    Returns:
        int64 [n, min(10, n_words)], best first; -1 where there are no more words.
    """
    found = np.full((len(questions), min(max(RANKS), len(unit))), -1, dtype=np.int64)
    step = max(1, _BLOCK // len(unit))
    for start in range(0, len(questions), step):
        block = questions[start : start + step]
        scores = method(unit[block.T], unit)
        np.put_along_axis(scores, block, -np.inf, axis=1)
        best = top(scores, found.shape[1])
        left = np.take_along_axis(scores, best, axis=1) > -np.inf
        found[start : start + step] = np.where(left, best, -1)
    return found


def cos_add(terms: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """3CosAdd: the cosine with b - a + c; for shapes see :data:`Method`."""
    a, b, c = terms
    scores: np.ndarray = unit_rows(b - a + c) @ unit.T
    return scores


def cos_mul(terms: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """3CosMul: cos(b) cos(c) / (cos(a) + ε), each cosine moved to 0 … 1; for shapes see :data:`Method`."""
    a, b, c = ((term @ unit.T + 1) / 2 for term in terms)
    scores: np.ndarray = b * c / (a + EPSILON)
    return scores


METHODS: Mapping[str, Method] = {"3cosadd": cos_add, "3cosmul": cos_mul}
"""Name → how candidates are scored."""
