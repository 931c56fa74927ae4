"""Precision at k: how often one of the right answers is among the first k found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from scipy.special import gammaln

from wordsight.evaluation.metrics.statistics import bootstrap_interval, mean_of, score
from wordsight.evaluation.result import Result

Ranks = tuple[int, ...]


def first_hits(found: np.ndarray, right: Sequence[Collection[int]]) -> np.ndarray:
    """Where the first right answer of each query stands, int64 [n_queries], from 0; ``topn`` where none was found.

    Args:
        found: int64 [n_queries, topn], answers, best first.
        right: the right answers of each query.
    """
    hits = np.array([[answer in answers for answer in row] for row, answers in zip(found.tolist(), right, strict=True)])
    hits = hits.reshape(found.shape)
    first: np.ndarray = np.where(hits.any(axis=1), hits.argmax(axis=1), found.shape[1])
    return first


def chance(n_right: np.ndarray, n_candidates: int, k: int) -> float:
    """Mean precision at k of answers drawn at random.

    For one query with g right answers among N it is 1 − C(N − g, k) / C(N, k).

    Args:
        n_right: int64 [n_queries], right answers of each query; each at least 1.
        n_candidates: how many answers there are to choose from.
        k: how many are drawn, without replacement.
    """
    if not len(n_right):
        return float("nan")
    wrong = n_candidates - np.asarray(n_right)
    possible = wrong >= k  # otherwise there is always a right one among k
    log_share = np.full(len(wrong), -np.inf)
    log_share[possible] = _log_choose(wrong[possible], k) - _log_choose(np.array(n_candidates), k)
    return float(-np.expm1(log_share).mean())


def _log_choose(n: np.ndarray, k: int) -> np.ndarray:
    result: np.ndarray = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return result


def precision_result(
    task: str, dataset: str, found: np.ndarray, right: Sequence[Collection[int]], **asked: Any
) -> Result:
    """The result of a task whose score is the precision at the first of its ranks.

    Args:
        task: its registry name.
        dataset: what it was measured on.
        found: int64 [n_queries, at least max(ranks) or n_candidates], answers, best first.
        right: the right answers of each query, none empty.
        **asked: what :func:`hits_result` takes by name.
    """
    n_right = np.array([len(answers) for answers in right], dtype=np.int64)
    return hits_result(task, dataset, "precision", first_hits(found, right), n_right, **asked)


def hits_result(
    task: str,
    dataset: str,
    metric: str,
    hits: np.ndarray,
    n_right: np.ndarray,
    *,
    n_candidates: int,
    total: int,
    ranks: Ranks,
    resamples: int,
    seed: int,
    details: dict[str, Any],
) -> Result:
    """The result of a task whose score is the share of queries with a right answer among the first ``ranks[0]``.

    Args:
        task: its registry name.
        dataset: what it was measured on.
        metric: what the field calls this share: ``"precision"`` or ``"recall"``.
        hits: int64 [n_queries], where the first right answer of each query stands, from 0.
        n_right: int64 [n_queries], right answers of each query; each at least 1.
        n_candidates: how many answers there were to choose from.
        total: queries of the data set, those that cannot be asked among them.
        ranks: the k at which the share is given.
        resamples: of the bootstrap.
        seed: of the bootstrap.
        details: further facts.
    """
    n = len(hits)
    statistics = {k: mean_of(hits < k) for k in ranks}
    intervals = {k: bootstrap_interval(of, n, resamples=resamples, seed=seed) for k, of in statistics.items()}
    facts = {
        "metric": f"{metric} at {ranks[0]}",
        metric: {k: score(statistic, n) for k, statistic in statistics.items()},
        "intervals": intervals,
        "chance": {k: chance(n_right, n_candidates, min(k, n_candidates)) for k in ranks},
        "candidates": n_candidates,
        "resamples": resamples,
        "seed": seed,
    }
    main = statistics[ranks[0]]
    return Result(task, dataset, score(main, n), n, total, intervals[ranks[0]], {**facts, **details})
