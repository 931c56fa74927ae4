"""Scores with their uncertainty: Spearman's correlation and the bootstrap.

A *statistic* is a function from counts ``[n_samples, n_items]`` (how often each item is in each sample) to values
``[n_samples]``. Counts of one give the score itself; the counts of drawing with replacement give its bootstrap
distribution, all samples at once; and two statistics with the same counts make a paired comparison.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from wordsight.errors import ParameterError

Statistic = Callable[[np.ndarray], np.ndarray]
"""Counts int64 ``[n_samples, n_items]`` → float64 ``[n_samples]``, NaN where it is not defined."""
Interval = tuple[float, float]

MOST_RESAMPLES = 1_000_000
"""With so many samples an interval is exact to its third digit; more only take time."""
_BLOCK = 2**20  # counts held at a time


def mean_of(values: np.ndarray) -> Statistic:
    """The mean of values ``[n_items]``, such as 1 for hits and 0 for misses."""
    values = np.asarray(values, dtype=np.float64)

    def mean(counts: np.ndarray) -> np.ndarray:
        means: np.ndarray = counts @ values / counts.sum(axis=1)
        return means

    return mean


def spearman_of(a: np.ndarray, b: np.ndarray) -> Statistic:
    """Spearman's rank correlation of values ``[n_items]``, ties having their average rank.

    NaN where it says nothing: fewer than three items, or all values of one side equal.
    """
    ranks_a, ranks_b = _ranks_of(a), _ranks_of(b)

    def spearman(counts: np.ndarray) -> np.ndarray:
        # Weighted Pearson correlation of the ranks; whatever the ties, the mean rank is (n + 1) / 2.
        n = counts.sum(axis=1, keepdims=True)
        x, y = ranks_a(counts) - (n + 1) / 2, ranks_b(counts) - (n + 1) / 2
        covariance = np.einsum("sn,sn,sn->s", counts, x, y)
        variances = np.einsum("sn,sn,sn->s", counts, x, x) * np.einsum("sn,sn,sn->s", counts, y, y)
        defined = (variances > 0) & (n[:, 0] > 2)
        rho: np.ndarray = np.divide(covariance, np.sqrt(variances), where=defined, out=np.full(len(counts), np.nan))
        return rho

    return spearman


def _ranks_of(values: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Counts ``[n_samples, n_items]`` → the average rank of each item's value in each sample.

    The values are sorted once: in a sample, a value's average rank is the number of drawn items with smaller values
    plus half of one more than the number with equal ones.
    """
    _, group, sizes = np.unique(np.asarray(values), return_inverse=True, return_counts=True)
    order = np.argsort(group, kind="stable")
    starts = np.cumsum(sizes) - sizes

    def ranks(counts: np.ndarray) -> np.ndarray:
        equal = np.add.reduceat(counts[:, order], starts, axis=1)
        return (np.cumsum(equal, axis=1) - (equal - 1) / 2)[:, group]

    return ranks


def score(statistic: Statistic, n: int) -> float:
    """The statistic of ``n`` items as they are; NaN for none."""
    return float(statistic(np.ones((1, n), dtype=np.int64))[0]) if n else float("nan")


def bootstrap_values(statistic: Statistic, n: int, *, resamples: int = 1000, seed: int = 0) -> np.ndarray:
    """A statistic of samples of its n items, drawn with replacement (Efron, 1979); float64 ``[resamples]``.

    The samples depend on ``n``, ``resamples`` and ``seed`` alone: the values of two statistics of the same items are
    paired, and so are their differences.

    Args:
        statistic: what is computed of each sample.
        n: how many items there are; none gives no values.
        resamples: how many samples are drawn.
        seed: of the drawing.

    Raises:
        ParameterError: ``resamples`` or ``seed`` makes no sense.
    """
    if not 1 <= resamples <= MOST_RESAMPLES:
        raise ParameterError(f"resamples is {resamples:,}; it must be at least 1 and at most {MOST_RESAMPLES:,}")
    if seed < 0:
        raise ParameterError(f"seed is {seed}; it must be at least 0")
    rng = np.random.default_rng(seed)
    values = []
    step = max(1, _BLOCK // max(1, n))
    for start in range(0, resamples if n else 0, step):
        samples = min(step, resamples - start)
        drawn = rng.integers(n, size=(samples, n)) + np.arange(samples)[:, None] * n
        values.append(statistic(np.bincount(drawn.ravel(), minlength=samples * n).reshape(samples, n)))
    return np.concatenate(values) if values else np.empty(0)


def interval_of(values: np.ndarray, level: float = 0.95) -> Interval:
    """The percentile interval of bootstrap values, NaN among them left out; NaN where there are no others.

    Args:
        values: of :func:`bootstrap_values`, or differences of such.
        level: share of the values within the interval.
    """
    defined = values[~np.isnan(values)]
    if not len(defined):
        return float("nan"), float("nan")
    low, high = np.quantile(defined, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def bootstrap_interval(
    statistic: Statistic, n: int, *, resamples: int = 1000, seed: int = 0, level: float = 0.95
) -> Interval:
    """The percentile interval of a statistic of ``n`` items; see :func:`bootstrap_values` and :func:`interval_of`."""
    return interval_of(bootstrap_values(statistic, n, resamples=resamples, seed=seed), level)


def paired_bootstrap(a: Statistic, b: Statistic, n: int, *, resamples: int = 1000, seed: int = 0) -> Interval:
    """The interval of the difference ``a - b`` of two statistics of the same items, drawn together."""
    return bootstrap_interval(lambda counts: a(counts) - b(counts), n, resamples=resamples, seed=seed)
