from __future__ import annotations

import numpy as np
import pytest

from wordsight.kernels.vector_tables import VectorTables, aligned_zeros


def test_tables_begin_as_in_word2vec() -> None:
    tables = VectorTables.initial(50, 20, seed=3)
    u = tables.input_vectors(20)
    assert u.shape == (50, 20) and u.dtype == np.float32 and np.abs(u).max() <= 1 / 40
    assert np.abs(u.mean()) < 0.002 and u.std() == pytest.approx(1 / 40 / np.sqrt(3), rel=0.1)
    assert tables.inputs.shape == tables.outputs.shape == (51, 32) and not tables.outputs.any()
    assert not tables.inputs[-1].any() and not tables.inputs[:, 20:].any()


def test_rows_are_aligned() -> None:
    table = aligned_zeros(3, 32)
    assert table.shape == (3, 32) and table.ctypes.data % 64 == 0 and not table.any()
