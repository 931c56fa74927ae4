import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from wordsight.evaluation.metrics.statistics import bootstrap_interval, mean_of, paired_bootstrap, score, spearman_of

tied = st.integers(3, 30).flatmap(
    lambda n: st.tuples(*[st.lists(st.integers(0, 6), min_size=n, max_size=n)] * 2).filter(
        lambda pair: len(set(pair[0])) > 1 and len(set(pair[1])) > 1
    )
)


@settings(deadline=None)
@given(tied)
def test_spearman_equals_scipys_with_ties(pair: tuple[list[int], list[int]]) -> None:
    a, b = np.array(pair[0]) / 7, np.array(pair[1])
    assert score(spearman_of(a, b), len(a)) == pytest.approx(stats.spearmanr(a, b).statistic, abs=1e-12)


@settings(deadline=None)
@given(tied, st.integers(0, 1000))
def test_spearman_of_counts_is_spearman_of_the_drawn_items(pair: tuple[list[int], list[int]], seed: int) -> None:
    a, b = (np.array(side) for side in pair)
    drawn = np.random.default_rng(seed).integers(len(a), size=(5, len(a)))
    counts = np.stack([np.bincount(sample, minlength=len(a)) for sample in drawn])
    for value, sample in zip(spearman_of(a, b)(counts), drawn, strict=True):
        if len(set(a[sample])) == 1 or len(set(b[sample])) == 1:
            assert math.isnan(value)
        else:
            assert value == pytest.approx(stats.spearmanr(a[sample], b[sample]).statistic, abs=1e-12)


@pytest.mark.parametrize(
    ("a", "b"), [([], []), ([1], [2]), ([1, 2], [1, 2]), ([1, 1, 1], [1, 2, 3]), ([1, 2, 3], [5] * 3)]
)
def test_a_correlation_that_says_nothing_is_nan(a: list[float], b: list[float]) -> None:
    statistic = spearman_of(np.array(a), np.array(b))
    assert math.isnan(score(statistic, len(a)))
    assert all(math.isnan(end) for end in bootstrap_interval(statistic, len(a)))


def test_the_interval_of_a_mean_is_that_of_the_normal_approximation() -> None:
    hits = np.repeat([0, 1], [280, 120])
    assert score(mean_of(hits), 400) == 0.3
    low, high = bootstrap_interval(mean_of(hits), 400, resamples=4000)
    half = 1.96 * math.sqrt(0.3 * 0.7 / 400)
    assert low == pytest.approx(0.3 - half, abs=0.005)
    assert high == pytest.approx(0.3 + half, abs=0.005)


def test_the_interval_of_a_correlation_is_that_of_drawing_one_sample_after_the_other() -> None:
    rng = np.random.default_rng(0)
    a = rng.standard_normal(200)
    b = np.round(a + rng.standard_normal(200), 1)
    values = []
    for _ in range(2000):
        sample = rng.integers(200, size=200)
        values.append(stats.spearmanr(a[sample], b[sample]).statistic)
    expected = np.quantile(values, [0.025, 0.975])
    np.testing.assert_allclose(bootstrap_interval(spearman_of(a, b), 200, resamples=2000), expected, atol=0.012)


def test_intervals_are_seeded_and_do_not_depend_on_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    values = np.random.default_rng(0).standard_normal(50)
    first = bootstrap_interval(mean_of(values), 50, seed=3)
    assert first == bootstrap_interval(mean_of(values), 50, seed=3)
    assert first != bootstrap_interval(mean_of(values), 50, seed=4)
    monkeypatch.setattr("wordsight.evaluation.metrics.statistics._BLOCK", 120)
    assert first == pytest.approx(bootstrap_interval(mean_of(values), 50, seed=3), abs=1e-12)


def test_wider_levels_give_wider_intervals() -> None:
    values = np.random.default_rng(0).standard_normal(50)
    narrow, wide = (bootstrap_interval(mean_of(values), 50, level=level) for level in (0.5, 0.99))
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_paired_bootstrap_sees_what_two_intervals_hide() -> None:
    rng = np.random.default_rng(0)
    difficulty = rng.standard_normal(300) * 5
    a, b = difficulty + 0.3 + rng.standard_normal(300), difficulty + rng.standard_normal(300)
    low, high = paired_bootstrap(mean_of(a), mean_of(b), 300)
    assert 0 < low < (a - b).mean() < high
    assert bootstrap_interval(mean_of(a), 300)[0] < bootstrap_interval(mean_of(b), 300)[1]  # these overlap
    assert paired_bootstrap(mean_of(a), mean_of(a), 300) == (0, 0)
