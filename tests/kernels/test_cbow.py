from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit
from tests.kernels.wield_problem import DIM, OFFSETS, copy, problem

from wordsight.kernels import cbow_reference
from wordsight.kernels.cbow import CENTRES, cbow_kernel
from wordsight.kernels.sampling_reference import Xorshift
from wordsight.kernels.skipgram_reference import Block, blocks
from wordsight.kernels.vector_tables import VectorTables


@settings(deadline=None, max_examples=30)
@given(
    seed=st.integers(1, 2**60),
    window=st.integers(1, 7),
    negatives=st.integers(1, 9),
    bounds=st.tuples(st.integers(0, 399), st.integers(1, 400)).filter(lambda b: b[0] < b[1]),
)
def test_kernel_updates_like_the_reference(seed: int, window: int, negatives: int, bounds: tuple[int, int]) -> None:
    ids, tables, sampling, _ = problem(seed)
    expected = copy(tables)
    start, stop = bounds
    arguments = (sampling, window, negatives, (0.05, 0.01), np.uint64(seed))
    got = cbow_kernel(DIM)(ids, OFFSETS, start, stop, tables, *arguments)
    want = cbow_reference.train(ids, OFFSETS, start, stop, expected, *arguments)
    np.testing.assert_allclose(got, want, rtol=1e-6)
    for one, other in zip(tables, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-5, atol=2e-5)


def log_likelihood(tables: VectorTables, block: Block) -> float:
    """The objective of some windows, written out one by one."""
    value = 0.0
    for centre, word in enumerate(block.words[: block.n_centres]):
        around = [w for w, within in zip(block.contexts, block.weights[:, centre], strict=True) if within]
        u = tables.inputs[around].mean(axis=0)
        others = [w for w in block.words[block.n_centres :] if w != word]
        value += np.log(expit(u @ tables.outputs[word])) + np.log(expit(-(tables.outputs[others] @ u))).sum()
    return float(value)


def test_step_agrees_with_finite_differences() -> None:
    """A block's step, divided by a tiny learning rate, is the derivative of the log likelihood."""
    ids, tables, sampling, _ = problem(3)
    sampling = sampling._replace(keep=np.full_like(sampling.keep, 2**32 - 1))
    ids, offsets, rate, step = ids[:CENTRES], np.array([0, CENTRES]), 1e-7, 1e-5
    (block,) = blocks(ids, offsets, 0, CENTRES, sampling, 3, 4, Xorshift(9), size=CENTRES)
    before = copy(tables)
    cbow_kernel(DIM)(ids, offsets, 0, CENTRES, tables, sampling, 3, 4, (rate, rate), np.uint64(9))
    for name in ("inputs", "outputs"):
        derivative = (getattr(tables, name) - getattr(before, name)) / rate
        for row, column in np.ndindex(derivative.shape[0], 3):
            up, down = copy(before), copy(before)
            getattr(up, name)[row, column] += step
            getattr(down, name)[row, column] -= step
            expected = (log_likelihood(up, block) - log_likelihood(down, block)) / (2 * step)
            assert derivative[row, column] == pytest.approx(expected, rel=1e-4, abs=1e-5)


def test_nothing_to_learn_from_single_word_documents() -> None:
    ids, tables, sampling, _ = problem(1)
    before = copy(tables)
    offsets = np.arange(len(ids) + 1, dtype=np.int64)
    assert cbow_kernel(DIM)(ids, offsets, 0, 400, tables, sampling, 5, 5, (0.1, 0.1), np.uint64(1)) == (0.0, 0)
    np.testing.assert_array_equal(tables.inputs, before.inputs)


def test_the_dimension_is_a_multiple_of_sixteen() -> None:
    with pytest.raises(ValueError, match="multiple of 16"):
        cbow_kernel(20)
