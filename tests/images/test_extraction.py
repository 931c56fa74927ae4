"""Extraction with a small encoder made for the purpose: order, broken images, stopping and going on."""

from __future__ import annotations

import io
import tarfile
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from wordsight.errors import DataError, ParameterError, WriteError
from wordsight.images.encoders.base import ImageEncoder
from wordsight.images.features import ImageFeatures


class MeanColour(ImageEncoder):
    """Three features: the mean red, green and blue. Can be told to fail at an image."""

    name = "mean-colour"
    n_features = 3
    fingerprint = "1"

    def __init__(self, fail_after: int | None = None, error: BaseException | None = None, factor: float = 1) -> None:
        self.n_encoded = 0
        self.fail_after, self.error, self.factor = fail_after, error, factor

    def preprocess(self, image: Image.Image) -> np.ndarray:
        return np.asarray(image.resize((4, 4)), dtype=np.float32).transpose(2, 0, 1)

    def encode(self, batch: np.ndarray) -> np.ndarray:
        if self.error is not None and self.fail_after is not None and self.n_encoded >= self.fail_after:
            raise self.error
        self.n_encoded += len(batch)
        means: np.ndarray = batch.mean(axis=(2, 3))
        return means * self.factor


def colour(index: int) -> tuple[int, int, int]:
    return (index, 255 - index, (7 * index) % 256)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Forty images of one colour each."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for index in range(40):
        Image.new("RGB", (6, 5), colour(index)).save(folder / f"{index:02}.png")
    return folder


def extract(source: Path, directory: Path | None, encoder: ImageEncoder | None = None, **options: Any) -> ImageFeatures:
    options = {"batch_size": 4, "workers": 3} | options
    return ImageFeatures.extract(source, encoder or MeanColour(), directory=directory, **options)


def test_each_image_gets_its_own_row(photos: Path, tmp_path: Path) -> None:
    features = extract(photos, tmp_path / "out")
    assert features.ids == [f"{index:02}.png" for index in range(40)]
    np.testing.assert_array_equal(features.matrix, [colour(index) for index in range(40)])
    assert features.matrix.dtype == np.float16
    assert (features.encoder, features.sources) == ("mean-colour", None)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "photos"]
    assert not (tmp_path / "out/broken.tsv").exists()


def test_without_a_directory_the_features_stay_in_memory(photos: Path, tmp_path: Path) -> None:
    features = extract(photos, None, dtype="float32", batch_size=7)
    np.testing.assert_array_equal(features.matrix, [colour(index) for index in range(40)])
    assert features.matrix.dtype == np.float32
    assert [path.name for path in tmp_path.iterdir()] == ["photos"]


@pytest.mark.parametrize("workers", [1, 3])
def test_a_parallel_encoder_gives_the_same_rows_and_computes_on_one_thread_each(
    photos: Path, tmp_path: Path, workers: int
) -> None:
    threads, before = set(), torch.get_num_threads()

    class Parallel(MeanColour):
        parallel = True

        def encode(self, batch: np.ndarray) -> np.ndarray:
            threads.add((threading.current_thread().name.rpartition("_")[0], torch.get_num_threads()))
            return super().encode(batch)

    (photos / "07.png").write_bytes(b"broken")
    features = extract(photos, tmp_path / "out", Parallel(), workers=workers, batch_size=3)
    np.testing.assert_array_equal(features.matrix, [colour(index) for index in range(40) if index != 7])
    assert threads == {("encode", 1)} and torch.get_num_threads() == before


def test_tar_shards_and_tables_give_the_same_as_the_folder(photos: Path, tmp_path: Path) -> None:
    expected = extract(photos, None).matrix
    (tmp_path / "shards").mkdir()
    for shard in range(2):
        with tarfile.open(tmp_path / f"shards/{shard:05}.tar", "w") as tar:
            for index in range(20 * shard, 20 * shard + 20):
                tar.add(photos / f"{index:02}.png", f"{index:09}.png")
                tar.addfile(tarfile.TarInfo(f"{index:09}.txt"), io.BytesIO())
    from_shards = extract(tmp_path / "shards", tmp_path / "a")
    np.testing.assert_array_equal(from_shards.matrix, expected)
    assert from_shards.ids[-1] == "000000039"
    rows = "".join(f"photos/{index:02}.png\tvendor{index % 2}\n" for index in range(40))
    (tmp_path / "table.tsv").write_text("image\tsource\n" + rows)
    from_table = extract(tmp_path / "table.tsv", tmp_path / "b")
    np.testing.assert_array_equal(from_table.matrix, expected)
    assert from_table.sources == [f"vendor{index % 2}" for index in range(40)]


