"""Formats of captions: found by content, named by the user, or neither."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from tests.grounding.test_caption_files import COCO, KARPATHY, features, pairs, shard

from wordsight.errors import DataError, ParameterError, UnknownNameError
from wordsight.grounding.caption_formats import FORMATS, read_captions, sniffed

FLICKR = "1.jpg#0\tA dog .\n1.jpg#1\tIt runs .\n2.jpg#0\tA cat .\n"


def make(folder: Path, name: str) -> Path:
    """A tiny file of a format; all have an image 1.jpg with the caption "A dog." or a like one."""
    if name == "img2dataset":
        return shard(folder / "00000.tar", {"1.jpg": b"", "1.txt": "A dog."})
    if name == "imagefolder":
        (folder / "pets").mkdir()
        (folder / "pets/metadata.csv").write_text("file_name,text\n1.jpg,A dog.\n")
        return folder / "pets"
    content: dict[str, tuple[str, str]] = {
        "karpathy": ("dataset_flickr30k.json", json.dumps(KARPATHY)),
        "coco": ("captions_train2017.json", json.dumps(COCO)),
        "flickr": ("results.token", FLICKR),
        "conceptual": ("train.tsv", "A dog.\thttp://example.org/1.jpg\n"),
        "table": ("captions.csv", "image,caption\n1.jpg,A dog.\n"),
    }
    file, text = content[name]
    (folder / file).write_text(text)
    return folder / file


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_found_by_its_content(tmp_path: Path, name: str) -> None:
    path = make(tmp_path, name)
    assert sniffed(path) == name
    if name not in ("img2dataset", "imagefolder"):
        packed = tmp_path / f"packed{path.suffix}.gz"
        packed.write_bytes(gzip.compress(path.read_bytes()))
        assert sniffed(packed) == name


def test_each_format_is_read_by_its_reader(tmp_path: Path) -> None:
    images = features("1.jpg", "2.jpg", "000000000025.jpg")

    def read(name: str, splits: list[str] | None = None) -> list[tuple[str, str]]:
        return pairs(read_captions(make(tmp_path, name), images, splits=splits))

    assert read("karpathy", splits=["test"]) == [("2.jpg", "A cat."), ("2.jpg", "Cats é.")]
    assert read("coco") == [("000000000025.jpg", "A giraffe eating leaves."), ("000000000025.jpg", "Two giraffes.")]
    assert read("flickr") == [("1.jpg", "A dog ."), ("1.jpg", "It runs ."), ("2.jpg", "A cat .")]
    assert read("table") == read("imagefolder") == [("1.jpg", "A dog.")]
    assert pairs(read_captions(make(tmp_path, "img2dataset"), features("1"))) == [("1", "A dog.")]


def test_conceptual_captions_need_their_shards(tmp_path: Path) -> None:
    path = make(tmp_path, "conceptual")
    with pytest.raises(ParameterError, match=r"train\.tsv names images by address; name the shards"):
        read_captions(path, features("7"))
    facts = json.dumps({"url": "http://example.org/1.jpg", "caption": "x"})
    shards = shard(tmp_path / "0.tar", {"7.jpg": b"", "7.json": facts})
    assert pairs(read_captions(path, features("7"), shards=shards)) == [("7", "A dog.")]


def test_what_makes_no_sense_is_refused(tmp_path: Path) -> None:
    images = features("1.jpg")
    with pytest.raises(UnknownNameError, match="unknown format of captions 'karpaty'; did you mean 'karpathy'"):
        read_captions(make(tmp_path, "table"), images, format="karpaty")
    with pytest.raises(DataError, match=r"no such captions: .*absent"):
        read_captions(tmp_path / "absent.json", images)
    with pytest.raises(DataError, match="is not a file of COCO's captions"):
        read_captions(make(tmp_path, "karpathy"), images, format="coco")
    wrong = tmp_path / "wrong.token"
    wrong.write_text(FLICKR + "no number\tA bus .\n")
    with pytest.raises(DataError, match=r"wrong\.token, line 4: an image with #number, a tab and a caption"):
        read_captions(wrong, images)
