"""Finding images in folders, tables and tar shards."""

from __future__ import annotations

import io
import os
import sys
import tarfile
from pathlib import Path

import pytest

from wordsight.errors import DataError, ParameterError, UnknownNameError
from wordsight.images.decoding import BrokenImage
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
    touch(tmp_path, "b/2.JPG", "b/deep/1.png", "a/3.webp", "top.gif", ".hidden/x.png", "a/._3.webp")
    images = find_images(tmp_path)
    assert [i.id for i in images] == ["a/3.webp", "b/2.JPG", "b/deep/1.png", "top.gif"]
    assert [i.read() for i in images] == [i.id.encode() for i in images]


def test_folders_are_sources_only_if_the_user_says_so(tmp_path: Path) -> None:
    touch(tmp_path, "b/2.png", "b/deep/1.png", "n01440764/3.png", "top.png")
    assert {i.source for i in find_images(tmp_path)} == {None}
    assert [i.source for i in find_images(tmp_path, sources="folders")] == ["b", "b", "n01440764", "."]
    given = {"b/2.png": "x", "b/deep/1.png": "y", "n01440764/3.png": "x", "top.png": "y"}
    assert [i.source for i in find_images(tmp_path, sources=given)] == ["x", "y", "x", "y"]
    assert [i.source for i in find_images(tmp_path, sources=list("pqrs"))] == list("pqrs")
    with pytest.raises(DataError, match="4 images but 1 sources"):
        find_images(tmp_path, sources=["p"])
    with pytest.raises(UnknownNameError, match="write 'folders', or leave it out"):
        find_images(tmp_path, sources="vendors")
    with pytest.raises(ParameterError, match="is no table of images"):
        find_images(tmp_path, source_column="vendor")


def test_files_that_are_passed_over_are_reported(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    touch(tmp_path, "a/1.HEIC", "a/2.heic", "b/notes.txt", "README")
    with pytest.raises(DataError, match=r"no images in .*, but other files: 2 \.heic, .*; files with these endings"):
        find_images(tmp_path)
    touch(tmp_path, "c.png")
    assert [i.id for i in find_images(tmp_path)] == ["c.png"]
    (message,) = caplog.messages
    assert "4 files are skipped because of their endings: 2 .heic, " in message
    assert "1 .txt" in message and "1 no ending" in message


def test_a_table_may_name_the_column_of_sources(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("image,vendor,source\na.png,noto,s\nb.png,fluent,s\n")
    assert [i.source for i in find_images(tmp_path / "t.csv")] == ["s", "s"]
    assert [i.source for i in find_images(tmp_path / "t.csv", source_column="vendor")] == ["noto", "fluent"]
    assert [i.source for i in find_images(tmp_path / "t.csv", sources={"a.png": "1", "b.png": "2"})] == ["1", "2"]
    with pytest.raises(DataError, match="no column 'artist'; its header has: image, vendor, source"):
        find_images(tmp_path / "t.csv", source_column="artist")
    with pytest.raises(ParameterError, match="say the images' sources in one way"):
        find_images(tmp_path / "t.csv", sources="folders", source_column="vendor")


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
    with pytest.raises(DataError, match="no column 'image' or 'path' or 'file_name'; its header has: file, word"):
        find_images(table)
    table.write_text("image,word\na.png,x\n,y\n")
    with pytest.raises(DataError, match="line 3: no image"):
        find_images(table)
    table.write_text("image,source\na.png,x\nb.png,\n")
    with pytest.raises(DataError, match="line 3: no source"):
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
