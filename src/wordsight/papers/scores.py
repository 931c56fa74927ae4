"""Similarity scores as rows: those of each seed with their bootstrap values, then means over seeds and differences.

All bootstraps of the same pairs draw the same samples, so the values of two models can be subtracted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from wordsight.evaluation.data.rated_pairs import RatedPairs
from wordsight.evaluation.metrics.statistics import bootstrap_values, interval_of, score, spearman_of
from wordsight.evaluation.tasks.similarity import judged
from wordsight.papers.base import Row
from wordsight.vectors.word_vectors import WordVectors

VALUES = "bootstrap_values"
FEWEST = 10
"""Pairs that a score needs to be worth showing."""


def scored(
    vectors: WordVectors, sets: Iterable[RatedPairs], subsets: Mapping[str, Collection[str] | None], **facts: Any
) -> list[Row]:
    """One row a set and subset of its pairs.

    Args:
        vectors: what to score.
        sets: of rated pairs.
        subsets: name → only pairs of two of these words; None: all pairs.
        **facts: what else each row says: model, seed, …
    """
    rows = []
    for pairs in sets:
        for subset, words in subsets.items():
            cosines, ratings, _, _ = judged(vectors, pairs, restrict_to=words)
            n = len(ratings)
            statistic = spearman_of(cosines, ratings)
            values = bootstrap_values(statistic, n) if n >= FEWEST else np.empty(0)
            low, high = interval_of(values)
            row = {"dataset": pairs.name, "pairs": subset, "score": score(statistic, n), "n": n, "total": len(pairs)}
            row |= {"coverage": n / len(pairs), "low": low, "high": high, VALUES: values.round(5).tolist()}
            rows.append({"kind": "score", **facts, **{k: None if v != v else v for k, v in row.items()}})
    return rows


class Means:
    """Means over seeds of scores that :func:`scored` made, and differences between them.

    Args:
        rows: of any kinds; only scores of enough pairs count.
        by: the fields that say which rows are of one model; they differ in their seeds only.
    """

    def __init__(self, rows: Iterable[Row], by: Sequence[str]) -> None:
        self._by = [*by, "dataset", "pairs"]
        self._groups: dict[tuple[Any, ...], list[Row]] = {}
        for row in rows:
            if row["kind"] == "score" and row["n"] >= FEWEST and row["score"] is not None:
                self._groups.setdefault(tuple(row[name] for name in self._by), []).append(row)

    def groups(self) -> list[dict[str, Any]]:
        """What is known, in the order of the rows: the ``by`` fields, dataset and pairs."""
        return [dict(zip(self._by, key, strict=True)) for key in self._groups]

    def _of(self, key: Mapping[str, Any]) -> list[Row]:
        return self._groups.get(tuple(key[name] for name in self._by), [])

    def mean(self, key: Mapping[str, Any]) -> Row:
        """The mean score over seeds, with the interval of the mean."""
        rows = self._of(key)
        low, high = interval_of(_values(rows))
        facts = {name: rows[0][name] for name in ("n", "total", "coverage")}
        return {
            "kind": "mean",
            **key,
            **facts,
            "score": _score(rows),
            "low": low,
            "high": high,
            "seeds": [r["seed"] for r in rows],
        }

    def difference(self, key: Mapping[str, Any], *others: Mapping[str, Any]) -> Row | None:
        """A mean score minus the greatest of others' in each resample; None where one of them is lacking.

        Only seeds that all have count, and only the same pairs can be compared.
        """
        groups = [self._of(k) for k in (key, *others)]
        seeds = set.intersection(*({row["seed"] for row in rows} for rows in groups)) if all(groups) else set()
        groups = [[row for row in rows if row["seed"] in seeds] for rows in groups]
        if not seeds or len({tuple(row["n"] for row in rows) for rows in groups}) > 1:
            return None
        ours, *theirs = groups
        values = _values(ours) - np.max([_values(rows) for rows in theirs], axis=0)
        low, high = interval_of(values)
        gain = _score(ours) - max(_score(rows) for rows in theirs)
        return {"kind": "difference", **key, "difference": gain, "low": low, "high": high}


def _score(rows: Sequence[Row]) -> float:
    return float(np.mean([row["score"] for row in rows]))


def _values(rows: Sequence[Row]) -> np.ndarray:
    """Bootstrap values of the mean over seeds; the seeds' pairs are drawn together where they are the same."""
    mean: np.ndarray = np.mean([row[VALUES] for row in rows], axis=0)
    return mean
