"""Fetches data sets: into a cache, resumed where a connection broke, and checked."""

from __future__ import annotations

import contextlib
import http.client
import logging
import lzma
import os
import shutil
import tarfile
import urllib.error
import urllib.request
import zipfile
import zlib
from pathlib import Path
from typing import IO, Any

from wordsight.datasets.registry import Dataset, RemoteFile, dataset
from wordsight.errors import DataError, WriteError
from wordsight.extras import require
from wordsight.progress import progress
from wordsight.storage.atomic import replace_file
from wordsight.storage.caches import cache_folder
from wordsight.storage.streams import expansion_limit

log = logging.getLogger(__name__)

TIMEOUT = 30.0
"""Seconds without a byte after which a connection counts as broken."""
_CHUNK = 1 << 18


def get(name: str | Dataset, directory: str | os.PathLike[str] | None = None) -> list[Path]:
    """Brings a data set's files into a directory and returns their paths; files that are there already are kept.

    Args:
        name: a data set's name, as :func:`~wordsight.datasets.registry.listing` gives it, or a Dataset.
        directory: the folder for the files; None: a folder of that name in the user's cache.

    Raises:
        UnknownNameError: there is no such data set.
        DataError: it is not free to fetch, there is no network, or a file is not the expected one; the message says
            which file to put where.
        WriteError: a file cannot be written.
        MissingExtraError: pooch (extra ``data``) is not installed.
    """
    found = dataset(name) if isinstance(name, str) else name
    folder = Path(directory) if directory is not None else cache_folder("data") / found.name
    paths = [folder / file.name for file in found.files]
    if paths and all(_whole(path, file) for path, file in zip(paths, found.files, strict=True)):
        return paths
    if not found.fetchable:
        files = f"; put {' and '.join(str(p) for p in paths)} there" if paths else ""
        raise DataError(f"{found.name} is not free to fetch: {found.obtain} ({found.source}){files}")
    for path, file in zip(paths, found.files, strict=True):
        if not _whole(path, file):
            if directory is not None and os.path.lexists(path):
                reason = "exists and is not the file that was to be fetched"
                raise WriteError(f"{path} {reason}; move it away or choose another directory")
            _fetch(file, path)
    return paths


def _whole(path: Path, file: RemoteFile) -> bool:
    """Tells whether the file is there, with the right checksum where one is known (a member's is not)."""
    if not path.is_file():
        return False
    if file.sha256 is None or file.member is not None:
        return True
    return bool(require("pooch").file_hash(str(path)) == file.sha256)


def _fetch(file: RemoteFile, path: Path) -> None:
    """Fetches one file, and takes it out of its archive where it is in one."""
    pooch = require("pooch")
    pooch.get_logger().setLevel("WARNING")
    assert file.url is not None
    download = path.with_name(Path(file.url).name) if file.member else path
    try:
        pooch.retrieve(file.url, file.sha256, download.name, path.parent, downloader=_resuming(download))
    except ValueError as error:  # pooch's error for a wrong checksum; it has deleted the file
        raise DataError(f"{file.url} is not the file that was expected ({error}); report this, or try again") from error
    except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError) as error:
        reason = getattr(error, "reason", None) or error
        raise DataError(f"cannot fetch {file.url} ({reason}); fetch it elsewhere and put it at {download}") from error
    except OSError as error:
        raise WriteError(f"cannot write {download}: {error.strerror or error}; free some space") from error
    log.info("fetched %s, sha256 %s", download, pooch.file_hash(str(download)))
    if file.member:
        _extract(download, file.member, path)


def _resuming(download: Path) -> Any:
    """Makes a downloader for pooch that keeps a broken download in ``.NAME.part`` and goes on from there."""
    part = download.with_name(f".{download.name}.part")

    def fetch(url: str, output_file: str, pooch: object) -> None:
        have = part.stat().st_size if part.exists() else 0
        request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
                resumed = getattr(response, "status", None) == 206
                _receive(response, part, have if resumed else 0, url)
        except urllib.error.HTTPError as error:
            if error.code != 416:  # nothing comes after what is there: it is whole, or the file has changed
                raise
            part.unlink()
            return fetch(url, output_file, pooch)
        shutil.move(part, output_file)

    return fetch


def _receive(response: Any, part: Path, have: int, url: str) -> None:
    """Appends the response to the first ``have`` bytes of the part file.

    Raises:
        ConnectionError: fewer bytes came than were announced.
    """
    length = response.headers.get("Content-Length")
    total = have + int(length) if length else None
    with progress(f"fetching {part.name[1:-5]}", total, unit="bytes") as advance, part.open("ab") as stream:
        stream.truncate(have)
        advance(have)
        while chunk := response.read(_CHUNK):
            stream.write(chunk)
            advance(len(chunk))
        if total is not None and stream.tell() < total:
            raise ConnectionError(f"the connection broke after {stream.tell()} of {total} bytes; try again to go on")


_BAD_ARCHIVE = (tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError)


def _copy(source: IO[bytes], stream: IO[bytes], most: int) -> None:
    while chunk := source.read(_CHUNK):
        if stream.tell() + len(chunk) > most:
            raise ValueError(f"it expands to more than {most:,} bytes")
        stream.write(chunk)


def _extract(archive: Path, member: str, path: Path) -> None:
    """Unpacks one member of a zip or tar archive to ``path`` and deletes the archive."""
    try:
        with contextlib.ExitStack() as stack:
            source: IO[bytes] | None
            if zipfile.is_zipfile(archive):
                source = stack.enter_context(stack.enter_context(zipfile.ZipFile(archive)).open(member))
            else:
                source = stack.enter_context(tarfile.open(archive)).extractfile(member)
            if source is None:
                raise KeyError(member)
            with replace_file(path) as temporary, temporary.open("wb") as stream:
                _copy(source, stream, expansion_limit(archive.stat().st_size))
    except (KeyError, ValueError, RuntimeError, EOFError, *_BAD_ARCHIVE) as error:
        reason = " ".join(str(error).split())
        raise DataError(f"{archive} is damaged or has no {member} ({reason}); delete it and fetch it again") from error
    archive.unlink()
