"""Fetching: from a server on this machine, which can break off, and without a network."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.datasets.conftest import CONTENT, Server

from wordsight.datasets import fetch
from wordsight.datasets.fetch import get
from wordsight.datasets.registry import Dataset, RemoteFile
from wordsight.errors import DataError, UnknownNameError
from wordsight.storage.caches import cache_folder

pytest.importorskip("pooch")

SHA256 = hashlib.sha256(CONTENT).hexdigest()


def make(*files: RemoteFile, name: str = "tiny") -> Dataset:
    return Dataset(name, "w", "https://example.org", "l", "c", "f", "ask its authors for it", files)


def names(directory: Path) -> list[str]:
    return sorted(p.name for p in directory.iterdir())


def test_fetched_once(server: Server, tmp_path: Path) -> None:
    tiny = make(RemoteFile("pairs.txt", f"{server.url}/pairs.txt", SHA256))
    assert get(tiny, tmp_path / "new") == [tmp_path / "new/pairs.txt"]
    assert (tmp_path / "new/pairs.txt").read_bytes() == CONTENT
    get(tiny, tmp_path / "new")
    assert server.asked == [("/pairs.txt", None)]
    assert names(tmp_path / "new") == ["pairs.txt"]


def test_goes_on_where_the_connection_broke(server: Server, tmp_path: Path) -> None:
    tiny = make(RemoteFile("pairs.txt", f"{server.url}/pairs.txt", SHA256))
    server.break_after = 30_000
    with pytest.raises(DataError, match="broke after 30000 of 80000 bytes; try again to go on"):
        get(tiny, tmp_path)
    assert not (tmp_path / "pairs.txt").exists()
    get(tiny, tmp_path)
    assert server.asked[-1] == ("/pairs.txt", "bytes=30000-")
    assert (tmp_path / "pairs.txt").read_bytes() == CONTENT
    assert names(tmp_path) == ["pairs.txt"]


@pytest.mark.parametrize("left", [b"something else", CONTENT])
def test_what_was_left_of_no_use(server: Server, tmp_path: Path, left: bytes) -> None:
    """A server without ranges sends all again; a part that is whole already is fetched anew."""
    server.ranges = len(left) == len(CONTENT)
    (tmp_path / ".pairs.txt.part").write_bytes(left)
    get(make(RemoteFile("pairs.txt", f"{server.url}/pairs.txt", SHA256)), tmp_path)
    assert (tmp_path / "pairs.txt").read_bytes() == CONTENT


def test_wrong_checksum_leaves_nothing(server: Server, tmp_path: Path) -> None:
    tiny = make(RemoteFile("pairs.txt", f"{server.url}/pairs.txt", "0" * 64))
    with pytest.raises(DataError, match=r"pairs\.txt is not the file that was expected"):
        get(tiny, tmp_path)
    assert names(tmp_path) == []


def test_a_file_put_in_place_is_taken(server: Server, tmp_path: Path) -> None:
    (tmp_path / "pairs.txt").write_bytes(b"mine")
    get(make(RemoteFile("pairs.txt", f"{server.url}/pairs.txt")), tmp_path)
    assert (tmp_path / "pairs.txt").read_bytes() == b"mine" and server.asked == []


def zipped(member: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(member, CONTENT)
    return stream.getvalue()


def tarred(member: str) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        entry = tarfile.TarInfo(member)
        entry.size = len(CONTENT)
        archive.addfile(entry, io.BytesIO(CONTENT))
    return stream.getvalue()


@pytest.mark.parametrize(("archive", "pack"), [("a.zip", zipped), ("a.tar.gz", tarred)])
def test_out_of_an_archive(server: Server, tmp_path: Path, archive: str, pack: Callable[[str], bytes]) -> None:
    server.files[f"/{archive}"] = pack("sub/pairs.txt")
    tiny = make(RemoteFile("pairs.txt", f"{server.url}/{archive}", member="sub/pairs.txt"))
    assert get(tiny, tmp_path)[0].read_bytes() == CONTENT
    assert names(tmp_path) == ["pairs.txt"]
    server.files[f"/{archive}"] = pack("other")
    with pytest.raises(DataError, match=r"has no sub/pairs\.txt"):
        get(tiny, tmp_path / "again")
    server.files[f"/{archive}"] = b"no archive at all"
    with pytest.raises(DataError, match="is damaged"):
        get(tiny, tmp_path / "third")


def test_without_a_network_the_error_names_the_file(tmp_path: Path) -> None:
    # Nothing listens at port 9 of this machine.
    tiny = make(RemoteFile("pairs.txt", "http://127.0.0.1:9/pairs.txt"))
    with pytest.raises(DataError) as caught:
        get(tiny, tmp_path)
    message = str(caught.value)
    assert "cannot fetch http://127.0.0.1:9/pairs.txt" in message
    assert f"put it at {tmp_path / 'pairs.txt'}" in message and "\n" not in message
    assert names(tmp_path) == []


def test_missing_on_the_server(server: Server, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"cannot fetch .*/gone\.txt \(Not Found\)"):
        get(make(RemoteFile("gone.txt", f"{server.url}/gone.txt")), tmp_path)


def test_what_is_not_free_says_how_to_obtain_it(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"not free to fetch: ask for it with the form .*put .*flickr30k\.tsv there"):
        get("flickr30k", tmp_path)
    with pytest.raises(DataError, match="imagenet is not free to fetch: register"):
        get("imagenet", tmp_path)
    (tmp_path / "flickr30k.tsv").write_text("image\tcaption\n")
    assert get("flickr30k", tmp_path) == [tmp_path / "flickr30k.tsv"]
    with pytest.raises(UnknownNameError):
        get("nothing-like-it", tmp_path)


def test_the_cache_is_where_the_variable_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    monkeypatch.setenv("WORDSIGHT_CACHE", str(tmp_path))
    assert get(make(RemoteFile("pairs.txt", f"{server.url}/pairs.txt"))) == [cache_folder("data") / "tiny/pairs.txt"]
    assert (tmp_path / "data/tiny/pairs.txt").is_file()


def archived(path: Path, content: bytes, method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("../a.txt", content)
    return path


def test_one_member_goes_to_one_path_wherever_it_says(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    archive = archived(tmp_path / "in/a.zip", b"goose")
    fetch._extract(archive, "../a.txt", tmp_path / "in/b.txt")
    assert sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*")) == ["in", "in/b.txt"]
    assert (tmp_path / "in/b.txt").read_bytes() == b"goose"


@pytest.mark.parametrize("damage", ["bomb", "cut", "absent", "byte", "link"])
def test_archives_that_cannot_be_unpacked(tmp_path: Path, damage: str) -> None:
    content, member = os.urandom(5000), "absent" if damage == "absent" else "../a.txt"
    archive = archived(tmp_path / "a.zip", bytes(2**27) if damage == "bomb" else content)
    data = archive.read_bytes()
    if damage == "cut":
        archive.write_bytes(data[:2000])
    if damage == "byte":
        archive.write_bytes(data[:1000] + b"?" * 10 + data[1010:])
    if damage == "link":
        with tarfile.open(archive, "w") as tar:
            info = tarfile.TarInfo("../a.txt")
            info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
            tar.addfile(info)
    with pytest.raises(DataError, match=r"a\.zip is damaged or has no (absent|\.\./a\.txt) \(.*; delete it and fetch"):
        fetch._extract(archive, member, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]
