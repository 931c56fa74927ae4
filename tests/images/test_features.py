"""ImageFeatures: what is refused, what is kept on disk, controls."""

from __future__ import annotations

import json
import mmap
from pathlib import Path

import numpy as np
import pytest

from wordsight.errors import DataError, ParameterError, UnknownNameError, WriteError
from wordsight.images.features import ImageFeatures
from wordsight.images.transforms import Chain

IDS = [f"photos/{name}.jpg" for name in ("goose", "café", "嵐", "a b", "zebra", "owl")]
SOURCES = ["x", "y", "x", "y", "x", "x"]


@pytest.fixture
def features() -> ImageFeatures:
    matrix = np.random.default_rng(0).standard_normal((6, 4)).astype(np.float16)
    return ImageFeatures(IDS, matrix, sources=SOURCES, encoder="tiny")


def test_save_and_load_keep_everything(features: ImageFeatures, tmp_path: Path) -> None:
    features.save(tmp_path / "features")
    loaded = ImageFeatures.load(tmp_path / "features")
    np.testing.assert_array_equal(loaded.matrix, features.matrix)
    assert loaded.matrix.dtype == np.float16
    assert (loaded.ids, loaded.sources, loaded.encoder) == (IDS, SOURCES, "tiny")
    assert loaded.fingerprint == features.fingerprint
    assert isinstance(_owner(loaded.matrix), mmap.mmap)


def _owner(array: object) -> object:
    while isinstance(array, np.ndarray):
        array = array.base
    return array


def test_a_features_directory_can_be_saved_over_itself(features: ImageFeatures, tmp_path: Path) -> None:
    features.save(tmp_path / "features")
    ImageFeatures.load(tmp_path / "features").transformed("l2").save(tmp_path / "features")
    assert ImageFeatures.load(tmp_path / "features").encoder == "tiny | l2"


def test_features_are_immutable(features: ImageFeatures) -> None:
    with pytest.raises(ValueError, match="read-only"):
        features.matrix[0, 0] = 1


def test_the_fingerprint_changes_with_values_ids_and_sources(features: ImageFeatures) -> None:
    others = [
        ImageFeatures(IDS, features.matrix * 2, sources=SOURCES),
        ImageFeatures(IDS[::-1], features.matrix, sources=SOURCES),
        ImageFeatures(IDS, features.matrix, sources=SOURCES[::-1]),
        ImageFeatures(IDS, features.matrix),
    ]
    assert len({features.fingerprint, *(other.fingerprint for other in others)}) == 5


def test_rows_are_found_by_id(features: ImageFeatures) -> None:
    rows = features.rows([IDS[4], IDS[0], IDS[4]])
    assert rows.tolist() == [4, 0, 4]
    assert rows.dtype == np.int64


def test_a_missing_id_is_named_with_the_image_of_the_same_file_name(features: ImageFeatures) -> None:
    with pytest.raises(UnknownNameError, match=r"'images/owl.png'; did you mean 'photos/owl.jpg'"):
        features.rows([IDS[0], "images/owl.png"])
    with pytest.raises(UnknownNameError, match=r"unknown image 'dodo'; ids here look like photos/goose.jpg"):
        features.rows(["dodo"])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_features_that_are_not_finite_name_the_image(features: ImageFeatures, bad: float) -> None:
    matrix = np.array(features.matrix)
    matrix[3, 1] = bad
    with pytest.raises(DataError, match=r"image 'photos/a b.jpg' \(row 3\) are not all finite"):
        ImageFeatures(IDS, matrix)


def test_float64_beyond_float32_counts_as_not_finite() -> None:
    with pytest.raises(DataError, match="'b'"):
        ImageFeatures(["a", "b"], np.array([[1.0], [1e300]]))


def test_rows_and_ids_must_match(features: ImageFeatures) -> None:
    with pytest.raises(DataError, match="6 rows of features but 5 ids"):
        ImageFeatures(IDS[:5], features.matrix)
    with pytest.raises(DataError, match="6 rows of features but 1 sources"):
        ImageFeatures(IDS, features.matrix, sources=["x"])
    with pytest.raises(DataError, match=r"'photos/goose.jpg' comes twice"):
        ImageFeatures([*IDS[:5], IDS[0]], features.matrix)
    with pytest.raises(DataError, match="single lines"):
        ImageFeatures([*IDS[:5], "a\nb"], features.matrix)
    with pytest.raises(DataError, match="single lines"):
        ImageFeatures([*IDS[:5], ""], features.matrix)
    with pytest.raises(DataError, match=r"matrix of numbers .* not float64 \[3\]"):
        ImageFeatures(["a", "b", "c"], np.zeros(3))


