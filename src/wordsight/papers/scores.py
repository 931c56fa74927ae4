"""Rows of similarity scores with their bootstrap values; means over seeds and differences.

All bootstraps of the same pairs draw the same samples, so that the values of two models can be subtracted.
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
"""Least number of pairs for a score to be shown."""


def scored(
    vectors: WordVectors, sets: Iterable[RatedPairs], subsets: Mapping[str, Collection[str] | None], **facts: Any
) -> list[Row]:
    """Scores vectors: a row for each set of rated pairs and each subset of its pairs.

    Args:
        vectors: the vectors.
        sets: sets of rated pairs.
        subsets: name → words; pairs of two of these are scored. None: all pairs.
        **facts: further fields of each row: model, seed, …
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
    """Means over seeds of the scores of :func:`scored`, and their differences.

    Args:
        rows: rows of any kind; only scores of at least :data:`FEWEST` pairs are used.
        by: fields that identify a model; its rows differ in their seeds alone.
    """

    def __init__(self, rows: Iterable[Row], by: Sequence[str]) -> None:
        self._by = [*by, "dataset", "pairs"]
        self._groups: dict[tuple[Any, ...], list[Row]] = {}
        for row in rows:
            if row["kind"] == "score" and row["n"] >= FEWEST and row["score"] is not None:
                self._groups.setdefault(tuple(row[name] for name in self._by), []).append(row)

    def groups(self) -> list[dict[str, Any]]:
        """The keys of all means, in the order of the rows: the ``by`` fields, dataset and pairs."""
        return [dict(zip(self._by, key, strict=True)) for key in self._groups]

    def _rows(self, key: Mapping[str, Any]) -> list[Row]:
        return self._groups.get(tuple(key[name] for name in self._by), [])

    def mean(self, key: Mapping[str, Any]) -> Row:
        """The mean score over seeds, with its interval."""
        rows = self._rows(key)
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
        """A mean score minus the greatest of the others' in each resample.

        Only the seeds that all models have are used. None if there are no such seeds, or if the models cover different
        numbers of pairs.
        """
        groups = [self._rows(k) for k in (key, *others)]
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
    """Bootstrap values of the mean over seeds."""
    mean: np.ndarray = np.mean([row[VALUES] for row in rows], axis=0)
    return mean
