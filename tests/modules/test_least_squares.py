from __future__ import annotations

import numpy as np
from scipy.linalg import lstsq

from wordsight.modules.least_squares import ridge


def test_is_least_squares_with_the_penalty_as_further_rows() -> None:
    random = np.random.default_rng(2)
    x, y = random.normal(size=(30, 5)), random.normal(size=(30, 4))
    penalty = 2.5
    expected = lstsq(np.vstack([x, np.sqrt(penalty) * np.eye(5)]), np.vstack([y, np.zeros((5, 4))]))[0]
    np.testing.assert_allclose(ridge(x, y, penalty), expected, rtol=1e-9)


def test_a_great_penalty_leaves_nothing() -> None:
    x, y = np.eye(3, dtype=np.float32), np.ones((3, 2), dtype=np.float32)
    assert np.abs(ridge(x, y, 1e9)).max() < 1e-8
