from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from wordsight.kernels import skipgram_reference as reference
from wordsight.kernels.products import OUTPUTS
from wordsight.kernels.sampling import Sampling
from wordsight.kernels.sampling_reference import Xorshift
from wordsight.kernels.skipgram import PAIRS, block_size, skipgram_kernel
from wordsight.kernels.vector_tables import VectorTables
from wordsight.text.vocabulary import Vocabulary

DIM = 16


def problem(seed: int, *, n_words: int = 20) -> tuple[np.ndarray, np.ndarray, VectorTables, Sampling]:
    """A random corpus with its tables in float64."""
    random = np.random.default_rng(seed)
    ids = random.zipf(1.5, 400).clip(1, n_words).astype(np.int32) - 1
    offsets = np.array([0, 3, 4, 90, 400], dtype=np.int64)
    vocabulary = Vocabulary([f"w{i}" for i in range(n_words)], np.bincount(ids, minlength=n_words) + 1)
    keep = (vocabulary.keep_probabilities(0.05) * (2**32 - 1)).astype(np.uint32)
    tables = VectorTables(*(random.normal(size=(n_words + 1, DIM)) / 2 for _ in range(2)))
    return ids, offsets, tables, Sampling(keep, *vocabulary.alias_table())


def copy(tables: VectorTables) -> VectorTables:
    return VectorTables(*(array.copy() for array in tables))


@settings(deadline=None, max_examples=25)
@given(
    seed=st.integers(1, 2**60),
    window=st.integers(1, 7),
    negatives=st.integers(1, 9),
    bounds=st.tuples(st.integers(0, 399), st.integers(1, 400)).filter(lambda b: b[0] < b[1]),
)
def test_kernel_updates_like_the_reference(seed: int, window: int, negatives: int, bounds: tuple[int, int]) -> None:
    ids, offsets, tables, sampling = problem(seed)
    expected = copy(tables)
    start, stop = bounds
    arguments = (sampling, window, negatives, (0.02, 0.005), np.uint64(seed))
    loss = skipgram_kernel(DIM)(ids, offsets, start, stop, tables, *arguments)
    expected_loss = reference.train(ids, offsets, start, stop, expected, *arguments)
    for got, want in zip(tables, expected, strict=True):
        np.testing.assert_allclose(got, want, rtol=2e-5, atol=2e-5)
    np.testing.assert_allclose(loss, expected_loss, rtol=1e-6)


def log_likelihood(tables: VectorTables, blocks: list[reference.Block]) -> float:
    """The objective of some windows, written out."""
    value = 0.0
    for contexts, words, weights, n_centres, _ in blocks:
        signs = np.array([1] * n_centres + [-1] * (len(words) - n_centres))
        value += float((weights * np.log(expit(tables.inputs[contexts] @ tables.outputs[words].T * signs))).sum())
    return value


def test_step_agrees_with_finite_differences() -> None:
    """A block's step, divided by a tiny learning rate, is the derivative of the log likelihood."""
    ids, _, tables, sampling = problem(3)
    sampling = sampling._replace(keep=np.full_like(sampling.keep, 2**32 - 1))
    n = block_size(3, 4)
    ids, offsets, rate, step = ids[:n], np.array([0, n]), 1e-7, 1e-5
    blocks = list(reference.blocks(ids, offsets, 0, n, sampling, 3, 4, Xorshift(9)))
    assert len(blocks) == 1
    before = copy(tables)
    skipgram_kernel(DIM)(ids, offsets, 0, n, tables, sampling, 3, 4, (rate, rate), np.uint64(9))
    learnt = {
        "inputs": (tables.inputs - before.inputs) / rate,
        "outputs": (tables.outputs - before.outputs) / rate,
    }
    for name, derivative in learnt.items():
        for row, column in np.ndindex(derivative.shape[0], 3):
            up, down = copy(before), copy(before)
            getattr(up, name)[row, column] += step
            getattr(down, name)[row, column] -= step
            expected = (log_likelihood(up, blocks) - log_likelihood(down, blocks)) / (2 * step)
            assert derivative[row, column] == pytest.approx(expected, rel=1e-4, abs=1e-5)


def test_a_block_has_each_pair_as_often_as_its_windows() -> None:
    """The reference's weights, counted from windows written out one by one."""
    ids, offsets, _, sampling = problem(8)
    sampling = sampling._replace(keep=np.full_like(sampling.keep, 2**32 - 1))
    position = 90  # the last document has no end within reach
    for block in itertools.islice(reference.blocks(ids, offsets, 90, 400, sampling, 5, 5, Xorshift(4)), 20):
        centres, drawn = block.words[: block.n_centres], block.words[block.n_centres :]
        assert centres == ids[position : position + len(centres)].tolist()
        for centre in range(len(centres)):
            place = position + centre
            around = [[*ids[max(place - r, 90) : place], *ids[place + 1 : place + r + 1]] for r in range(1, 6)]
            assert np.array(block.contexts)[block.weights[:, centre] == 1].tolist() in around
        position += len(centres)
        for j, negative in enumerate(drawn):
            others = [c for c, word in enumerate(centres) if word != negative]
            np.testing.assert_array_equal(block.weights[:, block.n_centres + j], block.weights[:, others].sum(axis=1))


@given(window=st.integers(1, 20), negatives=st.integers(1, 100))
def test_blocks_fill_whole_tiles_and_keep_steps_small(window: int, negatives: int) -> None:
    size = block_size(window, negatives)
    assert size >= 1 and (size + negatives) % OUTPUTS == 0
    assert (size - OUTPUTS) * (window + 1) <= PAIRS


def test_padding_stays_zero() -> None:
    ids, offsets, tables, sampling = problem(5)
    for table in tables:
        table[:, 10:] = 0
        table[-1] = 0
    skipgram_kernel(DIM)(ids, offsets, 0, 400, tables, sampling, 3, 4, (0.05, 0.05), np.uint64(1))
    assert not tables.inputs[:, 10:].any() and not tables.outputs[:, 10:].any()
    assert not tables.inputs[-1].any() and not tables.outputs[-1].any()


def test_nothing_to_learn_from_single_word_documents() -> None:
    ids, _, tables, sampling = problem(1)
    before = copy(tables)
    offsets = np.arange(len(ids) + 1, dtype=np.int64)
    loss, pairs = skipgram_kernel(DIM)(ids, offsets, 0, 400, tables, sampling, 5, 5, (0.1, 0.1), np.uint64(1))
    assert (loss, pairs) == (0.0, 0)
    np.testing.assert_array_equal(tables.inputs, before.inputs)
