"""Chains of transforms against NumPy's own decompositions and hand-made formulas."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wordsight.errors import DataError, ParameterError, UnknownNameError
from wordsight.images.transforms import TRANSFORMS, Chain

SIZES = [70, 55, 95]
SOURCES = np.repeat(["noto", "photo", "stamp"], SIZES).tolist()
N_ROWS = sum(SIZES)


@pytest.fixture
def matrix() -> np.ndarray:
    rng = np.random.default_rng(0)
    spread = rng.standard_normal((N_ROWS, 12)) * np.geomspace(5, 0.1, 12) @ rng.standard_normal((12, 12))
    shifted: np.ndarray = spread + np.repeat([[3.0], [-5.0], [1.0]], SIZES, axis=0)
    return shifted.astype(np.float32)


def test_centre_makes_the_mean_of_each_source_zero(matrix: np.ndarray) -> None:
    centred = Chain.parse("centre").fit_transform(matrix, SOURCES)
    for source in set(SOURCES):
        rows = np.array(SOURCES) == source
        np.testing.assert_allclose(centred[rows], matrix[rows] - matrix[rows].mean(axis=0), atol=1e-5)


def test_small_sources_are_shrunk_towards_the_whole(matrix: np.ndarray, caplog: pytest.LogCaptureFixture) -> None:
    """A source of 5 images counts as 50, the other 45 like the mean of all."""
    sources = ["few"] * 5 + ["many"] * (N_ROWS - 5)
    chain = Chain.parse("centre").fit(matrix, sources)
    assert "1 of 2 sources have fewer than 50 images ('few' has 5)" in caplog.text
    whole = matrix.mean(axis=0, dtype=np.float64)
    few = (matrix[:5].sum(axis=0, dtype=np.float64) + 45 * whole) / 50
    np.testing.assert_allclose(chain.transform(matrix[:5], sources[:5]), matrix[:5] - few, atol=1e-5)
    many = matrix[5:].mean(axis=0, dtype=np.float64)
    np.testing.assert_allclose(chain.transform(matrix[5:], sources[5:]), matrix[5:] - many, atol=1e-5)
    deviations = 0.1 * matrix[:5].std(axis=0, dtype=np.float64) + 0.9 * matrix.std(axis=0, dtype=np.float64)
    standardised = Chain.parse("standardise").fit_transform(matrix, sources)
    np.testing.assert_allclose(standardised[:5], (matrix[:5] - few) / deviations, rtol=1e-4, atol=1e-5)


def test_one_small_source_alone_is_the_whole(matrix: np.ndarray, caplog: pytest.LogCaptureFixture) -> None:
    few = matrix[:8]
    centred = Chain.parse("centre").fit_transform(few, ["one"] * 8)
    np.testing.assert_allclose(centred, few - few.mean(axis=0), atol=1e-5)
    assert not caplog.text


def test_centre_without_sources_subtracts_one_mean(matrix: np.ndarray) -> None:
    np.testing.assert_allclose(Chain.parse("centre").fit_transform(matrix), matrix - matrix.mean(axis=0), atol=1e-5)


def test_an_unseen_source_is_centred_by_the_mean_of_all(matrix: np.ndarray, caplog: pytest.LogCaptureFixture) -> None:
    chain = Chain.parse("centre").fit(matrix, SOURCES)
    expected = matrix[:2] - matrix.mean(axis=0)
    np.testing.assert_allclose(chain.transform(matrix[:2], ["fluent", "fluent"]), expected, atol=1e-5)
    assert "'fluent'" in caplog.text
    np.testing.assert_allclose(chain.transform(matrix[:2]), expected, atol=1e-5)


def test_standardise_gives_mean_0_and_variance_1_within_each_source(matrix: np.ndarray) -> None:
    matrix[:, 3] = 0.1  # constant: no variance to divide by
    result = Chain.parse("standardise").fit_transform(matrix, SOURCES).astype(np.float64)
    for source in set(SOURCES):
        rows = result[np.array(SOURCES) == source]
        np.testing.assert_allclose(rows.mean(axis=0), 0, atol=1e-5)
        np.testing.assert_allclose(np.delete(rows.std(axis=0), 3), 1, rtol=1e-5)
    np.testing.assert_allclose(result[:, 3], 0, atol=1e-6)


def test_scale_divides_by_the_deviation_of_the_whole_matrix(matrix: np.ndarray) -> None:
    result = Chain.parse("scale").fit_transform(matrix)
    assert result.std(dtype=np.float64) == pytest.approx(1, rel=1e-5)
    np.testing.assert_allclose(result[3] / result[7], matrix[3] / matrix[7], rtol=1e-5)


def test_minmax_has_one_range_for_the_whole_matrix(matrix: np.ndarray) -> None:
    low, high = matrix.min(), matrix.max()
    result = Chain.parse("minmax").fit_transform(matrix)
    assert (result.min(), result.max()) == (0, 1)
    np.testing.assert_allclose(result, (matrix - low) / (high - low), atol=1e-6)
    assert not Chain.parse("minmax").fit_transform(np.full((2, 2), 7.0)).any()


def test_l2_gives_unit_rows_and_keeps_zero_rows(matrix: np.ndarray) -> None:
    matrix[5] = 0
    norms = np.linalg.norm(Chain.parse("l2").fit_transform(matrix), axis=1)
    assert norms[5] == 0
    np.testing.assert_allclose(np.delete(norms, 5), 1, rtol=1e-6)


@pytest.mark.parametrize("power", [1.0, 0.5, 0.0])
@pytest.mark.parametrize("shape", [(N_ROWS, 12), (12, 12), (8, 12)])
def test_svd_is_numpy_s_up_to_signs(matrix: np.ndarray, power: float, shape: tuple[int, int]) -> None:
    matrix = matrix[: shape[0]]
    u, s, vt = np.linalg.svd(matrix.astype(np.float64), full_matrices=False)
    signs = np.sign(vt[np.arange(len(vt)), np.abs(vt).argmax(axis=1)])  # the largest loading is positive
    chain = Chain.parse(f"svd:5:{power}")
    result = chain.fit_transform(matrix)
    np.testing.assert_allclose(result, (u * s**power * signs)[:, :5], rtol=1e-4, atol=1e-5)
    assert result.dtype == np.float32
    new = np.random.default_rng(1).standard_normal((4, 12))
    projected = (new @ vt.T * s ** (power - 1) * signs)[:, :5]
    np.testing.assert_allclose(chain.transform(new), projected, rtol=1e-4, atol=1e-5)


def test_pca_is_the_svd_of_centred_rows(matrix: np.ndarray) -> None:
    centred = matrix.astype(np.float64) - matrix.mean(axis=0, dtype=np.float64)
    covariance = np.cov(matrix.T.astype(np.float64))
    result = Chain.parse("pca:4").fit_transform(matrix).astype(np.float64)
    np.testing.assert_allclose(np.cov(result.T), np.diag(np.linalg.eigvalsh(covariance)[:-5:-1]), rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(np.abs(result), np.abs(Chain.parse("svd:4").fit_transform(centred)), atol=1e-4)


def test_more_components_than_the_rank_are_clipped(matrix: np.ndarray, caplog: pytest.LogCaptureFixture) -> None:
    low_rank = matrix[:, :3] @ np.arange(36.0).reshape(3, 12) ** 2
    assert Chain.parse("svd:200").fit_transform(low_rank).shape == (N_ROWS, np.linalg.matrix_rank(low_rank))
    assert "rank 3" in caplog.text
    few = matrix[:6].astype(np.float64)
    assert Chain.parse("pca:200").fit_transform(few).shape == (6, 5), "centring takes one dimension"


def test_nothing_to_decompose_is_an_error() -> None:
    with pytest.raises(DataError, match="all rows are zero"):
        Chain.parse("centre svd:2").fit(np.ones((5, 3)))


@pytest.mark.parametrize("text", ["centre svd:5:0.5 minmax", "standardise pca:6 scale l2", "", *(["svd:3", "centre"])])
def test_a_row_does_not_depend_on_the_rows_beside_it(matrix: np.ndarray, text: str) -> None:
    chain = Chain.parse(text)
    fitted = chain.fit_transform(matrix, SOURCES)
    np.testing.assert_allclose(chain.transform(matrix[33:34], SOURCES[33:34]), fitted[33:34], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("text", ["centre svd:5:0.5 minmax", "standardise pca:6 scale l2", ""])
@pytest.mark.parametrize("sources", [SOURCES, None])
def test_tensors_restore_a_fitted_chain(matrix: np.ndarray, text: str, sources: list[str] | None) -> None:
    chain = Chain.parse(text).fit(matrix, sources)
    restored = Chain.parse(str(chain)).restore({name: array.copy() for name, array in chain.tensors().items()})
    np.testing.assert_array_equal(restored.transform(matrix, sources), chain.transform(matrix, sources))


def test_tensors_of_another_chain_are_refused(matrix: np.ndarray) -> None:
    tensors = Chain.parse("centre svd:5").fit(matrix).tensors()
    for text in ("centre", "svd:5 centre", "centre svd:5 scale"):
        with pytest.raises(DataError, match="not those of the chain"):
            Chain.parse(text).restore(tensors)
    with pytest.raises(DataError, match="not those of the chain"):
        Chain.parse("centre").restore({})


def test_unknown_steps_are_named_with_a_suggestion() -> None:
    with pytest.raises(UnknownNameError, match="unknown transform 'center'; did you mean 'centre'"):
        Chain.parse("center svd:200")
    with pytest.raises(UnknownNameError, match="there are: centre, standardise"):
        Chain.parse("whiten")


@pytest.mark.parametrize(
    "text", ["svd", "svd:", "svd:0", "svd:-3", "svd:2.5", "pca:many", "svd:5:x", "svd:5:nan", "svd:5:1:2", "centre:2"]
)
def test_bad_arguments_are_refused(text: str) -> None:
    with pytest.raises(ParameterError, match=f"^transform '{text}': "):
        Chain.parse(f"l2 {text}")


def test_rows_that_do_not_fit_are_refused(matrix: np.ndarray) -> None:
    chain = Chain.parse("centre")
    with pytest.raises(ParameterError, match="not fitted"):
        chain.transform(matrix)
    chain.fit(matrix)
    with pytest.raises(DataError, match="12 features are needed"):
        chain.transform(matrix[:, :5])
    with pytest.raises(DataError, match="220 rows but 1 sources"):
        chain.fit(matrix, ["noto"])
    with pytest.raises(DataError, match=r"\[0, 12\]"):
        chain.fit(matrix[:0])


_STEPS = st.one_of(
    st.sampled_from([name for name in TRANSFORMS if name not in ("svd", "pca")]),
    st.builds("{}:{}".format, st.sampled_from(["svd", "pca"]), st.integers(1, 10**6)),
    st.builds("{}:{}:{:g}".format, st.sampled_from(["svd", "pca"]), st.integers(1, 300), st.sampled_from([0, 0.5, 2])),
)


@given(st.lists(_STEPS, max_size=6))
def test_a_chain_reads_what_it_writes(steps: list[str]) -> None:
    assert str(Chain.parse("  ".join(steps))) == " ".join(steps)


def test_a_chain_is_fitted_on_the_first_rows_alone() -> None:
    first, second = np.array([[1.0, 2.0], [3.0, 6.0]]), np.array([[5.0, 5.0]])
    chain = Chain.parse("centre")
    np.testing.assert_allclose(chain.fit_once(first), [[-1, -2], [1, 2]])
    np.testing.assert_allclose(chain.fit_once(second), [[3, 1]])
