from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit
from tests.kernels.wield_problem import DIM, OFFSETS, copy, problem

from wordsight.kernels import wield_reference
from wordsight.kernels.vector_tables import VectorTables
from wordsight.kernels.wield import ImageTerm, wield_kernel


@settings(deadline=None, max_examples=30)
@given(
    seed=st.integers(1, 2**60),
    window=st.integers(1, 7),
    negatives=st.integers(1, 9),
    by_word=st.booleans(),
    bounds=st.tuples(st.integers(0, 399), st.integers(1, 400)).filter(lambda b: b[0] < b[1]),
)
def test_kernel_updates_like_the_reference(
    seed: int, window: int, negatives: int, by_word: bool, bounds: tuple[int, int]
) -> None:
    ids, tables, sampling, images = problem(seed, by_word=by_word)
    expected, expected_images = copy(tables), copy(images)
    start, stop = bounds
    arguments = (sampling, window, negatives, (0.02, 0.01), np.uint64(seed))
    got = wield_kernel(DIM)(ids, OFFSETS, start, stop, tables, *arguments, images)
    want = wield_reference.train(ids, OFFSETS, start, stop, expected, *arguments, expected_images)
    np.testing.assert_allclose(got, want, rtol=1e-9)
    for one, other in zip((*tables, *images), (*expected, *expected_images), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9)


def objective(tables: VectorTables, images: ImageTerm, window: wield_reference.MaskedWindow) -> float:
    """The loss of one window, written out."""
    u = tables.inputs[window.contexts].sum(axis=0)
    signs = np.array([1] + [-1] * (len(window.words) - 1))
    words = -np.log(expit(signs * (tables.outputs[window.words] @ u))).sum()
    y = images.targets[images.document_rows[window.document]]
    alpha, beta = images.balance
    return float(alpha * words + beta * ((images.head @ u + images.bias - y) ** 2).mean())


def test_step_agrees_with_finite_differences() -> None:
    """Two windows' steps, divided by their tiny size, are minus the derivative of their loss, times the weight.

    After sums of squares as large as these Adagrad's steps are gradient descent's.
    """
    _, tables, sampling, images = problem(3)
    sampling = sampling._replace(keep=np.full_like(sampling.keep, 2**32 - 1))
    large = {f"{name}_squares": np.full(21 if name != "head" else 5, 1e12) for name in ("input", "output", "head")}
    images = images._replace(document_rows=np.array([7], np.int32), **large)
    ids, offsets, rate, step = np.array([4, 1], np.int32), np.array([0, 2]), 1e-7, 1e-5
    rates = (rate * 1e6, rate * 1e6)
    windows = list(wield_reference.masked_windows(ids, offsets, 0, 2, sampling, 1, 4, 9))
    assert len({tuple(window.words) for window in windows}) == 2
    before, before_images = copy(tables), copy(images)
    wield_kernel(DIM)(ids, offsets, 0, 2, tables, sampling, 1, 4, rates, np.uint64(9), images)
    learnt = {name: (getattr(tables, name) - getattr(before, name)) / rate for name in ("inputs", "outputs")}
    learnt |= {name: (getattr(images, name) - getattr(before_images, name)) / rate for name in ("head", "bias")}
    for name, derivative in learnt.items():
        for place in np.ndindex(derivative.shape):
            if place[1:] and place[1] > 2:
                continue
            values = []
            for change in (step, -step):
                moved, moved_images = copy(before), copy(before_images)
                getattr(moved if name in ("inputs", "outputs") else moved_images, name)[place] += change
                values.append(sum(objective(moved, moved_images, window) for window in windows))
            expected = -images.weights[0] * (values[0] - values[1]) / (2 * step)
            assert derivative[place] == pytest.approx(expected, rel=1e-4, abs=1e-5)


def test_nothing_to_learn_from_single_word_documents() -> None:
    ids, tables, sampling, images = problem(1)
    before = copy(tables)
    offsets = np.arange(len(ids) + 1, dtype=np.int64)
    images = images._replace(document_rows=np.zeros(400, np.int32), weights=np.ones(400))
    kernel = wield_kernel(DIM)
    assert kernel(ids, offsets, 0, 400, tables, sampling, 5, 5, (0.1, 0.1), np.uint64(1), images) == (0.0, 0)
    np.testing.assert_array_equal(tables.inputs, before.inputs)


def test_the_dimension_is_a_multiple_of_sixteen() -> None:
    with pytest.raises(ValueError, match="multiple of 16"):
        wield_kernel(20)
