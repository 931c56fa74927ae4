"""Captions in three parts: from tables, from Karpathy's files, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from wordsight.errors import DataError
from wordsight.grounding.caption_files import karpathy_features
from wordsight.grounding.caption_splits import CaptionSplits
from wordsight.grounding.captions import ImageCaptions
from wordsight.grounding.parts import part_of
from wordsight.images.features import ImageFeatures


def features(*ids: str) -> ImageFeatures:
    return ImageFeatures(ids, np.arange(len(ids), dtype=np.float32)[:, None])


def pairs(captions: ImageCaptions) -> list[tuple[str, str]]:
    return [(captions.features.ids[r], c) for r, c in zip(captions.image_rows, captions.captions, strict=True)]


def karpathy(path: Path, *splits: str) -> Path:
    """Five captions an image, as in Flickr30k and COCO."""
    images = [
        {
            "imgid": i,
            "filename": f"{i}.jpg",
            "split": split,
            "sentences": [{"raw": f"Image {i}, no. {j}."} for j in range(5)],
        }
        for i, split in enumerate(splits)
    ]
    path.write_text(json.dumps({"dataset": "coco", "images": images}))
    return path


def test_a_table_with_splits(tmp_path: Path) -> None:
    path = tmp_path / "captions.csv"
    path.write_text("image,caption,split\na,A dog.,train\nb,A cat.,val\na,Dogs.,training\nc,A bus.,test\n")
    splits = CaptionSplits.from_table(path, features("a", "b", "c"))
    assert pairs(splits.training) == [("a", "A dog."), ("a", "Dogs.")]
    assert [pairs(part) for part in splits.parts[1:]] == [[("b", "A cat.")], [("c", "A bus.")]]
    path.write_text("image,caption,split\na,A dog.,train\nb,A cat.,held out\n")
    with pytest.raises(DataError, match=r"captions\.csv, line 3: the split is 'held out'; write train, val or test"):
        CaptionSplits.from_table(path, features("a", "b"))


def test_a_table_without_splits_is_divided_by_image(tmp_path: Path) -> None:
    ids = [f"images/{i}.jpg" for i in range(200)]
    path = tmp_path / "captions.tsv"
    path.write_text("image\tcaption\n" + "".join(f"{image}\tno. {j} of it\n" for image in ids for j in range(2)))
    splits = CaptionSplits.from_table(path, features(*ids))
    for part, name in zip(splits.parts, ("training", "validation", "test"), strict=True):
        assert sorted({image for image, _ in pairs(part)}) == sorted(i for i in ids if part_of(i) == name)
    assert sum(map(len, splits.parts)) == 400


def test_karpathy_s_file_with_precomputed_features(tmp_path: Path) -> None:
    path = karpathy(tmp_path / "dataset_coco.json", "train", "restval", "val", "test", "test")
    matrix = np.random.default_rng(0).normal(size=(5, 7)).astype(np.float32)
    np.save(tmp_path / "coco.npy", matrix)
    images = karpathy_features(tmp_path / "coco.npy", path, encoder="vgg19")
    assert images.ids == [f"{i}.jpg" for i in range(5)] and images.encoder == "vgg19"
    np.testing.assert_array_equal(images.matrix, matrix)
    splits = CaptionSplits.from_karpathy(path, images)
    assert [len(part) for part in splits.parts] == [10, 5, 10] and splits.features is images
    assert pairs(splits.validation) == [("2.jpg", f"Image 2, no. {j}.") for j in range(5)]
    np.save(tmp_path / "coco.npy", matrix[:4])
    with pytest.raises(DataError, match=r"coco\.npy and .*dataset_coco\.json do not go together"):
        karpathy_features(tmp_path / "coco.npy", path)
    with pytest.raises(DataError, match=r"is not a file of Karpathy's splits"):
        (tmp_path / "other.json").write_text("{}")
        karpathy_features(tmp_path / "coco.npy", tmp_path / "other.json")


def test_what_is_tested_must_not_be_learned() -> None:
    captions = ImageCaptions(["a", "b", "c", "d"], np.array([0, 1, 2, 0]), features("x", "y", "z"))
    with pytest.raises(DataError, match="the image 'x' is in two parts"):
        CaptionSplits.from_parts(captions, ["training", "validation", "test", "test"])
    with pytest.raises(DataError, match="no caption is in the part 'validation'"):
        CaptionSplits.from_parts(captions, ["training", None, "test", None])
    other = ImageCaptions(["a"], np.array([1]), features("x", "y", "z"))
    with pytest.raises(DataError, match="over different images"):
        CaptionSplits(captions.subset(np.array([0])), other, captions.subset(np.array([2])))


def test_a_subset_keeps_what_belongs_to_its_captions() -> None:
    images = features("x", "y", "z")
    captions = ImageCaptions(
        ["a", "b", "c"], np.array([2, 0, 1]), images, languages=["en", "de", "fr"], weights=np.array([1.0, 2.0, 3.0])
    )
    assert captions.languages is not None and captions.weights is not None
    for which in (np.array([2, 0]), np.array([True, False, True])):
        part = captions.subset(which)
        order = [2, 0] if which.dtype != bool else [0, 2]
        assert part.captions == [captions.captions[i] for i in order]
        assert part.languages == [captions.languages[i] for i in order]
        np.testing.assert_array_equal(part.image_rows, captions.image_rows[order])
        np.testing.assert_array_equal(part.weights, captions.weights[order])