def test_a_damaged_directory_is_one_clear_error(features: ImageFeatures, tmp_path: Path) -> None:
    directory = tmp_path / "features"
    features.save(directory)
    whole = (directory / "features.npy").read_bytes()
    (directory / "features.npy").write_bytes(whole[:-5])
    with pytest.raises(DataError, match=r"not a whole .npy file"):
        ImageFeatures.load(directory)
    (directory / "features.npy").write_bytes(whole)
    (directory / "ids.txt").write_text("one\n")
    with pytest.raises(DataError, match="features is damaged: 6 rows of features but 1 ids"):
        ImageFeatures.load(directory)
    with pytest.raises(DataError, match="no such directory"):
        ImageFeatures.load(tmp_path / "nowhere")


def test_a_foreign_folder_is_never_replaced(features: ImageFeatures, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("all of it")
    with pytest.raises(WriteError, match="not written by wordsight"):
        features.save(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "all of it"


def test_join_puts_rows_of_unit_length_side_by_side(features: ImageFeatures) -> None:
    wide = np.random.default_rng(1).normal(size=(6, 3)).astype(np.float32)
    wide[2] = 0
    other = ImageFeatures(IDS, wide, sources=SOURCES, encoder="wide", encoder_fingerprint="w")
    joined = ImageFeatures.join([features, other])
    assert (joined.ids, joined.sources, joined.encoder) == (IDS, SOURCES, "tiny+wide")
    assert joined.matrix.dtype == np.float32 and joined.encoder_fingerprint is None, "tiny's is not known"
    for row in range(6):
        narrow = features.matrix[row].astype(np.float64)
        expected = [*(narrow / np.sqrt(narrow @ narrow)), *(wide[row] / (np.sqrt(wide[row] @ wide[row]) or 1))]
        np.testing.assert_allclose(joined.matrix[row], expected, rtol=1e-5)
    assert ImageFeatures.join([features, features]).matrix.dtype == np.float16
    for strange in (
        ImageFeatures(IDS[::-1], wide, sources=SOURCES, encoder="wide"),
        ImageFeatures(IDS, wide, encoder="wide"),
    ):
        with pytest.raises(DataError, match="tiny and wide are not of the same images"):
            ImageFeatures.join([features, strange])


def test_from_npy_joins_a_matrix_and_a_table(features: ImageFeatures, tmp_path: Path) -> None:
    np.save(tmp_path / "m.npy", features.matrix)
    table = tmp_path / "index.csv"
    table.write_text("path,source\n" + "".join(f"{i},{s}\n" for i, s in zip(IDS, SOURCES, strict=True)))
    joined = ImageFeatures.from_npy(tmp_path / "m.npy", table)
    assert (joined.ids, joined.sources) == (IDS, SOURCES)
    np.testing.assert_array_equal(joined.matrix, features.matrix)
    table.write_text("image\n" + "\n".join(IDS[:4]))
    with pytest.raises(DataError, match=r"m.npy and .*index.csv do not go together: 6 rows of features but 4 ids"):
        ImageFeatures.from_npy(tmp_path / "m.npy", table)
    table.write_text("word\n" + "\n".join(IDS))
    with pytest.raises(DataError, match="no column 'image' or 'path' or 'file_name'"):
        ImageFeatures.from_npy(tmp_path / "m.npy", table)
    np.savez(tmp_path / "m.npz", features.matrix)
    with pytest.raises(DataError, match=r"m.npz is an .npz archive"):
        ImageFeatures.from_npy(tmp_path / "m.npz", table)


def test_transformed_fits_a_text_and_applies_a_fitted_chain() -> None:
    sources = ["x", "y"] * 60
    matrix = np.random.default_rng(0).standard_normal((120, 4)).astype(np.float16)
    ids = [str(i) for i in range(120)]
    centred = ImageFeatures(ids, matrix, sources=sources).transformed("centre")
    for source in "xy":
        rows = np.array(sources) == source
        np.testing.assert_allclose(centred.matrix[rows].mean(axis=0), 0, atol=1e-6)
    assert (centred.ids, centred.sources) == (ids, sources)
    doubled = ImageFeatures(ids, matrix * 2, sources=sources)
    chain = Chain.parse("centre").fit(matrix, sources)
    np.testing.assert_allclose(doubled.transformed(chain).matrix, centred.matrix + matrix, atol=1e-2)


def test_sources_are_what_the_user_says(features: ImageFeatures, tmp_path: Path) -> None:
    assert features.with_sources(None).sources is None
    assert features.with_sources("folders").sources == ["photos"] * 6
    assert features.with_sources(SOURCES[::-1]).sources == SOURCES[::-1]
    assert features.with_sources(dict(zip(IDS, SOURCES, strict=True))).sources == SOURCES
    assert features.with_sources(None).encoder == "tiny"
    with pytest.raises(DataError, match="6 images but 2 sources"):
        features.with_sources(["x", "y"])
    with pytest.raises(DataError, match=r"'photos/owl.jpg' has no source"):
        features.with_sources(dict(zip(IDS[:5], SOURCES, strict=False)))
    with pytest.raises(UnknownNameError, match="did you mean 'folders'"):
        features.with_sources("folder")


def test_sources_that_were_guessed_are_recognised(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """0.1 took each image's folder for its source, and wrote format 1."""
    ids = ["goose/1.png", "lake/1.png", "top.png"]
    ImageFeatures(ids, np.eye(3), sources=["goose", "lake", "."]).save(tmp_path / "f")
    config = json.loads((tmp_path / "f/config.json").read_text())

    def warned(format_version: int, **facts: object) -> bool:
        (tmp_path / "f/config.json").write_text(json.dumps(config | {"format_version": format_version} | facts))
        caplog.clear()
        ImageFeatures.load(tmp_path / "f")
        return "took each image's folder for its source" in caplog.text

    assert warned(1, n_broken=0)
    assert not warned(2, n_broken=0)
    assert not warned(1)  # saved, not extracted
    (tmp_path / "f/sources.txt").write_text("a\nb\na\n")
    assert not warned(1, n_broken=0)  # of a table


def test_the_shuffled_control_permutes_within_sources() -> None:
    rng = np.random.default_rng(1)
    sources = rng.choice(["a", "b", "c"], 300).tolist()
    matrix = np.stack([np.arange(300), [ord(s) for s in sources]], axis=1).astype(np.float32)
    features = ImageFeatures([str(i) for i in range(300)], matrix, sources=sources)
    shuffled = features.control("shuffled", seed=3)
    np.testing.assert_array_equal(shuffled.matrix[:, 1], matrix[:, 1])
    assert sorted(shuffled.matrix[:, 0]) == list(range(300))
    assert (shuffled.matrix[:, 0] != matrix[:, 0]).all()
    np.testing.assert_array_equal(shuffled.matrix, features.control("shuffled", seed=3).matrix)
    assert (shuffled.matrix != features.control("shuffled", seed=4).matrix).any()
    assert shuffled.ids == features.ids


def test_the_shuffled_control_without_sources_permutes_all() -> None:
    matrix = np.arange(200, dtype=np.float32)[:, None]
    shuffled = ImageFeatures([str(i) for i in range(200)], matrix).control("shuffled", seed=0)
    assert sorted(shuffled.matrix[:, 0]) == matrix[:, 0].tolist()
    assert abs(np.corrcoef(shuffled.matrix[:, 0], matrix[:, 0])[0, 1]) < 0.3


def test_no_image_keeps_its_own_features_but_the_only_one_of_its_source(caplog: pytest.LogCaptureFixture) -> None:
    matrix = np.arange(8, dtype=np.float32)[:, None]
    features = ImageFeatures(list("abcdefgh"), matrix, sources=["p", "p", "q", "q", "q", "r", "s", "s"])
    for seed in range(50):
        kept = features.control("shuffled", seed).matrix == matrix
        assert np.flatnonzero(kept).tolist() == [5]
    assert "1 of 8 images keep their own features" in caplog.text


def test_a_shuffled_control_that_equals_the_features_is_an_error() -> None:
    matrix = np.arange(4, dtype=np.float32)[:, None]
    with pytest.raises(DataError, match="shuffling changes nothing"):
        ImageFeatures(list("abcd"), matrix, sources=list("pqrs")).control("shuffled")
    with pytest.raises(DataError, match="shuffling changes nothing"):
        ImageFeatures(list("abcd"), np.ones((4, 2))).control("shuffled")


def test_the_random_control_is_standard_noise() -> None:
    features = ImageFeatures([str(i) for i in range(200)], np.zeros((200, 100)))
    noise = features.control("random", seed=0).matrix
    assert noise.shape == (200, 100)
    assert abs(noise.mean(dtype=np.float64)) < 0.03 and abs(noise.std(dtype=np.float64) - 1) < 0.03
    with pytest.raises(UnknownNameError, match="did you mean 'shuffled'"):
        features.control("shuffle")


@pytest.mark.data
def test_real_features_centred_per_source(data: Path) -> None:
    features = ImageFeatures.from_npy(data / "features/efficientnet_lite0.npy", data / "images/index.csv")
    assert (len(features), features.n_features) == (10_247, 1280)
    reduced = features.transformed("centre svd:20:0.5")
    for source in set(features.sources or ()):
        rows = np.array(features.sources) == source
        np.testing.assert_allclose(reduced.matrix[rows].mean(axis=0, dtype=np.float64), 0, atol=1e-4)
    gram = reduced.matrix.T.astype(np.float64) @ reduced.matrix
    np.testing.assert_allclose(gram, np.diag(np.diag(gram)), atol=1e-3)


def test_ids_come_first_as_words_do() -> None:
    matrix = np.eye(2, dtype=np.float32)
    assert ImageFeatures(["a", "b"], matrix).ids == ["a", "b"]
    with pytest.raises(ParameterError, match=r"ImageFeatures\(ids, matrix\)"):
        ImageFeatures(matrix, ["a", "b"])  # type: ignore[arg-type]
    with pytest.raises(ParameterError, match="ids is one string"):
        ImageFeatures("ab", matrix)