def test_broken_images_are_skipped_and_listed(photos: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (photos / "07.png").write_bytes(b"not found")
    whole = (photos / "30.png").read_bytes()
    (photos / "30.png").write_bytes(whole[:50])
    features = extract(photos, tmp_path / "out")
    good = [index for index in range(40) if index not in (7, 30)]
    assert features.ids == [f"{index:02}.png" for index in good]
    np.testing.assert_array_equal(features.matrix, [colour(index) for index in good])
    lines = (tmp_path / "out/broken.tsv").read_text().splitlines()
    assert [line.split("\t")[0] for line in lines] == ["id", "07.png", "30.png"]
    assert lines[1] == "07.png\tnot an image of a known format"
    assert "2 of 40 images are broken" in caplog.text


def test_too_many_broken_images_are_an_error_and_leave_nothing(photos: Path, tmp_path: Path) -> None:
    for index in (3, 4, 5):
        (photos / f"{index:02}.png").write_bytes(b"")
    message = r"3 of 40 images are broken, more than max_broken=0.05 allows: 03.png \(not an image"
    with pytest.raises(DataError, match=message):
        extract(photos, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["photos"]
    assert len(extract(photos, tmp_path / "out", max_broken=0.1)) == 37


def test_only_broken_images_are_an_error_whatever_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos/1.png").write_bytes(b"")
    with pytest.raises(DataError, match="all 1 images are broken"):
        extract(tmp_path / "photos", tmp_path / "out", max_broken=1)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("the GPU fell off")])
def test_a_stopped_run_goes_on_where_it_was(photos: Path, tmp_path: Path, error: BaseException) -> None:
    (photos / "02.png").write_bytes(b"broken")
    with pytest.raises(type(error)):
        extract(photos, tmp_path / "out", MeanColour(fail_after=15, error=error))
    assert not (tmp_path / "out").exists()
    second = MeanColour()
    features = extract(photos, tmp_path / "out", second, batch_size=5)
    assert second.n_encoded == 40 - 16  # 15 encoded and 1 broken before
    good = [index for index in range(40) if index != 2]
    np.testing.assert_array_equal(features.matrix, [colour(index) for index in good])
    assert "02.png" in (tmp_path / "out/broken.tsv").read_text()
    assert not (tmp_path / "out.partial").exists()


def test_rows_after_the_last_save_do_not_count(photos: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        extract(photos, tmp_path / "out", MeanColour(fail_after=12, error=KeyboardInterrupt()))
    with (tmp_path / "out.partial/rows.bin").open("ab") as stream:
        stream.write(b"written just before the power failed")
    features = extract(photos, tmp_path / "out")
    np.testing.assert_array_equal(features.matrix, [colour(index) for index in range(40)])


@pytest.fixture
def stopped(photos: Path, tmp_path: Path) -> Path:
    with pytest.raises(KeyboardInterrupt):
        extract(photos, tmp_path / "out", MeanColour(fail_after=12, error=KeyboardInterrupt()))
    return tmp_path / "out"


def test_another_setting_is_refused_by_name(photos: Path, stopped: Path) -> None:
    with pytest.raises(DataError, match=r"out.partial was begun with dtype 'float16', not 'float32'; .* or delete"):
        extract(photos, stopped, dtype="float32")
    other = MeanColour()
    other.fingerprint = "2"
    with pytest.raises(DataError, match="begun with encoder fingerprint '1', not '2'"):
        extract(photos, stopped, other)
    (photos / "05.png").rename(photos / "05b.png")
    with pytest.raises(DataError, match=r"image '05b.png \(\d+ bytes\)' was '05.png \("):
        extract(photos, stopped)
    (photos / "05b.png").rename(photos / "05.png")
    (photos / "39.png").unlink()
    with pytest.raises(DataError, match="there were 40 images, now 39"):
        extract(photos, stopped)
    Image.new("RGB", (6, 5), colour(39)).save(photos / "39.png")
    assert len(extract(photos, stopped)) == 40  # nothing was lost by the refusals


def test_a_damaged_partial_folder_is_refused(photos: Path, stopped: Path) -> None:
    (stopped.with_name("out.partial") / "rows.bin").write_bytes(b"")
    with pytest.raises(DataError, match="is damaged; delete it to begin anew"):
        extract(photos, stopped)


@pytest.mark.parametrize(("factor", "dtype"), [(np.nan, "float32"), (1e6, "float16")])
def test_features_that_are_not_finite_name_the_image(photos: Path, tmp_path: Path, factor: float, dtype: str) -> None:
    with pytest.raises(DataError, match=f"mean-colour gives features that are not finite in {dtype} for 00.png"):
        extract(photos, tmp_path / "out", MeanColour(factor=factor), dtype=dtype)
    assert [path.name for path in tmp_path.iterdir()] == ["photos"]


def test_a_full_disk_is_an_error_that_keeps_what_there_is(photos: Path, stopped: Path) -> None:
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (120, hard))  # rows.bin becomes 240 bytes long
    try:
        with pytest.raises(WriteError, match=r"cannot write .*out.partial: .*; free some space and run it again"):
            extract(photos, stopped)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not stopped.exists()
    features = extract(photos, stopped)
    np.testing.assert_array_equal(features.matrix, [colour(index) for index in range(40)])


def test_a_foreign_folder_is_refused_before_the_work(photos: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/thesis.txt").touch()
    encoder = MeanColour()
    with pytest.raises(WriteError, match="not written by wordsight"):
        extract(photos, tmp_path / "out", encoder)
    assert encoder.n_encoded == 0


def test_settings_that_make_no_sense(photos: Path) -> None:
    for options in ({"batch_size": 0}, {"workers": -1}, {"dtype": "int8"}, {"max_broken": 2.0}):
        with pytest.raises(ParameterError, match=next(iter(options))):
            extract(photos, None, **options)
