"""Questions that are answered together have the answers that they would have alone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from wordsight.explore.batched_search import MOST_AT_ONCE, BatchedSearch
from wordsight.vectors.search import row_scales

N, DIM = 3000, 7


@pytest.fixture
def executor() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as made:
        yield made


def search_of(matrix: np.ndarray, rows: np.ndarray, executor: ThreadPoolExecutor) -> BatchedSearch:
    return BatchedSearch(matrix[rows], row_scales(matrix[rows]), rows, executor)


def test_many_at_once_find_what_a_sort_of_all_cosines_finds(executor: ThreadPoolExecutor) -> None:
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(N, DIM)).astype(np.float32)
    rows = np.flatnonzero(rng.random(N) < 0.5)
    queries = rng.normal(size=(3 * MOST_AT_ONCE + 5, DIM)).astype(np.float32)
    search = search_of(matrix, rows, executor)

    async def ask() -> list[tuple[np.ndarray, np.ndarray]]:
        return list(await asyncio.gather(*(search.nearest(q, 1 + i % 9) for i, q in enumerate(queries))))

    unit = matrix.astype(np.float64) / np.linalg.norm(matrix, axis=1, keepdims=True)
    for i, (found, cosines) in enumerate(asyncio.run(ask())):
        expected = unit[rows] @ (queries[i] / np.linalg.norm(queries[i]))
        order = np.argsort(-expected)[: 1 + i % 9]
        assert found.tolist() == rows[order].tolist()
        assert cosines == pytest.approx(expected[order], abs=1e-5)


def test_an_error_reaches_those_who_asked_and_nobody_else(executor: ThreadPoolExecutor) -> None:
    matrix = np.eye(DIM, dtype=np.float32)
    search = search_of(matrix, np.arange(DIM), executor)

    async def ask() -> list[int]:
        with pytest.raises(ValueError, match=r"shape|dimension|size"):
            await search.nearest(np.ones(DIM + 1, dtype=np.float32), 1)
        return [int(row) for row in (await search.nearest(matrix[3], 1)).rows]

    assert asyncio.run(ask()) == [3]


def test_who_does_not_wait_any_more_holds_up_nobody(executor: ThreadPoolExecutor) -> None:
    matrix = np.eye(DIM, dtype=np.float32)
    search = search_of(matrix, np.arange(DIM), executor)

    async def ask() -> int:
        gone = asyncio.create_task(search.nearest(matrix[0], 1))
        stays = asyncio.create_task(search.nearest(matrix[1], 1))
        await asyncio.sleep(0)
        gone.cancel()
        return int((await stays).rows[0])

    assert asyncio.run(ask()) == 1


def test_among_no_words_there_is_none(executor: ThreadPoolExecutor) -> None:
    search = search_of(np.eye(DIM, dtype=np.float32), np.empty(0, dtype=np.int64), executor)
    found = asyncio.run(search.nearest(np.ones(DIM, dtype=np.float32), 5))
    assert len(found.rows) == len(found.cosines) == 0
