"""Finding images in folders, tables and tar shards."""

from __future__ import annotations

import io
import os
import sys
import tarfile
from pathlib import Path

import pytest

from wordsight.errors import DataError
from wordsight.images._decode import BrokenImage
from wordsight.images.image_files import find_images


def touch(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())


def write_tar(path: Path, members: dict[str, bytes]) -> None:
    with tarfile.open(path, "w") as tar:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))


def test_a_folder_is_read_recursively_in_a_fixed_order(tmp_path: Path) -> None:
    touch(tmp_path, "b/2.JPG", "b/deep/1.png", "a/3.webp", "top.gif", "b/notes.txt", ".hidden/x.png", "a/._3.webp")
    images = find_images(tmp_path)
    assert [(i.id, i.source) for i in images] == [
        ("a/3.webp", "a"),
        ("b/2.JPG", "b"),
        ("b/deep/1.png", "b"),
        ("top.gif", "."),
    ]
    assert [i.read() for i in images] == [i.id.encode() for i in images]


def test_one_folder_alone_is_no_source(tmp_path: Path) -> None:
    touch(tmp_path, "only/1.png", "only/2.png")
    assert [i.source for i in find_images(tmp_path)] == [None, None]


def test_imagenet_s_synsets_are_no_sources(tmp_path: Path) -> None:
    touch(tmp_path, "n01440764/1.png", "n01443537/2.png")
    assert [i.source for i in find_images(tmp_path)] == [None, None]


def test_a_table_names_images_relative_to_its_folder(tmp_path: Path) -> None:
    touch(tmp_path, "in/x/1.png", "in/2.png")
    (tmp_path / "in/table.csv").write_text("word,image,source\ngoose,x/1.png,s\nbird,x/1.png,t\nowl,2.png,t\n")
    images = find_images(tmp_path / "in/table.csv")
    assert [(i.id, i.source, i.read()) for i in images] == [
        ("x/1.png", "s", b"in/x/1.png"),
        ("2.png", "t", b"in/2.png"),
    ]


def test_a_table_may_lie_in_the_folder_its_paths_begin_with(tmp_path: Path) -> None:
    touch(tmp_path, "images/1.png")
    (tmp_path / "images/index.tsv").write_text("path\tlabel\nimages/1.png\tgoose\n")
    (image,) = find_images(tmp_path / "images/index.tsv")
    assert (image.id, image.source, image.read()) == ("images/1.png", None, b"images/1.png")


def test_tables_that_cannot_be_used(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("file,word\na.png,x\n")
    with pytest.raises(DataError, match="no column 'image' or 'path'; its header has: file, word"):
        find_images(table)
    table.write_text("image,word\na.png,x\n,y\n")
    with pytest.raises(DataError, match="row 2 after the header: no image"):
        find_images(table)
    table.write_text("image,source\na.png,x\nb.png,\n")
    with pytest.raises(DataError, match="row 2 after the header: no source"):
        find_images(table)


def test_a_missing_file_is_a_broken_image(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("image\nnowhere.png\n")
    with pytest.raises(BrokenImage, match="No such file"):
        find_images(tmp_path / "t.csv")[0].read()


def test_shards_of_img2dataset(tmp_path: Path) -> None:
    first = {"000000001.jpg": b"one", "000000001.txt": b"caption", "000000001.json": b"{}", "000000002.webp": b"two"}
    write_tar(tmp_path / "00000.tar", first)
    write_tar(tmp_path / "00001.tar", {"d/000010001.PNG": b"three", "d/000010001.mask.png": b"no", "../up.png": b"4"})
    touch(tmp_path, "00000.parquet", "00000_stats.json")
    images = find_images(tmp_path)
    assert [(i.id, i.read()) for i in images] == [
        ("000000001", b"one"),
        ("000000002", b"two"),
        ("d/000010001", b"three"),
        ("../up", b"4"),
    ]
    assert {i.source for i in images} == {None}
    assert [i.id for i in find_images(tmp_path / "00000.tar")] == ["000000001", "000000002"]


def test_a_key_in_two_shards_is_refused(tmp_path: Path) -> None:
    write_tar(tmp_path / "0.tar", {"k.jpg": b"1"})
    write_tar(tmp_path / "1.tar", {"k.png": b"2"})
    with pytest.raises(DataError, match=r"1.tar: the key 'k' is in .*0.tar already"):
        find_images(tmp_path)


@pytest.mark.parametrize("keep", [0, 700, 1200])
def test_a_damaged_tar_file_is_named(tmp_path: Path, keep: int) -> None:
    write_tar(tmp_path / "0.tar", {"k.jpg": bytes(2000)})
    os.truncate(tmp_path / "0.tar", keep)
    with pytest.raises(DataError, match=r"0.tar is not a whole tar file"):
        find_images(tmp_path / "0.tar")


def test_nothing_to_read(tmp_path: Path) -> None:
    touch(tmp_path, "notes.txt")
    with pytest.raises(DataError, match=r"no images in .*\.jpeg \.jpg"):
        find_images(tmp_path)
    with pytest.raises(DataError, match="no such file or folder"):
        find_images(tmp_path / "nowhere")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
@pytest.mark.parametrize("name", [b"line\nbreak.png", b"tab\t.png", b"latin-\xe9.png"])
def test_names_that_cannot_be_ids_are_refused_at_once(tmp_path: Path, name: bytes) -> None:
    (tmp_path / os.fsdecode(name)).write_bytes(b"")
    with pytest.raises(DataError, match="cannot be an id") as caught:
        find_images(tmp_path)
    assert len(str(caught.value).encode().splitlines()) == 1
