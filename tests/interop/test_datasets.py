"""Images and captions as Hugging Face and webdataset keep them, made and read by their own libraries."""

from __future__ import annotations

import gc
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import wordsight as ws
from wordsight.errors import DataError, UnknownNameError
from wordsight.images.encoders.base import ImageEncoder

datasets = pytest.importorskip("datasets")

COLOURS = {"red.png": (200, 0, 0), "green.png": (0, 200, 0), "blue.png": (0, 0, 200)}
TEXTS = ["A red square.", 'Ein grünes, "gutes" Quadrat', "blue, like the sky"]


class MeanColour(ImageEncoder):
    """Three features: the mean red, green and blue."""

    name, n_features, fingerprint = "mean-colour", 3, "1"

    def preprocess(self, image: Image.Image) -> np.ndarray:
        return np.asarray(image.resize((2, 2)), dtype=np.float32).transpose(2, 0, 1)

    def encode(self, batch: np.ndarray) -> np.ndarray:
        means: np.ndarray = batch.mean(axis=(2, 3))
        return means


def picture(colour: tuple[int, int, int]) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "colours").mkdir()
    for name, colour in COLOURS.items():
        (tmp_path / "colours" / name).write_bytes(picture(colour))
    return tmp_path / "colours"


def pairs(captions: ws.ImageCaptions) -> list[tuple[str, str]]:
    return [
        (captions.features.ids[row], text) for row, text in zip(captions.image_rows, captions.captions, strict=True)
    ]


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # datasets leaves metadata.csv open
@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_an_image_folder_that_datasets_reads_alike(folder: Path, tmp_path: Path, ending: str) -> None:
    table = datasets.Dataset.from_dict({"file_name": list(COLOURS), "text": TEXTS})
    path = str(folder / f"metadata.{ending}")
    {"csv": table.to_csv, "jsonl": table.to_json, "parquet": table.to_parquet}[ending](path)
    theirs = datasets.load_dataset(
        "imagefolder", data_dir=str(folder), split="train", cache_dir=str(tmp_path / "cache")
    )
    gc.collect()
    features = ws.ImageFeatures.extract(folder, MeanColour(), dtype="float32", workers=1)
    captions = ws.read_captions(folder, features)
    assert pairs(captions) == list(zip(COLOURS, TEXTS, strict=True))
    for row, (text, image) in enumerate(zip(captions.captions, captions.image_rows, strict=True)):
        assert theirs[row]["text"] == text
        np.testing.assert_array_equal(features.matrix[image], np.asarray(theirs[row]["image"]).mean(axis=(0, 1)))
    from_table = ws.ImageFeatures.extract(path, MeanColour(), dtype="float32", workers=1)
    np.testing.assert_array_equal(from_table.matrix, features.matrix[features.rows(list(COLOURS))])


