import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from wordsight.losses.contrastive import softmax_in_batch


def by_hand(
    queries: np.ndarray, images: np.ndarray, pairs: list[tuple[int, int]], weights: np.ndarray, temperature: float
) -> float:
    """The docstring's formula, one pair at a time, in plain Python."""
    total = 0.0
    for (q, i), weight in zip(pairs, weights, strict=True):

        def exponential(j: int, q: int = q) -> float:
            norms = math.sqrt(sum(queries[q] ** 2)) * math.sqrt(sum(images[j] ** 2))
            return math.exp(sum(queries[q] * images[j]) / norms / temperature)

        others = [j for j in range(len(images)) if (q, j) not in pairs]
        total -= weight * math.log(exponential(i) / (exponential(i) + sum(map(exponential, others))))
    return total / float(sum(weights))


@st.composite
def batches(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, list[tuple[int, int]], np.ndarray, float]:
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    n_queries, n_images, dim = (draw(st.integers(1, 6)) for _ in range(3))
    n_pairs = draw(st.integers(1, 12))
    pairs = [(int(random.integers(n_queries)), int(random.integers(n_images))) for _ in range(n_pairs)]
    temperature = draw(st.sampled_from([0.05, 0.1, 1.0, 3.0]))
    weights = random.uniform(0.1, 5, n_pairs)
    return random.normal(size=(n_queries, dim)), random.normal(size=(n_images, dim)), pairs, weights, temperature


def loss_of(batch: tuple[np.ndarray, np.ndarray, list[tuple[int, int]], np.ndarray, float]) -> torch.Tensor:
    queries, images, pairs, weights, temperature = batch
    which = torch.tensor(pairs).T
    q, i, w = (torch.from_numpy(array) for array in (queries, images, weights))
    return softmax_in_batch(q, i, which[0], which[1], w, temperature)


@given(batches())
def test_is_the_formula(batch: tuple[np.ndarray, np.ndarray, list[tuple[int, int]], np.ndarray, float]) -> None:
    assert loss_of(batch).item() == pytest.approx(by_hand(*batch), rel=1e-9, abs=1e-12)


def test_is_cross_entropy_where_nothing_comes_twice() -> None:
    """The paper's form: n queries, n images, the right ones on the diagonal."""
    random = torch.Generator().manual_seed(0)
    queries, images = (torch.randn(7, 5, generator=random, dtype=torch.float64) for _ in range(2))
    diagonal = torch.arange(7)
    expected = torch.nn.functional.cross_entropy(
        torch.cosine_similarity(queries[:, None], images[None], dim=2) / 0.1, diagonal
    )
    loss = softmax_in_batch(queries, images, diagonal, diagonal, torch.full((7,), 3.0), 0.1)
    assert loss.item() == pytest.approx(expected.item(), rel=1e-9)


def test_gradient_agrees_with_finite_differences() -> None:
    random = torch.Generator().manual_seed(1)
    queries = torch.randn(4, 3, generator=random, dtype=torch.float64, requires_grad=True)
    images = torch.randn(5, 3, generator=random, dtype=torch.float64, requires_grad=True)
    query_of, image_of = torch.tensor([0, 0, 1, 2, 3, 3]), torch.tensor([0, 1, 1, 4, 2, 2])
    weights = torch.tensor([1.0, 2.0, 1.0, 0.5, 1.0, 1.0], dtype=torch.float64)
    assert torch.autograd.gradcheck(
        lambda q, i: softmax_in_batch(q, i, query_of, image_of, weights, 0.5), (queries, images)
    )


def test_a_query_without_negatives_costs_nothing_and_has_no_gradient() -> None:
    queries = torch.ones(1, 3, requires_grad=True)
    images = torch.eye(2, 3, requires_grad=True)
    loss = softmax_in_batch(queries, images, torch.tensor([0, 0]), torch.tensor([0, 1]), torch.ones(2), 0.1)
    loss.backward()
    assert loss.item() == 0
    assert queries.grad is not None and not queries.grad.any()
    assert images.grad is not None and not images.grad.any()


def test_zero_vectors_and_tiny_temperatures_stay_finite() -> None:
    queries = torch.zeros(2, 3, requires_grad=True)
    images = torch.eye(2, 3)
    both = torch.arange(2)
    loss = softmax_in_batch(queries, images, both, both, torch.ones(2), 1e-3)
    loss.backward()
    assert loss.item() == pytest.approx(math.log(2))
    assert queries.grad is not None and torch.isfinite(queries.grad).all()
