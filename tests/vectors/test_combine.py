import numpy as np
import pytest

from wordsight.errors import DataError, ParameterError
from wordsight.vectors.combine import add, concat
from wordsight.vectors.word_vectors import WordVectors

TEXT = WordVectors(["cat", "idea"], np.array([[3.0, 4.0], [0.0, 2.0]]))
IMAGE = WordVectors(["dog", "cat"], np.array([[5.0, 0.0], [0.0, -7.0]]))


def test_concat_puts_weighted_unit_vectors_side_by_side() -> None:
    both = concat([TEXT, IMAGE], weights=[1, 0.5])
    assert both.words == ["cat", "idea", "dog"]
    np.testing.assert_allclose(both["cat"], [0.6, 0.8, 0, -0.5], rtol=1e-6)
    np.testing.assert_allclose(both["idea"], [0, 1, 0, 0], rtol=1e-6)
    np.testing.assert_allclose(both["dog"], [0, 0, 0.5, 0], rtol=1e-6)


def test_concat_takes_spaces_of_any_dim() -> None:
    wide = WordVectors(["cat"], np.array([[1.0, 2.0, 2.0]]))
    np.testing.assert_allclose(concat([wide, TEXT])["cat"], [1 / 3, 2 / 3, 2 / 3, 0.6, 0.8], rtol=1e-6)


def test_add_sums_weighted_unit_vectors() -> None:
    both = add([TEXT, IMAGE], weights=[1, 0.5])
    assert both.words == ["cat", "idea", "dog"]
    np.testing.assert_allclose(both["cat"], [0.6, 0.3], rtol=1e-6)
    np.testing.assert_allclose(both["idea"], [0, 1], rtol=1e-6)
    np.testing.assert_allclose(both["dog"], [0.5, 0], rtol=1e-6)


def test_what_cannot_be_combined() -> None:
    for combine in (add, concat):
        with pytest.raises(ParameterError, match="at least one"):
            combine([])
        with pytest.raises(ParameterError, match="2 spaces but 1 weights"):
            combine([TEXT, IMAGE], weights=[1])
    with pytest.raises(DataError, match=r"dims \[1, 2\]"):
        add([TEXT, WordVectors(["cat"], np.ones((1, 1)))])
