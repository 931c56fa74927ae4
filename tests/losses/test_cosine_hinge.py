from __future__ import annotations

import numpy as np
import torch

from wordsight.losses.cosine_hinge import cosine_hinge


def test_cosine_hinge_is_equation_5() -> None:
    random = np.random.default_rng(0)
    z, own, others = random.normal(size=(4, 6)), random.normal(size=(4, 6)), random.normal(size=(4, 3, 6))
    own /= np.linalg.norm(own, axis=-1, keepdims=True)
    others /= np.linalg.norm(others, axis=-1, keepdims=True)

    def cosine(a: np.ndarray, b: np.ndarray) -> float:
        return float(a @ b / np.sqrt((a @ a) * (b @ b)))

    expected = [
        sum(max(0.0, 0.5 - cosine(z[i], own[i]) + cosine(z[i], other)) for other in others[i]) for i in range(4)
    ]
    got = cosine_hinge(torch.from_numpy(z), torch.from_numpy(own), torch.from_numpy(others), 0.5)
    np.testing.assert_allclose(got, expected, rtol=1e-9)
