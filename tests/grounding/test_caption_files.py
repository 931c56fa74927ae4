"""Loaders of published caption collections, on tiny files of their formats."""

from __future__ import annotations

import gzip
import io
import json
import logging
import tarfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wordsight.errors import DataError
from wordsight.grounding.caption_files import (
    coco_captions,
    conceptual_captions,
    img2dataset_captions,
    karpathy_captions,
)
from wordsight.grounding.captions import ImageCaptions
from wordsight.images.features import ImageFeatures


def features(*ids: str) -> ImageFeatures:
    return ImageFeatures(ids, np.arange(len(ids), dtype=np.float32)[:, None])


def pairs(captions: ImageCaptions) -> list[tuple[str, str]]:
    return [
        (captions.features.ids[row], text) for row, text in zip(captions.image_rows, captions.captions, strict=True)
    ]


def write(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def shard(path: Path, files: dict[str, str | bytes]) -> Path:
    with tarfile.open(path, "w") as tar:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


COCO = {
    "info": {"year": 2017},
    "images": [{"id": 9, "file_name": "000000000009.jpg"}, {"id": 25, "file_name": "000000000025.jpg"}],
    "annotations": [
        {"image_id": 25, "id": 1, "caption": "A giraffe eating leaves.\n"},
        {"image_id": 9, "id": 2, "caption": "Food on a tray."},
        {"image_id": 25, "id": 3, "caption": " "},
        {"image_id": 25, "id": 4, "caption": "Two giraffes."},
    ],
}
KARPATHY = {
    "dataset": "flickr30k",
    "images": [
        {"imgid": 0, "filename": "1.jpg", "split": "train", "sentences": [{"raw": "A dog.", "tokens": ["a", "dog"]}]},
        {"imgid": 1, "filename": "2.jpg", "split": "test", "sentences": [{"raw": "A cat."}, {"raw": "Cats é."}]},
        {"imgid": 2, "filename": "3.jpg", "split": "val", "sentences": [{"raw": "A bus."}]},
    ],
}


def test_coco(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = write(tmp_path / "captions_train2017.json", COCO)
    images = features("train2017/000000000025.jpg", "train2017/000000000009.jpg")
    with caplog.at_level(logging.WARNING):
        found = pairs(coco_captions(path, images))
    assert found == [
        ("train2017/000000000025.jpg", "A giraffe eating leaves."),
        ("train2017/000000000009.jpg", "Food on a tray."),
        ("train2017/000000000025.jpg", "Two giraffes."),
    ]
    assert "1 of 4 captions left out" in caplog.text


def test_captions_of_other_images_are_counted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = write(tmp_path / "captions.json", COCO)
    with caplog.at_level(logging.WARNING):
        assert len(coco_captions(path, features("000000000009.jpg"))) == 1
    assert "3 of 4 captions left out" in caplog.text


def test_a_file_name_that_two_images_have_is_no_name(tmp_path: Path) -> None:
    path = write(tmp_path / "captions.json", COCO)
    images = features("a/000000000009.jpg", "b/000000000009.jpg", "000000000025.jpg")
    assert {image for image, _ in pairs(coco_captions(path, images))} == {"000000000025.jpg"}


def test_karpathy_splits(tmp_path: Path) -> None:
    path = tmp_path / "dataset_flickr30k.json.gz"
    path.write_bytes(gzip.compress(json.dumps(KARPATHY).encode()))
    images = features("1.jpg", "2.jpg", "3.jpg")
    everything = [("1.jpg", "A dog."), ("2.jpg", "A cat."), ("2.jpg", "Cats é."), ("3.jpg", "A bus.")]
    assert pairs(karpathy_captions(path, images)) == everything
    assert pairs(karpathy_captions(path, images, ["test", "val"])) == everything[1:]
    with pytest.raises(DataError, match=r"no image of the split restval; it has: test, train, val"):
        karpathy_captions(path, images, ["restval"])


def test_img2dataset_shards(tmp_path: Path) -> None:
    folder = tmp_path / "shards"
    folder.mkdir()
    shard(
        folder / "00000.tar",
        {
            "000000000.jpg": b"\xff\xd8",
            "000000000.json": json.dumps({"caption": "not this", "url": "http://a", "key": "000000000"}),
            "000000000.txt": "a red bus ",
            "000000001.jpg": b"\xff\xd8",
            "000000001.json": json.dumps({"caption": "a dog", "url": "http://b"}),
            "000000002.jpg": b"\xff\xd8",
            "000000002.json": json.dumps({"caption": None, "url": "http://c"}),
        },
    )
    shard(folder / "00001.tar", {"000010000.txt": "pizza é", "000010000.jpg": b"\xff\xd8"})
    images = features("000010000", "000000000", "000000001", "000000002")
    assert pairs(img2dataset_captions(folder, images)) == [
        ("000000000", "a red bus"),
        ("000000001", "a dog"),
        ("000010000", "pizza é"),
    ]
    assert pairs(img2dataset_captions(folder / "00001.tar", images)) == [("000010000", "pizza é")]


def test_conceptual_captions(tmp_path: Path) -> None:
    path = tmp_path / "Train_GCC-training.tsv"
    path.write_text('a bus in the city\thttp://b\na man "at" sea\thttp://gone\nthe dog\thttp://a\n', encoding="utf-8")
    shards = shard(
        tmp_path / "00000.tar",
        {
            "000000000.json": json.dumps({"url": "http://a"}),
            "000000001.json": json.dumps({"url": "http://b"}),
            "000000001.txt": "something else",
        },
    )
    images = features("000000000", "000000001")
    assert pairs(conceptual_captions(path, shards, images)) == [
        ("000000001", "a bus in the city"),
        ("000000000", "the dog"),
    ]
    path.write_text("a bus\thttp://b\nno address\n", encoding="utf-8")
    with pytest.raises(DataError, match="line 2: 1 fields; a caption, a tab and an address"):
        conceptual_captions(path, shards, images)


@pytest.mark.parametrize(
    ("load", "content", "message"),
    [
        (coco_captions, {"images": []}, "not a file of COCO's captions: it lacks 'annotations'"),
        (coco_captions, ["x"], "not a file of COCO's captions: it is built otherwise"),
        (
            coco_captions,
            {"images": [], "annotations": []},
            "none of its images is among the features; it has no captions",
        ),
        (coco_captions, COCO, "its images look like 000000000025.jpg, those of the features like x.jpg"),
        (karpathy_captions, COCO, "not a file of Karpathy's splits: it lacks 'split'"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, load: Any, content: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        load(write(tmp_path / "captions.json", content), features("x.jpg"))


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "half.json").write_text('{"images": [')
    with pytest.raises(DataError, match=r"half\.json is not valid JSON"):
        coco_captions(tmp_path / "half.json", features("x"))
    (tmp_path / "half.tar").write_bytes(b"no tar" * 200)
    with pytest.raises(DataError, match=r"half\.tar is not a whole tar file"):
        img2dataset_captions(tmp_path / "half.tar", features("x"))
    with pytest.raises(DataError, match=r"0\.json is not valid JSON"):
        img2dataset_captions(shard(tmp_path / "bad.tar", {"0.json": "{"}), features("x"))
    with pytest.raises(DataError, match=r"the text of 0\.txt is not UTF-8"):
        img2dataset_captions(shard(tmp_path / "latin.tar", {"0.txt": b"caf\xe9"}), features("x"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match=r"no \.tar files"):
        img2dataset_captions(tmp_path / "empty", features("x"))
