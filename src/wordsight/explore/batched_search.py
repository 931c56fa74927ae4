"""BatchedSearch: the nearest rows for many users at once.

To read a matrix of 400,000 words takes longer than to multiply it. Questions that come while another is being answered
wait for each other, and are then answered together by one product.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from typing import NamedTuple

import numpy as np

from wordsight.vectors.search import nearest_at_once, unit_rows

MOST_AT_ONCE = 16
"""How many questions are answered together: 400,000 scores for each take 26 MB."""


class Nearest(NamedTuple):
    """Rows and cosines, best first.

    Attributes:
        rows: int64 ``[n]``.
        cosines: float32 ``[n]``.
    """

    rows: np.ndarray
    cosines: np.ndarray


NOTHING = Nearest(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32))


class _Question(NamedTuple):
    query: np.ndarray
    topn: int
    answer: asyncio.Future[Nearest]


class BatchedSearch:
    """Some rows of a space, among which the nearest are sought.

    Args:
        matrix: float32 ``[n, dim]``, these rows.
        scales: float32 ``[n]``, 1 / norm of each.
        rows: int64 ``[n]``, their numbers in the whole space.
        executor: runs the products.
    """

    def __init__(self, matrix: np.ndarray, scales: np.ndarray, rows: np.ndarray, executor: Executor) -> None:
        self._matrix, self._scales, self._rows = matrix, scales, rows
        self._executor = executor
        self._waiting: list[_Question] = []
        self._worker: asyncio.Task[None] | None = None

    def now(self, queries: np.ndarray, topn: int) -> list[Nearest]:
        """Finds the nearest rows of several queries ``[n, dim]`` in this thread."""
        if not len(self._matrix):
            return [NOTHING] * len(queries)
        found, cosines = nearest_at_once(unit_rows(queries), self._matrix, self._scales, min(topn, len(self._matrix)))
        return [Nearest(*pair) for pair in zip(self._rows[found], cosines, strict=True)]

    async def nearest(self, query: np.ndarray, topn: int) -> Nearest:
        """Finds the ``topn`` rows with the highest cosine to a vector ``[dim]``, together with others' questions.

        Raises:
            DataError: the file that the matrix is mapped from has become shorter.
        """
        answer: asyncio.Future[Nearest] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Question(query, topn, answer))
        if self._worker is None:
            self._worker = asyncio.create_task(self._answer_all())
        return await answer

    async def _answer_all(self) -> None:
        """Answers until nobody waits any more."""
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
            queries, topn = np.stack([one.query for one in batch]), max(one.topn for one in batch)
            try:
                found = await loop.run_in_executor(self._executor, self.now, queries, topn)
            except Exception as error:  # the askers', not this worker's
                for one in batch:
                    if not one.answer.done():
                        one.answer.set_exception(error)
                continue
            for one, (rows, cosines) in zip(batch, found, strict=True):
                if not one.answer.done():  # who asked may have gone
                    one.answer.set_result(Nearest(rows[: one.topn], cosines[: one.topn]))
        self._worker = None