def test_an_image_folder_with_two_files_of_metadata(folder: Path) -> None:
    for ending in ("csv", "jsonl"):
        (folder / f"metadata.{ending}").write_text("file_name,text\nred.png,red\n")
    features = ws.ImageFeatures(list(COLOURS), np.eye(3))
    with pytest.raises(DataError, match=r"needs one of .*; it has metadata\.csv and metadata\.jsonl"):
        ws.read_captions(folder, features)
    (folder / "metadata.csv").unlink()
    with pytest.raises(DataError, match=r"metadata\.jsonl, line 1 is not valid JSON"):
        ws.read_captions(folder, features)
    (folder / "metadata.jsonl").write_text('{"file_name": "red.png", "text": "red"}\n\n["blue.png"]\n')
    with pytest.raises(DataError, match=r"metadata\.jsonl, line 3: a JSON object is needed"):
        ws.read_captions(folder, features)
    (folder / "metadata.jsonl").write_text('{"file_name": "red.png", "text": "red"}\n\n{"file_name": "blue.png"}\n')
    with pytest.raises(DataError, match=r"metadata\.jsonl, line 3: the caption is empty"):
        ws.read_captions(folder, features)


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # webdataset leaves its files open
def test_shards_that_webdataset_writes_and_reads(tmp_path: Path) -> None:
    webdataset = pytest.importorskip("webdataset")
    with webdataset.TarWriter(str(tmp_path / "00000.tar")) as shard:
        for (name, colour), text in zip(COLOURS.items(), TEXTS, strict=True):
            extra = {"json": {"caption": text}} if name == "red.png" else {"txt": text}
            shard.write({"__key__": f"part/{Path(name).stem}", "png": picture(colour), **extra})
    features = ws.ImageFeatures.extract(tmp_path, MeanColour(), dtype="float32", workers=1)
    captions = ws.read_captions(tmp_path, features)
    theirs = list(webdataset.WebDataset(str(tmp_path / "00000.tar"), shardshuffle=False).decode("rgb"))
    gc.collect()
    assert pairs(captions) == [
        (sample["__key__"], sample["txt"] if "txt" in sample else sample["json"]["caption"]) for sample in theirs
    ]
    for sample, row in zip(theirs, captions.image_rows, strict=True):
        np.testing.assert_allclose(features.matrix[row], sample["png"].mean(axis=(0, 1)) * 255, rtol=0, atol=1e-4)


def hub_dataset(**columns: Any) -> Any:
    images = [{"bytes": picture(colour), "path": None} for colour in COLOURS.values()]
    types = {"image": datasets.Image()}
    made = datasets.Dataset.from_dict({"image": images, **columns})
    return made.cast_column("image", types["image"])


def test_a_dataset_of_images_with_their_captions() -> None:
    dataset = hub_dataset(caption=[[TEXTS[0], "red", ""], [TEXTS[1]], [TEXTS[2], "blau"]], lang=["en", "de", "en"])
    features = ws.features_from_dataset(dataset, MeanColour(), batch_size=2)
    np.testing.assert_array_equal(features.matrix, np.array(list(COLOURS.values())))
    captions = ws.captions_from_dataset(dataset, features, language="lang")
    assert captions.captions == [TEXTS[0], "red", TEXTS[1], TEXTS[2], "blau"]
    assert captions.image_rows.tolist() == [0, 0, 1, 2, 2] and captions.languages == ["en", "en", "de", "en", "en"]


def test_a_dataset_that_names_the_images_of_a_folder() -> None:
    features = ws.ImageFeatures(list(COLOURS), np.eye(3))
    dataset = datasets.Dataset.from_dict({"name": ["blue.png", "red.png"], "text": [" Blue ", "Red"]})
    captions = ws.captions_from_dataset(dataset, features, caption="text", image="name")
    assert pairs(captions) == [("blue.png", "Blue"), ("red.png", "Red")] and captions.languages is None


def test_datasets_that_cannot_be_used() -> None:
    features = ws.ImageFeatures(["0", "1"], np.eye(2))
    dataset = hub_dataset(caption=TEXTS, number=[1, 2, 3])
    with pytest.raises(UnknownNameError, match="unknown column 'captoin'; did you mean 'caption'"):
        ws.captions_from_dataset(dataset, features, caption="captoin")
    with pytest.raises(UnknownNameError, match="row 2: unknown image '2'"):
        ws.captions_from_dataset(dataset, features)
    with pytest.raises(DataError, match="row 0: the caption is of the type int"):
        ws.captions_from_dataset(dataset, features, caption="number")
    with pytest.raises(DataError, match=r"row 0: the image is of the type .*, not an id"):
        ws.captions_from_dataset(dataset, features, image="image")
    with pytest.raises(DataError, match=r"the column 'caption' is of the type .*; images are needed"):
        ws.features_from_dataset(dataset, MeanColour(), image="caption")
    broken = datasets.Dataset.from_dict({"image": [{"bytes": b"no image", "path": None}]})
    with pytest.raises(DataError, match="row 0: the image cannot be read"):
        ws.features_from_dataset(broken.cast_column("image", datasets.Image()), MeanColour())
