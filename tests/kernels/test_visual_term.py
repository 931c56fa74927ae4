"""The visual term of the skip-gram kernel against the plain reference and against autograd."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.functional import cosine_similarity, logsigmoid

from wordsight.kernels import skipgram_reference as reference
from wordsight.kernels.sampling import Sampling
from wordsight.kernels.sampling_reference import Xorshift
from wordsight.kernels.skipgram import skipgram_kernel
from wordsight.kernels.vector_tables import VectorTables
from wordsight.kernels.visual_term import VisualTerm
from wordsight.text.vocabulary import Vocabulary

DIM, N_WORDS, N_VISUAL, N_FEATURES = 16, 20, 7, 9


class Problem:
    """A random corpus with its tables in float64, features x of some words, and a map M."""

    def __init__(self, seed: int, *, learnt: bool, negatives: int = 4) -> None:
        random = np.random.default_rng(seed)
        self.ids = random.zipf(1.3, 400).clip(1, N_WORDS).astype(np.int32) - 1
        self.offsets = np.array([0, 3, 4, 90, 400], dtype=np.int64)
        vocabulary = Vocabulary([f"w{i}" for i in range(N_WORDS)], np.bincount(self.ids, minlength=N_WORDS) + 1)
        keep = (vocabulary.keep_probabilities(0.05) * (2**32 - 1)).astype(np.uint32)
        self.sampling = Sampling(keep, *vocabulary.alias_table())
        self.tables = VectorTables(*(random.normal(size=(N_WORDS + 1, DIM)) for _ in range(2)))
        rows = np.full(N_WORDS, -1, dtype=np.int32)
        rows[random.choice(N_WORDS, N_VISUAL, replace=False)] = random.permutation(N_VISUAL)
        self.x = random.normal(size=(N_VISUAL, N_FEATURES if learnt else DIM))
        self.x /= np.linalg.norm(self.x, axis=1, keepdims=True)
        self.map = random.normal(size=(N_FEATURES, DIM)) if learnt else np.eye(DIM)
        self.visual = VisualTerm(
            rows=rows,
            targets=self.x @ self.map,
            gram=self.map.T @ self.map if learnt else np.zeros((0, 0)),
            occurrences=np.zeros(N_VISUAL, dtype=np.int64),
            negatives=negatives,
            margin=0.5,
            weight=0.7,
        )

    def copied(self) -> tuple[VectorTables, VisualTerm]:
        tables = VectorTables(*(array.copy() for array in self.tables))
        return tables, self.visual._replace(occurrences=self.visual.occurrences.copy())


@settings(max_examples=20)
@given(
    seed=st.integers(1, 2**60),
    learnt=st.booleans(),
    negatives=st.integers(1, 9),
    bounds=st.tuples(st.integers(0, 399), st.integers(1, 400)).filter(lambda b: b[0] < b[1]),
)
def test_kernel_updates_like_the_reference(seed: int, learnt: bool, negatives: int, bounds: tuple[int, int]) -> None:
    problem = Problem(seed, learnt=learnt, negatives=negatives)
    expected, visual = problem.copied()
    start, stop = bounds
    arguments = (problem.sampling, 3, 4, (0.05, 0.01), np.uint64(seed))
    loss = skipgram_kernel(DIM)(problem.ids, problem.offsets, start, stop, problem.tables, *arguments, problem.visual)
    wanted = reference.train(problem.ids, problem.offsets, start, stop, expected, *arguments, visual)
    np.testing.assert_allclose(problem.tables.inputs, expected.inputs, rtol=2e-5, atol=2e-5)
    np.testing.assert_allclose(problem.tables.outputs, expected.outputs, rtol=2e-5, atol=2e-5)
    np.testing.assert_array_equal(problem.visual.occurrences, visual.occurrences)
    np.testing.assert_allclose(loss, wanted, rtol=1e-6)


@pytest.mark.parametrize("learnt", [False, True])
def test_gradient_is_that_of_the_papers_equation(learnt: bool) -> None:
    """A visual word's occurrences, at a rate so small that nothing else moves, against autograd over cosines."""
    rate = 1e-9
    problem = Problem(5, learnt=learnt)
    before, _ = problem.copied()
    arguments = (problem.sampling, 3, 4, (rate, rate), np.uint64(7))
    skipgram_kernel(DIM)(problem.ids, problem.offsets, 0, 400, problem.tables, *arguments, problem.visual)

    u = torch.from_numpy(before.inputs).requires_grad_()
    v = torch.from_numpy(before.outputs)
    z, x = u @ torch.from_numpy(problem.map).T, torch.from_numpy(problem.x)
    total = torch.zeros((), dtype=torch.float64)
    random = Xorshift(7)
    occurrences = np.zeros(N_VISUAL, dtype=np.int64)
    for block in reference.blocks(problem.ids, problem.offsets, 0, 400, problem.sampling, 3, 4, random):
        signs = torch.ones(len(block.words))
        signs[block.n_centres :] = -1
        scores = u[block.contexts] @ v[block.words].T
        total = total + (torch.from_numpy(block.weights) * logsigmoid(scores * signs)).sum()
        for word in block.words[: block.n_centres]:
            row = int(problem.visual.rows[word])
            if row < 0:
                continue
            occurrences[row] += 1
            cosines = cosine_similarity(z[word][None], x)
            for _ in range(4):
                total = total - 0.7 * torch.clamp(0.5 - cosines[row] + cosines[random.below(N_VISUAL)], min=0)
    total.backward()
    learned = torch.from_numpy((problem.tables.inputs - before.inputs) / rate)
    assert occurrences.sum() > 50
    np.testing.assert_array_equal(problem.visual.occurrences, occurrences)
    assert u.grad is not None
    assert (learned - u.grad).norm() < 1e-4 * u.grad.norm()
